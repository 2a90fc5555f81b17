#include "smi/view/summary.hpp"

#include <algorithm>
#include <array>

#include <fmt/printf.h>

#include "base/printable.hpp"
#include "smi/cells.hpp"
#include "smi/view/mig_device.hpp"
#include "smi/view/processes.hpp"
#include "smi/view/summary_tables.hpp"

namespace gpuslice::smi {
namespace {

using fields::Reading;

// The cell of a refused figure: N/A if the GPU does not have it or cannot report it now; ERR! for any other refusal.
std::string missing_cell(const node::DriverError& error) {
  return error.code == node::err_not_supported || error.code == node::err_not_found || error.code == node::err_no_data
             ? "N/A"
             : "ERR!";
}

// The readings of a GPU that this view shows.
class SummaryFigures {
 public:
  SummaryFigures(node::Node& node, GpuIndex gpu) : answers_(node.readings().read(gpu, shown)) {}

  [[nodiscard]] const node::Answer<fields::Value>& at(Reading reading) const {
    return answers_[static_cast<std::size_t>(std::ranges::find(shown, reading) - std::begin(shown))];
  }
  [[nodiscard]] std::string cell(Reading reading, const char* format) const {
    const auto& answer = at(reading);
    return answer ? fmt::sprintf(format, answer->with_sign()) : missing_cell(answer.error());
  }
  // Milliwatts as whole watts, rounded down (79.72 W is shown as 79W), but at least 1 W.
  [[nodiscard]] std::string watts(Reading reading) const {
    const auto& answer = at(reading);
    if (!answer) return missing_cell(answer.error()) + " ";  // followed by a blank, as in nvidia-smi
    return fmt::sprintf("%dW", std::max<std::uint64_t>(answer->number() / 1000, 1));
  }
  [[nodiscard]] std::string on_off_cell(Reading reading) const {
    const auto& answer = at(reading);
    return answer ? on_off(answer->number() == 1) : missing_cell(answer.error());
  }

