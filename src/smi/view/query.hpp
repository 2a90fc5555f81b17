// --query-gpu: chosen fields of the table, a line a GPU.
#pragma once

#include <expected>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// A word in `request` that is no field or no format is a Complaint; it is looked for before any GPU is asked.
[[nodiscard]] std::expected<int, Complaint> query_gpu(Session& session, const Request& request);

void print_gpu_fields(std::ostream& out);

}  // namespace gpuslice::smi
