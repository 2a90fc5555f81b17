// A parsed command line without a subcommand: the command and its values.
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
  summary,        // no option selects another command
  query,          // --query-...
  help_query,     // --help-query-...
  report,         // -q
  xml,            // -q -x
  units,          // -q -u, with or without -x
  dtd,            // --dtd alone
  units_dtd,      // --dtd -u
  change
};

// The subject of each line of a --query-... command.
enum class Query { gpu, compute_apps, supported_clocks, accounted_apps, retired_pages, remapped_rows };

// A setting to change: the option's short name ("-mig", "-c", "-pm") and its value. Settings are in the order given.
struct Setting {
  std::string option, value;
};

struct Request {
  Command command{Command::summary};
  std::optional<std::string> gpus;                // the value of -i
  std::optional<std::string> id_argument;         // the argument that contains -i, for a command that refuses it
  std::optional<std::string> file;                // -f
  std::optional<std::chrono::milliseconds> loop;  // -l, -lms
  Query query{};                                  // for the commands query and help_query
  std::string fields;                             // the value of --query-...
  std::string format;                             // the value of --format, "" if omitted
  std::optional<std::string> display;             // the value of -d
  bool as_xml{}, with_dtd{};                      // -x, --dtd
  std::vector<Setting> settings;
  bool error_on_warning{};  // -eow
};

[[nodiscard]] std::expected<Request, Complaint> parse_request(const std::vector<std::string>& arguments);

}  // namespace gpuslice::smi
