// What dmon and pmon have in common: how often, how many times, of which GPUs, where to.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "smi/monitor/scroll.hpp"
#include "smi/words.hpp"

namespace gpuslice::smi {

struct MonitorLimits {
  long longest_delay_s{};
  std::size_t most_gpus{};
  std::string_view groups;  // the letters of -s
  std::string_view default_groups;
};

struct MonitorOptions {
  std::optional<std::string> gpus, file;
  std::chrono::seconds delay{1};
  std::optional<long> count;  // absent: until Ctrl-C
  std::string groups;         // those of -s that there are
  ScrollFormat format;
};

// How a run ends that shows nothing.
struct MonitorProblem {
  std::string text;  // with its line ends
  bool usage{};      // the help follows, and the run ends well
};

[[nodiscard]] std::expected<MonitorOptions, MonitorProblem> read_monitor_options(const Words& words,
                                                                                 const MonitorLimits& limits);
// "text", and that the words are not understood: what ends a run with status 255.
[[nodiscard]] MonitorProblem not_understood(std::string text);
inline constexpr int monitor_failed = 255;

}  // namespace gpuslice::smi