 private:
  static constexpr Reading shown[] = {Reading::name,
                                      Reading::persistence_mode,
                                      Reading::display_active,
                                      Reading::ecc_mode_current,
                                      Reading::ecc_mode_pending,
                                      Reading::mig_mode_current,
                                      Reading::mig_mode_pending,
                                      Reading::ecc_total_uncorrected_volatile,
                                      Reading::fan_speed,
                                      Reading::temperature_gpu,
                                      Reading::performance_state,
                                      Reading::power_draw,
                                      Reading::power_cap,
                                      Reading::memory_used,
                                      Reading::memory_total,
                                      Reading::utilization_gpu,
                                      Reading::compute_mode};
  std::vector<node::Answer<fields::Value>> answers_;
};

// The pending mode, with a star if it differs from the current mode.
std::string mig_cell(const SummaryFigures& figures) {
  const auto& current = figures.at(Reading::mig_mode_current);
  const auto& pending = figures.at(Reading::mig_mode_pending);
  if (!current || !pending) {
    const auto& error = current ? pending.error() : current.error();
    return error.code == node::err_not_supported ? "N/A" : "ERR!";
  }
  return std::string(enabled_word(pending->number() == 1)) + (current->number() != pending->number() ? "*" : "");
}

// N/A without ECC hardware; Off if ECC is disabled; "On" if MIG mode is on, because errors are then counted per MIG
// device. A star means that another mode is pending.
std::string ecc_cell(const SummaryFigures& figures) {
  const auto& current = figures.at(Reading::ecc_mode_current);
  const auto& pending = figures.at(Reading::ecc_mode_pending);
  if (!current) return missing_cell(current.error());
  const char* star = pending && pending->number() != current->number() ? "*" : "";
  if (current->number() == 0) return std::string("Off") + star;
  const auto& mig = figures.at(Reading::mig_mode_current);
  if (mig && mig->number() == 1) return std::string("On") + star;
  const auto count = figures.cell(Reading::ecc_total_uncorrected_volatile, "%d");
  return figures.at(Reading::ecc_total_uncorrected_volatile) ? count + star : count;
}

// The text of a refusal starts one column further left than On and Off.
std::string persistence_cell(const SummaryFigures& figures) {
  const auto cell = figures.on_off_cell(Reading::persistence_mode);
  return figures.at(Reading::persistence_mode) ? " " + cell : cell;
}

std::string compute_cell(const node::Answer<fields::Value>& mode) {
  if (!mode) return missing_cell(mode.error());
  constexpr std::array words{"Default", "E. Thread", "Prohibited", "E. Process"};
  return word_of(words, mode->number(), "Unknown");
}

// P32 is NVML's value for an unknown state.
std::string performance_cell(const node::Answer<fields::Value>& state) {
  if (!state) return missing_cell(state.error()) + " ";
  constexpr std::uint64_t unknown = 32;
  return state->number() == unknown ? "ERR! " : fmt::sprintf("P%d", state->number());
}

std::string memory_cell(const SummaryFigures& figures, const SummaryTables& tables, int driver) {
  const auto& used = figures.at(Reading::memory_used);
  const auto& total = figures.at(Reading::memory_total);
  if (used && total)
    return fmt::sprintf(tables.memory, frame_buffer_mib(used->number(), driver),
                        frame_buffer_mib(total->number(), driver));
  const auto& error = used ? total.error() : used.error();
  return error.code == node::err_no_permission ? tables.no_memory : fmt::sprintf(tables.memory_refused, error.text);
}

void gpu_rows(Session& session, const SummaryTables& tables, GpuIndex gpu) {
  auto& node = session.node;
  const SummaryFigures figures(node, gpu);
  const auto& name = figures.at(Reading::name);
  const auto pci = node.identity().pci(gpu);
  session.out << fmt::sprintf(tables.gpu_row, gpu.value,
                              cut_tail(name ? printable(name->words()) : missing_cell(name.error()), tables.name_width),
                              persistence_cell(figures), pci ? pci->bus_id : missing_cell(pci.error()),
                              figures.on_off_cell(Reading::display_active), ecc_cell(figures));
  session.out << fmt::sprintf(
      tables.gpu_row2, figures.cell(Reading::fan_speed, "%d%%"), figures.cell(Reading::temperature_gpu, "%dC"),
      performance_cell(figures.at(Reading::performance_state)), figures.watts(Reading::power_draw),
      figures.watts(Reading::power_cap), memory_cell(figures, tables, session.format.driver),
      figures.cell(Reading::utilization_gpu, "%d%%"), compute_cell(figures.at(Reading::compute_mode)));
  session.out << fmt::sprintf(tables.gpu_row3, "", "", mig_cell(figures)) << tables.gpu_line;
}

// Prints one MIG device; returns false if it is left out.
bool mig_rows(Session& session, const SummaryTables& tables, node::Subject device) {
  const auto figures = mig_device_figures(session.node, device);
  if (!figures) return false;
  const auto total = [](std::uint64_t mib_count) { return fmt::sprintf("%5dMiB", mib_count); };
  session.out << fmt::sprintf(
      tables.mig_row, device.gpu.value, figures->gi.value, figures->ci.value, device.mig_index.value_or(0),
      frame_buffer_mib(figures->memory.used, session.format.driver),
      total(frame_buffer_mib(figures->memory.total, session.format.driver)), figures->attributes.multiprocessors,
      figures->ecc_errors ? fmt::sprintf("%d", *figures->ecc_errors) : "N/A", figures->attributes.copy,
      figures->attributes.encoder, figures->attributes.decoder, figures->attributes.ofa, figures->attributes.jpeg);
  session.out << fmt::sprintf(tables.mig_row2, "", bar1_mib(figures->bar1.used), total(bar1_mib(figures->bar1.total)),
                              "", "")
              << tables.mig_line;
  return true;
}

void mig_table(Session& session, const SummaryTables& tables, const std::vector<GpuIndex>& gpus) {
  session.out << '\n' << tables.box_line << tables.mig_head;
  bool any = false;
  for (const GpuIndex gpu : gpus) {
    for (const std::uint32_t index : session.node.mig().mig_indices(gpu).value_or(std::vector<std::uint32_t>{})) {
      any = mig_rows(session, tables, {gpu, index}) || any;
    }
  }
  if (!any) session.out << tables.no_mig << tables.box_line;
}

void process_table(Session& session, const SummaryTables& tables, const std::vector<GpuIndex>& mig_gpus) {
  session.out << '\n' << tables.box_line << tables.process_head;
  bool any = false;
  for (const GpuIndex gpu : session.gpus) {
    const bool mig_on = std::ranges::find(mig_gpus, gpu) != mig_gpus.end();
    for (const auto& row : process_rows(session.node, gpu, mig_on)) {
      const auto type = process_type(row.process.kinds);
      if (type.empty()) continue;
      // nvidia-smi centres a single digit in the three columns; an id with two digits is assumed to start in the same
      // column.
      const auto id = [](const std::optional<std::uint32_t>& value) {
        return value ? fmt::sprintf("%2d ", *value) : "N/A";
      };
      const auto& memory = row.process.memory;
      session.out << fmt::sprintf(tables.process_row, gpu.value, id(row.gi), id(row.ci), row.process.pid, type,
                                  cut_head(row.process.name, tables.process_width),
                                  // Process memory is rounded down: 1714.5 MiB is shown as 1714.
                                  memory ? fmt::sprintf("%11dMiB ", *memory / mib) : "      N/A      ");
      any = true;
    }
  }
  if (!any) session.out << tables.no_process;
  session.out << tables.box_line;
}

}  // namespace

int summary(Session& session) {
  const SummaryTables& tables = summary_tables(session.format.view);
  session.out << session.environment.date() << "       \n" << tables.box_line;
  session.out << fmt::sprintf(tables.title, printable(session.system.driver_version),
                              printable(session.system.driver_version), session.cuda_version());
  session.out << tables.gpu_head;
  std::vector<GpuIndex> mig_gpus;
  for (const GpuIndex gpu : session.gpus) {
    const auto mig = session.node.mig().mig_mode(gpu);
    if (mig && mig->current) mig_gpus.push_back(gpu);
    gpu_rows(session, tables, gpu);
  }
  if (!mig_gpus.empty()) mig_table(session, tables, mig_gpus);
  process_table(session, tables, mig_gpus);
  return 0;
}

}  // namespace gpuslice::smi
