// `nvidia-smi pmon`: how much each process uses of each GPU, one line per process and sample.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/printable.hpp"
#include "smi/cells.hpp"
#include "smi/monitor/help.hpp"
#include "smi/monitor/monitor.hpp"
#include "smi/view/processes.hpp"

namespace gpuslice::smi {
namespace {

constexpr OptionTable pmon_table{.name = "pmon",
                                 .about = "",
                                 .options = monitor_options,
                                 .error_status = monitor_error_status,
                                 .print_after_error = print_pmon_usage,
                                 .print_help = print_pmon_help};
constexpr MonitorLimits limits{10, "um", "u"};
constexpr std::size_t name_width = 15;

class ProcessMonitor {
 public:
  ProcessMonitor(Session& session, const MonitorOptions& options)
      : session_(session), options_(options), scroll_(options.format, head()) {}

  void run() {
    scroll_.print_header(session_.out);
    repeat_rounds(session_, options_, [this] {
      for (const GpuIndex gpu : session_.gpus) print_gpu(gpu);
    });
  }

 private:
  [[nodiscard]] bool shows(char group) const { return options_.groups.find(group) != std::string::npos; }

  [[nodiscard]] std::vector<ScrollColumn> head() const {
    constexpr int pid_width = 12, type_width = 7, narrower = 1;
    std::vector<ScrollColumn> columns{{"pid", "#", pid_width, false, 0, narrower},
                                      {"type", "C/G", type_width, false, 0, narrower}};
    if (shows('u'))
      for (const char* name : {"sm", "mem", "enc", "dec", "jpg", "ofa"}) columns.push_back({name, "%"});
    if (shows('m'))
      for (const char* name : {"fb", "ccpm"}) columns.push_back({name, "MB"});
    columns.push_back({"command", "name", static_cast<int>(name_width), true, 4});
    return columns;
  }

  // A GPU without processes has one line of dashes.
  void print_gpu(GpuIndex gpu) {
    const auto use = newest_use(gpu);
    bool any = false;
    for (const auto& row : process_rows(session_.node, gpu)) {
      const auto type = process_type(row.process.kinds);
      if (type.empty()) continue;
      any = true;
      const auto found = std::ranges::find(use, row.process.pid, &node::ProcessUse::pid);
      print_line(gpu, &row.process, type, found == use.end() ? nullptr : &*found);
    }
    if (!any) print_line(gpu, nullptr, "-", nullptr);
  }

  void print_line(GpuIndex gpu, const node::Process* process, const std::string& type, const node::ProcessUse* use) {
    std::vector<std::string> cells{process != nullptr ? fmt::format("{}", process->pid) : "-", type};
    if (shows('u')) {
      const auto always = [use](std::uint32_t node::ProcessUse::* figure) {
        return use != nullptr ? fmt::format("{}", use->*figure) : "-";
      };
      // If the use of an engine is 0, it is shown as unknown.
      const auto where_used = [use](std::uint32_t node::ProcessUse::* figure) {
        return use != nullptr && use->*figure != 0 ? fmt::format("{}", use->*figure) : "-";
      };
      cells.insert(cells.end(), {always(&node::ProcessUse::sm), always(&node::ProcessUse::memory),
                                 where_used(&node::ProcessUse::encoder), where_used(&node::ProcessUse::decoder),
                                 where_used(&node::ProcessUse::jpeg), where_used(&node::ProcessUse::ofa)});
    }
    if (shows('m')) {
      const bool known = process != nullptr && process->memory;
      cells.push_back(known ? fmt::format("{}", *process->memory / mib) : "-");
      cells.emplace_back(known ? "0" : "-");
    }
    cells.push_back(process != nullptr ? command_of(*process) : "-");
    scroll_.print_line(session_.out, session_.environment.now, fmt::format("{}", gpu.value), cells);
  }

  // The program's file name, truncated.
  [[nodiscard]] static std::string command_of(const node::Process& process) {
    const auto slash = process.name.rfind('/');
    const auto name = slash == std::string::npos ? process.name : process.name.substr(slash + 1);
    return name.empty() ? "-" : std::string(first_bytes(name, name_width));
  }

  // The samples since the previous round.
  [[nodiscard]] std::vector<node::ProcessUse> newest_use(GpuIndex gpu) {
    if (!shows('u')) return {};
    auto& seen = seen_[gpu];
    const auto answer = session_.node.processes().process_use(gpu, seen);
    if (!answer) return {};
    for (const auto& use : *answer) seen = std::max(seen, use.time);
    return *answer;
  }

  Session& session_;
  const MonitorOptions& options_;
  Scroll scroll_;
  std::map<GpuIndex, std::uint64_t> seen_;  // the end of the newest sample
};

constexpr int not_supported = 255;

}  // namespace

int run_pmon(const Call& call, const std::vector<std::string>& arguments) {
  const auto typed = read_options(call, pmon_table, arguments);
  if (!typed) return typed.error();
  const auto options = read_monitor_options(*typed, limits);
  if (!options) return answer_problem(call, pmon_table, options.error());
  return show_monitor(call, *options, [&](Session& session) {
    if (std::ranges::any_of(session.gpus, [&](GpuIndex gpu) {
          return !session.node.readings().read(gpu, fields::Reading::virtualization_mode);
        })) {
      session.out << "Not supported on the device(s)\nFailed to process command line \n\n";  // recorded
      return not_supported;
    }
    ProcessMonitor(session, *options).run();
    return 0;
  });
}

}  // namespace gpuslice::smi
