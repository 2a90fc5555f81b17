// --query-gpu: requested fields of the table, one line per GPU.
#pragma once

#include <expected>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// An unknown field or format in `request` is a Complaint; it is detected before any GPU is read.
[[nodiscard]] std::expected<int, Complaint> query_gpu(Session& session, const Request& request);

void print_gpu_fields(std::ostream& out);

}  // namespace gpuslice::smi
