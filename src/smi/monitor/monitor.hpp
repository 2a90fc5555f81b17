// The common part of dmon and pmon: the interval, the number of rounds, the GPUs, the output.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "smi/monitor/scroll.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {

// The options of both commands. Their help is not generated from this table.
inline constexpr std::array monitor_options{
    help_option,
    id_option,
    Option{"-d", "--delay", Takes::value},
    Option{"-c", "--count", Takes::value},
    Option{"-s", "--select", Takes::value},
    Option{"-o", "--options", Takes::value},
    Option{"-f", "--filename", Takes::value},
};

// After an invalid argument both print their usage and exit with 0.
inline constexpr int monitor_error_status = 0;

struct MonitorLimits {
  long longest_delay_s{};
  std::string_view groups;  // the letters that -s accepts
  std::string_view default_groups;
};

struct MonitorOptions {
  std::optional<std::string> gpus, file;
  std::chrono::seconds delay{1};
  std::optional<long> count;  // if absent, until Ctrl-C
  std::string groups;         // the letters given with -s that exist
  ScrollFormat format;
};

// The answer if the command shows no samples.
struct MonitorProblem {
  std::string text;  // including its line ends
  bool usage{};      // print the help after the text, and exit with 0
};

[[nodiscard]] std::expected<MonitorOptions, MonitorProblem> read_monitor_options(const TypedOptions& typed,
                                                                                 const MonitorLimits& limits);
// `text` followed by a line that the command line cannot be processed. The exit status is 255.
[[nodiscard]] MonitorProblem not_understood(std::string text);
// Prints the problem and returns the exit status.
int answer_problem(const Call& call, const OptionTable& table, const MonitorProblem& problem);

// Opens the node and the file of -f and calls `show`, which returns the exit status.
int show_monitor(const Call& call, const MonitorOptions& options, const std::function<int(Session&)>& show);
// Prints rounds until the number given with -c is reached, or until Ctrl-C.
void repeat_rounds(Session& session, const MonitorOptions& options, const std::function<void()>& print_round);

inline constexpr int monitor_failed = 255;

}  // namespace gpuslice::smi
