// The command line of nvidia-smi apart from its subcommands: which command it is, with which values, or what is wrong
// with it.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace gpuslice::smi {

enum class Command {
  help,
  version,
  list,
  list_excluded,
  summary,
  query_gpu,
  query_compute_apps,
  query_supported_clocks,
  query_accounted_apps,
  query_retired_pages,
  query_remapped_rows,
  help_query_gpu,
  help_query_compute_apps,
  help_query_supported_clocks,
  help_query_accounted_apps,
  help_query_retired_pages,
  help_query_remapped_rows,
  report,     // -q
  xml,        // -q -x
  units,      // -q -u, with -x too
  dtd,        // --dtd alone
  units_dtd,  // --dtd -u
  change
};

// One setting to make, in the order typed: the option's short name ("-mig", "-c", "-pm") and its value.
struct Setting {
  std::string option, value;
};

struct Options {
  Command command{Command::summary};
  std::optional<std::string> gpus;                // -i as typed
  std::optional<std::string> id_word;             // the -i as typed, for the command that refuses it
  std::optional<std::string> file;                // -f
  std::optional<std::chrono::milliseconds> loop;  // -l, -lms
  std::string fields;                             // of --query-…
  std::string format;                             // of --format, "" when left out
  std::optional<std::string> display;             // of -d
  bool as_xml{}, with_dtd{};                      // -x, --dtd
  std::vector<Setting> settings;
  bool error_on_warning{};  // -eow
};

// What is wrong, and how the run ends.
struct Complaint {
  std::string text;  // with its line ends
  int status{};
  bool ours{};  // nvidia-smi knows the option and we do not yet: said on standard error, in our words
};

[[nodiscard]] std::expected<Options, Complaint> parse_options(const std::vector<std::string>& words);

// True for a word that is a subcommand of nvidia-smi other than `mig` ("dmon", "topo").
[[nodiscard]] bool is_other_subcommand(const std::string& word);

// "-q is an option of nvidia-smi that gpuslice does not have yet".
[[nodiscard]] Complaint not_there_yet(const std::string& what);

}  // namespace gpuslice::smi
