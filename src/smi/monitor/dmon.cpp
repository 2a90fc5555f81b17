// `nvidia-smi dmon`: repeated figures of each GPU, one line per GPU and sample.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/monitor/dmon_columns.hpp"
#include "smi/monitor/gpm_metrics.hpp"
#include "smi/monitor/help.hpp"
#include "smi/monitor/monitor.hpp"

namespace gpuslice::smi {
namespace {

using fields::Reading;

constexpr auto dmon_options = [] {
  std::array<Option, monitor_options.size() + 3> all;
  std::ranges::copy(monitor_options, all.begin());
  all[monitor_options.size()] = {"", "--format", Takes::value};
  all[monitor_options.size() + 1] = {"", "--gpm-metrics", Takes::value};
  all[monitor_options.size() + 2] = {"", "--gpm-options", Takes::value};
  return all;
}();
constexpr OptionTable dmon_table{.name = "dmon",
                                 .about = "",
                                 .options = dmon_options,
                                 .error_status = monitor_error_status,
                                 .print_after_error = print_dmon_usage,
                                 .print_help = print_dmon_help};
constexpr MonitorLimits limits{600, "pucvmet", "puc"};
constexpr std::size_t most_gpus = 16;
constexpr int gpm_width = 11;

// The kinds of subject for which performance metrics are shown.
struct GpmLevels {
  bool device{true}, mig{};
};

struct Dmon {
  MonitorOptions options;
  std::vector<std::uint32_t> metrics;
  GpmLevels levels;
};

std::expected<Dmon, MonitorProblem> read_dmon_options(const TypedOptions& typed) {
  auto options = read_monitor_options(typed, limits);
  if (!options) return std::unexpected(options.error());
  Dmon dmon{*std::move(options), {}, {}};
  if (const auto list = typed.value("--gpm-metrics")) {
    auto metrics = parse_gpm_metrics(*list);
    if (!metrics) return std::unexpected(not_understood(metrics.error() + "\nCould not parse GPM metrics"));
    dmon.metrics = *std::move(metrics);
  }
  if (const auto level = typed.value("--gpm-options")) {
    if (*level != "d" && *level != "m" && *level != "dm" && *level != "md")
      return std::unexpected(not_understood("Could not parse GPM options"));
    dmon.levels = {level->find('d') != std::string::npos, level->find('m') != std::string::npos};
  }
  return dmon;
}

// The rounds of dmon on one node. It remembers the previous values of the columns, and the samples from which metrics
// are computed.
class GpuMonitor {
 public:
  GpuMonitor(Session& session, const Dmon& dmon)
      : session_(session),
        dmon_(dmon),
        metrics_(named_gpm_metrics(session.node, dmon.metrics)),
        scroll_(dmon.options.format, head()) {}

  void run() {
    scroll_.print_header(session_.out);
    repeat_rounds(session_, dmon_.options, [this] {
      for (const GpuIndex gpu : session_.gpus) print_gpu(gpu);
    });
  }

 private:
  // The subject of one line's performance metrics: a GPU, or a MIG device on it.
  struct MetricSubject {
    std::optional<std::uint32_t> mig_index;
    std::optional<mig::GiId> gi;
    std::optional<mig::CiId> ci;
  };

  [[nodiscard]] bool shows(const GpuColumn& column) const {
    return dmon_.levels.device && dmon_.options.groups.find(column.group) != std::string::npos;
  }

  // If only MIG devices are requested, the GPU's columns are omitted.
  [[nodiscard]] std::vector<ScrollColumn> head() const {
    std::vector<ScrollColumn> columns;
    for (const auto& column : gpu_columns)
      if (shows(column)) columns.push_back({column.name, column.unit});
    if (dmon_.levels.mig)
      for (const char* name : {"mig_id", "gi_id", "ci_id"}) columns.push_back({name, "Idx", gpm_width});
    for (const auto& metric : metrics_) columns.push_back({metric.name, metric.unit, metric.width});
    return columns;
  }

  void print_gpu(GpuIndex gpu) {
    const auto cells = gpu_cells(gpu);
    for (const auto& subject : subjects(gpu)) {
      auto line = cells;
      if (dmon_.levels.mig) {
        line.push_back(subject.mig_index ? fmt::format("{}", *subject.mig_index) : "-");
        line.push_back(subject.gi ? fmt::format("{}", subject.gi->value) : "-");
        line.push_back(subject.ci ? fmt::format("{}", subject.ci->value) : "-");
      }
      add_metrics(line, gpu, subject);
      scroll_.print_line(session_.out, session_.environment.now, fmt::format("{}", gpu.value), line);
    }
  }

