#include "smi/monitor/monitor.hpp"

#include <fmt/format.h>

#include "smi/gpu_select.hpp"
#include "smi/log_file.hpp"

namespace gpuslice::smi {

MonitorProblem not_understood(std::string text) {
  return {std::move(text) + "\nFailed to process command line \n\n", false};
}

// The messages and their order were recorded from nvidia-smi 580.159.04, with one invalid option at a time.
std::expected<MonitorOptions, MonitorProblem> read_monitor_options(const TypedOptions& typed,
                                                                   const MonitorLimits& limits) {
  MonitorOptions options;
  options.gpus = typed.value("-i");
  options.file = typed.value("-f");
  if (const auto count = typed.number("-c")) {
    if (*count < 1)
      return std::unexpected(MonitorProblem{"Invalid value for number of samples to be displayed\n", true});
    options.count = count;
  }
  if (const auto delay = typed.number("-d")) {
    if (*delay < 1 || *delay > limits.longest_delay_s) {
      return std::unexpected(MonitorProblem{
          fmt::format("Collection delay/interval should be between 1 second and {} seconds\n", limits.longest_delay_s),
          true});
    }
    options.delay = std::chrono::seconds(*delay);
  }
  const auto wanted = typed.value("-s").value_or(std::string(limits.default_groups));
  for (const char group : limits.groups)
    if (wanted.find(group) != std::string::npos) options.groups += group;
  if (options.groups.empty()) return std::unexpected(not_understood("Failed to find any metric to display"));
  const auto stamps = typed.value("-o").value_or("");
  options.format.date = stamps.find('D') != std::string::npos;
  options.format.time = stamps.find('T') != std::string::npos;
  for (const auto& word : split_list(typed.value("--format").value_or(""))) {
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

int answer_problem(const Call& call, const OptionTable& table, const MonitorProblem& problem) {
  call.out << problem.text;
  if (!problem.usage) return monitor_failed;
  table.print_after_error(call.out);
  return 0;
}

int show_monitor(const Call& call, const MonitorOptions& options, const std::function<int(Session&)>& show) {
  LogFile file(call, options.file);
  if (file.failed()) return LogFile::not_made;
  const auto opened = open_with_gpus(call, options.gpus);
  if (!opened) return opened.error();
  auto session = (*opened)->into(file.out());
  return file.end(show(session));
}

void repeat_rounds(Session& session, const MonitorOptions& options, const std::function<void()>& print_round) {
  for (long round = 1;; ++round) {
    print_round();
    if (round == options.count) break;
    if (session.pause(options.delay, Environment::Interrupt::is_told)) continue;
    // Ctrl-C ends the pause, after which one last round is printed (published transcript).
    if (session.environment.pause) print_round();
    break;
  }
  session.out.flush();
}

}  // namespace gpuslice::smi
