// --query-gpu: the requested fields of the table, one line per GPU.
#pragma once

#include <expected>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// Returns a Complaint for an unknown field or format in `request`, before any GPU is read.
[[nodiscard]] std::expected<int, Complaint> query_gpu(Session& session, const Request& request);

void print_gpu_fields(std::ostream& out);

}  // namespace gpuslice::smi
