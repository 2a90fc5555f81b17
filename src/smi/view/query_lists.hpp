// The other --query-… commands: one line for each process, pair of clocks, accounted process, retired page, or GPU with
// remapped rows.
#pragma once

#include <expected>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

[[nodiscard]] std::expected<int, Complaint> query_list(Session& session, const Request& request);

// Prints --help-query-... for one of these.
void print_list_fields(std::ostream& out, Query query);

}  // namespace gpuslice::smi
