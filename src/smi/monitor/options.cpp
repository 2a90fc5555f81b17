#include "smi/monitor/options.hpp"

#include <fmt/format.h>

#include "smi/gpu_select.hpp"

namespace gpuslice::smi {

MonitorProblem not_understood(std::string text) {
  return {std::move(text) + "\nFailed to process command line \n\n", false};
}

// Messages and their order recorded from nvidia-smi 580.159.04, one wrong option at a time.
std::expected<MonitorOptions, MonitorProblem> read_monitor_options(const Words& words, const MonitorLimits& limits) {
  MonitorOptions options;
  options.gpus = words.value("-i");
  options.file = words.value("-f");
  if (const auto count = words.number("-c")) {
    if (*count < 1)
      return std::unexpected(MonitorProblem{"Invalid value for number of samples to be displayed\n", true});
    options.count = count;
  }
  if (const auto delay = words.number("-d")) {
    if (*delay < 1 || *delay > limits.longest_delay_s) {
      return std::unexpected(MonitorProblem{
          fmt::format("Collection delay/interval should be between 1 second and {} seconds\n", limits.longest_delay_s),
          true});
    }
    options.delay = std::chrono::seconds(*delay);
  }
  const auto wanted = words.value("-s").value_or(std::string(limits.default_groups));
  for (const char group : limits.groups)
    if (wanted.find(group) != std::string::npos) options.groups += group;
  if (options.groups.empty()) return std::unexpected(not_understood("Failed to find any metric to display"));
  const auto stamps = words.value("-o").value_or("");
  options.format.date = stamps.find('D') != std::string::npos;
  options.format.time = stamps.find('T') != std::string::npos;
  for (const auto& word : split_list(words.value("--format").value_or(""))) {
    if (word == "csv") {
      options.format.csv = true;
    } else if (word == "nounit") {
      options.format.units = false;
    } else if (word == "noheader") {
      options.format.header = false;
    } else {
      return std::unexpected(
          not_understood(fmt::format("{} is not a recognized format option\nError parsing format options", word)));
    }
  }
  return options;
}

}  // namespace gpuslice::smi
