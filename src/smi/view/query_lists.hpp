// The other --query-… : a line for each process, pair of clocks, accounted process, retired page, or GPU with remapped
// rows.
#pragma once

#include <expected>

#include "smi/options.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

[[nodiscard]] std::expected<int, Complaint> query_list(Session& session, const Options& options);

// --help-query-… of one of these commands.
void print_list_fields(std::ostream& out, Command help);

}  // namespace gpuslice::smi
