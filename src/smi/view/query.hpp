// --query-gpu: chosen fields of the table, a line a GPU.
#pragma once

#include <expected>

#include "smi/options.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// A word in `options` that is no field or no format is a Complaint; it is looked for before any GPU is asked.
[[nodiscard]] std::expected<int, Complaint> query_gpu(Session& session, const Options& options);

void print_gpu_fields(std::ostream& out);

}  // namespace gpuslice::smi
