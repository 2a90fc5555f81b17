#include "smi/view/report_lists.hpp"

#include "smi/cells.hpp"
#include "smi/view/mig_device.hpp"
#include "smi/view/power_profile_names.hpp"
#include "smi/view/processes.hpp"
#include "smi/view/samples.hpp"

namespace gpuslice::smi {
namespace {

using fields::List;

// The lines of a process still have the label width of older drivers.
constexpr std::size_t process_width = 42;

void memory_lines(const Lines& lines, const node::Memory& memory, int driver) {
  const auto line = [&](const char* label, std::uint64_t bytes) {
    lines.value(3, label, with_unit(frame_buffer_mib(bytes, driver), "MiB"));
  };
  line("Total", memory.total);
  lines.value(3, "Reserved", memory.reserved ? with_unit(frame_buffer_mib(*memory.reserved, driver), "MiB") : "N/A");
  line("Used", memory.used);
  line("Free", memory.free);
}

void mig_device(const Lines& lines, std::string_view label, std::uint32_t index, const MigDeviceFigures& device,
                int driver) {
  lines.title(1, label);
  lines.value(2, "Index", std::to_string(index));
  lines.value(2, "GPU Instance ID", std::to_string(device.gi.value));
  lines.value(2, "Compute Instance ID", std::to_string(device.ci.value));
  lines.title(2, "Device Attributes");
  lines.title(3, "Shared");
  const auto count = [&](const char* name, std::uint32_t figure) { lines.value(4, name, std::to_string(figure)); };
  count("Multiprocessor count", device.attributes.multiprocessors);
  count("Copy Engine count", device.attributes.copy);
  count("Encoder count", device.attributes.encoder);
  count("Decoder count", device.attributes.decoder);
  count("OFA count", device.attributes.ofa);
  count("JPG count", device.attributes.jpeg);
  lines.title(2, "ECC Errors");
  lines.title(3, "Volatile");
  lines.value(4, "SRAM Uncorrectable", std::to_string(device.ecc_errors.value_or(0)));
  lines.title(2, "FB Memory Usage");
  memory_lines(lines, device.memory, driver);
  lines.title(2, "BAR1 Memory");
  const auto bar1_line = [&](const char* name, std::uint64_t mib_count) {
    lines.value(3, name, with_unit(mib_count, "MiB"));
  };
  bar1_line("Total", bar1_mib(device.bar1.total));
  bar1_line("Used", bar1_mib(device.bar1.used));
  bar1_line("Free", bar1_mib(device.bar1.total) - bar1_mib(device.bar1.used));
}

void mig_devices(const GpuFigures& figures, const Lines& lines, std::string_view label) {
  auto& node = figures.session().node;
  for (const auto index : node.mig().mig_indices(figures.gpu()).value_or(std::vector<std::uint32_t>{}))
    if (const auto device = mig_device_figures(node, {figures.gpu(), index}))
      mig_device(lines, label, index, *device, figures.session().format.driver);
}

void licensed_products(const GpuFigures& figures, const Lines& lines, std::string_view label) {
  for (const auto& product : figures.session()
                                 .node.readings()
                                 .licensed_products(figures.gpu())
                                 .value_or(std::vector<node::LicensedProduct>{})) {
    lines.title(1, label);
    lines.value(2, "Product Name", product.name);
    lines.value(2, "License Status", license_status(product));
  }
}

void retired_pages(const GpuFigures& figures, const Lines& lines, const fields::Row& row) {
  lines.title(1, row.label);
  const auto count = [&](const char* name, bool uncorrected) {
    const auto pages = figures.session().node.readings().retired_pages(figures.gpu(), uncorrected);
    lines.value(2, name, pages ? std::to_string(pages->size()) : cell(pages.error()));
  };
  count("Single Bit ECC", false);
  count("Double Bit ECC", true);
  const auto& pending = figures.at(row.reading);
  lines.value(2, "Pending Page Blacklist",
              pending ? fields::shown(fields::Show::yes, *pending) : cell(pending.error()));
}

void profiles(const GpuFigures& figures, const Lines& lines, const fields::Row& row) {
  const auto& bits = figures.at(row.reading);
  const auto names = bits ? power_profile_names(bits->number()) : std::vector<std::string>{};
  if (names.empty()) return lines.value(2, row.label, bits ? "N/A" : cell(bits.error()));
  lines.title(2, row.label);
  for (const auto& name : names) lines.value(0, "", name);
}

void supported_clocks(const GpuFigures& figures, const Lines& lines, std::string_view label) {
  auto& node = figures.session().node;
  const auto memory_clocks = node.readings().memory_clocks(figures.gpu());
  if (!memory_clocks) return lines.value(1, label, cell(memory_clocks.error()));
  lines.title(1, label);
  for (const auto memory_clock : *memory_clocks) {
    lines.value(2, "Memory", with_unit(memory_clock, "MHz"));
    const auto graphics_clocks = node.readings().graphics_clocks(figures.gpu(), memory_clock);
    if (!graphics_clocks) lines.value(3, "Graphics", cell(graphics_clocks.error()));
    for (const auto clock : graphics_clocks.value_or(std::vector<std::uint32_t>{}))
      lines.value(3, "Graphics", with_unit(clock, "MHz"));
  }
}

void processes(const GpuFigures& figures, const Lines& lines, std::string_view label) {
  auto& node = figures.session().node;
  bool any = false;
  const Lines own{lines.out, process_width};
  for (const auto& row : process_rows(node, figures.gpu())) {
    const auto type = process_type(row.process.kinds);
    if (type.empty()) continue;
    if (!any) lines.title(1, label);
    any = true;
    own.value(2, "GPU instance ID", id_cell(row.gi));
    own.value(2, "Compute instance ID", id_cell(row.ci));
    own.value(2, "Process ID", std::to_string(row.process.pid));
    own.value(3, "Type", type);
    own.value(3, "Name", row.process.name);
    own.value(3, "Used GPU Memory", mib_or_unknown(row.process.memory));
  }
  if (!any) lines.value(1, label, "None");
}

void accounted_processes(const GpuFigures& figures, const Lines& lines, std::string_view label) {
  const auto all = figures.session().node.processes().accounted_processes(figures.gpu());
  if (!all) return lines.value(1, label, cell(all.error()));
  if (all->empty()) return lines.value(1, label, "None");
  lines.title(1, label);
  const Lines own{lines.out, process_width};
  for (const auto& process : *all) {
    own.value(2, "Process ID", std::to_string(process.pid));
    own.value(3, "GPU Utilization", cell_or_unknown(process.gpu_percent, "%"));
    own.value(3, "Memory Utilization", cell_or_unknown(process.memory_percent, "%"));
    own.value(3, "Max memory usage", mib_or_unknown(process.most_memory));
    own.value(3, "Time", with_unit(process.milliseconds, "ms"));
    own.value(3, "Is Running", process.running ? "1" : "0");
  }
}

void samples(const GpuFigures& figures, const Lines& lines, std::string_view label, const SampleList& list) {
  const auto answer = figures.session().node.readings().samples(figures.gpu(), list.kind);
  lines.title(1, label);
  const auto summary = answer ? summed_up(*answer, list.milli) : SampleSummary{};
  const auto line = [&](const char* name, const std::string& value, std::string_view unit) {
    lines.value(2, name, answer ? cell(FieldValue(value), unit) : cell(answer.error()));
  };
  line("Duration", summary.duration, "sec");
  line("Number of Samples", summary.count, "");
  line("Max", summary.most, list.unit);
  line("Min", summary.least, list.unit);
  line("Avg", summary.average, list.unit);
}

}  // namespace

void print_list(const GpuFigures& figures, const Lines& lines, const fields::Row& row) {
  switch (row.list) {
    case List::mig_devices:
      return mig_devices(figures, lines, row.label);
    case List::licensed_products:
      return licensed_products(figures, lines, row.label);
    case List::retired_pages:
      return retired_pages(figures, lines, row);
    case List::requested_profiles:
    case List::enforced_profiles:
      return profiles(figures, lines, row);
    case List::supported_clocks:
      return supported_clocks(figures, lines, row.label);
    case List::processes:
      return processes(figures, lines, row.label);
    case List::accounted_processes:
      return accounted_processes(figures, lines, row.label);
    default:
      if (const auto list = sample_list(row.list)) samples(figures, lines, row.label, *list);
  }
}

}  // namespace gpuslice::smi
