// `-q`: all rows about a GPU, or only the groups given with -d.
#pragma once

#include <expected>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

[[nodiscard]] std::expected<int, Complaint> report(Session& session, const Request& request);

// Returns the bits of `-d LIST` (fields::Group), or a Complaint.
[[nodiscard]] std::expected<std::uint32_t, Complaint> parse_groups(const std::string& list);

}  // namespace gpuslice::smi
