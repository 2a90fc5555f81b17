// `nvidia-smi pmon`: what each process makes of each GPU, a line per process and sample.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/printable.hpp"
#include "smi/help.hpp"
#include "smi/layout.hpp"
#include "smi/log_file.hpp"
#include "smi/monitor/options.hpp"
#include "smi/subcommand.hpp"
#include "smi/view/processes.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array specs{
    WordSpec{"-h", "--help"},           WordSpec{"-i", "--id", true},     WordSpec{"-d", "--delay", true},
    WordSpec{"-c", "--count", true},    WordSpec{"-s", "--select", true}, WordSpec{"-o", "--options", true},
    WordSpec{"-f", "--filename", true},
};
constexpr MonitorLimits limits{10, 4, "um", "u"};
constexpr std::size_t name_width = 15;

class Monitor {
 public:
  Monitor(Session& session, const MonitorOptions& options)
      : session_(session), options_(options), scroll_(options.format, head()) {}

  void run() {
    scroll_.print_header(session_.out);
    for (long round = 1;; ++round) {
      print_round();
      if (round == options_.count) break;
      if (session_.pause(options_.delay, Environment::Interrupt::is_told)) continue;
      if (session_.environment.pause) print_round();  // as dmon
      break;
    }
    session_.out.flush();
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

  void print_round() {
    for (const GpuIndex gpu : session_.gpus) print_gpu(gpu);
  }

  // A GPU without processes has one line of dashes (recorded).
  void print_gpu(GpuIndex gpu) {
    const auto use = newest_use(gpu);
    const auto mig = session_.node.mig().mig_mode(gpu);
    bool any = false;
    for (const auto& row : process_rows(session_.node, gpu, mig && mig->current)) {
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
      // Engines that a process leaves alone show as unknown (recorded).
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

  // The program's file name, cut.
  [[nodiscard]] static std::string command_of(const node::Process& process) {
    const auto slash = process.name.rfind('/');
    const auto name = slash == std::string::npos ? process.name : process.name.substr(slash + 1);
    return name.empty() ? "-" : std::string(first_bytes(name, name_width));
  }

  // What was sampled since the round before.
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
  std::map<GpuIndex, std::uint64_t> seen_;  // when the newest sample ended
};

constexpr int not_supported = 255;

}  // namespace

int run_pmon(const Call& call, const std::vector<std::string>& typed) {
  const auto words = Words::parse(specs, typed);
  if (!words) {
    call.out << words.error() << '\n';
    print_pmon_usage(call.out);
    return 0;  // recorded
  }
  if (words->has("-h")) {
    print_pmon_help(call.out);
    return 0;
  }
  const auto options = read_monitor_options(*words, limits);
  if (!options) {
    call.out << options.error().text;
    if (!options.error().usage) return monitor_failed;
    print_pmon_usage(call.out);
    return 0;
  }
  LogFile file(call, options->file);
  if (file.failed()) return LogFile::not_made;
  const auto opened = open_with_gpus(call, options->gpus);
  if (!opened) return opened.error();
  auto session = (*opened)->into(file.out());
  if (std::ranges::any_of(session.gpus, [&](GpuIndex gpu) {
        return !session.node.readings().read(gpu, fields::Reading::virtualization_mode);
      })) {
    session.out << "Not supported on the device(s)\nFailed to process command line \n\n";  // recorded
    return file.end(not_supported);
  }
  Monitor(session, *options).run();
  return file.end(0);
}

}  // namespace gpuslice::smi
