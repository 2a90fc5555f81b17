// What nvidia-smi is asked for when no subcommand is named: which command, with which values.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "smi/complaint.hpp"

namespace gpuslice::smi {

enum class Command {
  help,
  version,
  list,           // -L
  list_excluded,  // -B
  summary,        // no option that names another command
  query,          // --query-...
  help_query,     // --help-query-...
  report,         // -q
  xml,            // -q -x
  units,          // -q -u, with -x too
  dtd,            // --dtd alone
  units_dtd,      // --dtd -u
  change
};

// What each line of a --query-... is about.
enum class Query { gpu, compute_apps, supported_clocks, accounted_apps, retired_pages, remapped_rows };

// One setting to make, in the order typed: the option's short name ("-mig", "-c", "-pm") and its value.
struct Setting {
  std::string option, value;
};

struct Request {
  Command command{Command::summary};
  std::optional<std::string> gpus;                // -i as typed
  std::optional<std::string> id_argument;         // the argument with -i, for the command that refuses it
  std::optional<std::string> file;                // -f
  std::optional<std::chrono::milliseconds> loop;  // -l, -lms
  Query query{};                                  // of the commands query and help_query
  std::string fields;                             // of --query-...
  std::string format;                             // of --format, "" when left out
  std::optional<std::string> display;             // of -d
  bool as_xml{}, with_dtd{};                      // -x, --dtd
  std::vector<Setting> settings;
  bool error_on_warning{};  // -eow
};

[[nodiscard]] std::expected<Request, Complaint> parse_request(const std::vector<std::string>& arguments);

}  // namespace gpuslice::smi