  [[nodiscard]] std::vector<std::string> gpu_cells(GpuIndex gpu) {
    std::vector<Reading> readings;
    std::vector<ColumnShape> shapes;
    for (const auto& column : gpu_columns) {
      if (!shows(column)) continue;
      readings.push_back(column.reading);
      shapes.push_back(column.shape);
    }
    readings.push_back(Reading::ecc_mode_current);
    const auto values = session_.node.readings().read(gpu, readings);
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < shapes.size(); ++i)
      cells.push_back(values[i] && (shapes[i] != ColumnShape::if_ecc || values.back())
                          ? cell(gpu, readings[i], shapes[i], values[i]->number())
                          : "-");
    return cells;
  }

  [[nodiscard]] std::string cell(GpuIndex gpu, Reading reading, ColumnShape shape, std::uint64_t value) {
    constexpr std::uint64_t thousand = 1000, kib = 1024;
    switch (shape) {
      case ColumnShape::plain:
      case ColumnShape::if_ecc:
        return fmt::format("{}", value);
      case ColumnShape::thousandth:
        return fmt::format("{}", value / thousand);
      case ColumnShape::mib_up:
        return fmt::format("{}", frame_buffer_mib(value, session_.format.driver));
      case ColumnShape::mib_down:
        return fmt::format("{}", bar1_mib(value));
      case ColumnShape::kib_to_mib:
        return fmt::format("{}", value / kib);
      case ColumnShape::share_of_time:
      case ColumnShape::any_time:
        break;
    }
    // The driver accumulates nanoseconds: show the increase since the previous line, and 0 on the first line.
    const auto [before, first] = times_.try_emplace({gpu, reading}, value);
    const auto more = first || value < before->second ? 0 : value - before->second;
    before->second = value;
    if (shape == ColumnShape::any_time) return more > 0 ? "1" : "0";
    constexpr std::uint64_t percent = 100;
    const auto length =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(dmon_.options.delay).count());
    return fmt::format("{}", std::min(percent, more * percent / length));
  }

  // For metrics of MIG devices: one line per device, or one line without ids if there are none.
  [[nodiscard]] std::vector<MetricSubject> subjects(GpuIndex gpu) {
    std::vector<MetricSubject> found;
    if (dmon_.levels.mig) {
      for (const auto index : session_.node.mig().mig_indices(gpu).value_or(std::vector<std::uint32_t>{})) {
        const auto gi = session_.node.mig().mig_gi({gpu, index});
        const auto ci = session_.node.mig().mig_ci({gpu, index});
        if (gi && ci) found.push_back({index, *gi, *ci});
      }
    }
    if (found.empty()) found.emplace_back();
    return found;
  }

  // Metrics are computed from the two samples taken before this line, so the first two lines have none (published
  // transcript).
  void add_metrics(std::vector<std::string>& line, GpuIndex gpu, const MetricSubject& subject) {
    if (dmon_.metrics.empty()) return;
    auto& samples = samples_[{gpu, subject.gi ? subject.gi->value + 1 : 0}];
    const auto& ids = dmon_.metrics;
    const bool sampled = subject.gi || !dmon_.levels.mig;
    std::vector<node::Answer<double>> values;
    if (samples.older && samples.newer)
      values = session_.node.monitoring().performance(*samples.older, *samples.newer, ids);
    for (std::size_t i = 0; i < ids.size(); ++i)
      line.push_back(i < values.size() && values[i] ? fmt::format("{:.0f}", *values[i]) : "-");
    samples.older = std::move(samples.newer);
    samples.newer.reset();
    if (!sampled) return;
    if (auto sample = session_.node.monitoring().performance_sample(gpu, subject.gi))
      samples.newer = *std::move(sample);
  }

  struct Samples {
    std::unique_ptr<node::PerformanceSample> older, newer;
  };

  Session& session_;
  const Dmon& dmon_;
  std::vector<GpmMetric> metrics_;
  Scroll scroll_;
  std::map<std::pair<GpuIndex, Reading>, std::uint64_t> times_;
  std::map<std::pair<GpuIndex, std::uint32_t>, Samples> samples_;  // by GPU, and by GPU instance + 1 (0: the whole GPU)
};

}  // namespace

int run_dmon(const Call& call, const std::vector<std::string>& arguments) {
  const auto typed = read_options(call, dmon_table, arguments);
  if (!typed) return typed.error();
  const auto dmon = read_dmon_options(*typed);
  if (!dmon) return answer_problem(call, dmon_table, dmon.error());
  return show_monitor(call, dmon->options, [&](Session& session) {
    if (session.gpus.size() > most_gpus) session.gpus.resize(most_gpus);
    GpuMonitor(session, *dmon).run();
    return 0;
  });
}

}  // namespace gpuslice::smi
