#include "smi/view/xml_lists.hpp"

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/view/mig_device.hpp"
#include "smi/view/power_profile_names.hpp"
#include "smi/view/processes.hpp"

namespace gpuslice::smi {
namespace {

using fields::List;

void mig_device(XmlWriter& xml, std::uint32_t index, const MigDeviceFigures& device, int driver) {
  xml.open("mig_device");
  xml.leaf("index", std::to_string(index));
  xml.leaf("gpu_instance_id", std::to_string(device.gi.value));
  xml.leaf("compute_instance_id", std::to_string(device.ci.value));
  xml.open("device_attributes");
  xml.open("shared");
  const auto count = [&](const char* tag, std::uint32_t figure) { xml.leaf(tag, std::to_string(figure)); };
  count("multiprocessor_count", device.attributes.multiprocessors);
  count("copy_engine_count", device.attributes.copy);
  count("encoder_count", device.attributes.encoder);
  count("decoder_count", device.attributes.decoder);
  count("ofa_count", device.attributes.ofa);
  count("jpg_count", device.attributes.jpeg);
  xml.close();
  xml.close();
  xml.open("ecc_error_count");
  xml.open("volatile_count");
  xml.leaf("sram_uncorrectable", std::to_string(device.ecc_errors.value_or(0)));
  xml.close();
  xml.close();
  const auto figure = [&](const char* tag, std::uint64_t mib_count) { xml.leaf(tag, with_unit(mib_count, "MiB")); };
  xml.open("fb_memory_usage");
  figure("total", frame_buffer_mib(device.memory.total, driver));
  xml.leaf("reserved", device.memory.reserved ? with_unit(frame_buffer_mib(*device.memory.reserved, driver), "MiB")
                                              : std::string("N/A"));
  figure("used", frame_buffer_mib(device.memory.used, driver));
  figure("free", frame_buffer_mib(device.memory.free, driver));
  xml.close();
  xml.open("bar1_memory_usage");
  figure("total", bar1_mib(device.bar1.total));
  figure("used", bar1_mib(device.bar1.used));
  figure("free", bar1_mib(device.bar1.total) - bar1_mib(device.bar1.used));
  xml.close();
  xml.close();
}

void mig_devices(const GpuFigures& figures, XmlWriter& xml, std::string_view tag) {
  auto& node = figures.session().node;
  const auto indices = node.mig().mig_indices(figures.gpu()).value_or(std::vector<std::uint32_t>{});
  xml.open(tag);
  bool any = false;
  for (const auto index : indices) {
    const auto device = mig_device_figures(node, {figures.gpu(), index});
    if (!device) continue;
    any = true;
    xml.outdent(1);
    mig_device(xml, index, *device, figures.session().format.driver);
    xml.outdent(0);
  }
  if (!any) xml.text("None");
  xml.close();
}

void licensed_products(const GpuFigures& figures, XmlWriter& xml, std::string_view tag) {
  for (const auto& product : figures.session()
                                 .node.readings()
                                 .licensed_products(figures.gpu())
                                 .value_or(std::vector<node::LicensedProduct>{})) {
    xml.open(tag);
    xml.leaf("licensed_product_name", product.name);
    xml.leaf("license_status", license_status(product));
    xml.close();
  }
}

void retired_pages(const GpuFigures& figures, XmlWriter& xml, const fields::Row& row) {
  xml.open(row.tag);
  for (const bool uncorrected : {false, true}) {
    const auto pages = figures.session().node.readings().retired_pages(figures.gpu(), uncorrected);
    xml.open(uncorrected ? "double_bit_retirement" : "multiple_single_bit_retirement");
    xml.leaf("retired_count", pages ? std::to_string(pages->size()) : cell(pages.error()));
    if (pages) {
      xml.open("retired_pagelist");
      for (const auto& page : *pages) {
        xml.open("retired_page");
        xml.leaf("retired_page_address", fmt::format("0x{:016x}", page.address));
        xml.close();
      }
      xml.close();
    } else {
      xml.leaf("retired_pagelist", cell(pages.error()));
    }
    xml.close();
  }
  const auto& pending = figures.at(row.reading);
  const auto text = pending ? fields::shown(fields::Show::yes, *pending) : cell(pending.error());
  xml.leaf("pending_blacklist", text);
  xml.leaf("pending_retirement", text);
  xml.close();
}

void profiles(const GpuFigures& figures, XmlWriter& xml, const fields::Row& row) {
  const auto& bits = figures.at(row.reading);
  const auto names = bits ? power_profile_names(bits->number()) : std::vector<std::string>{};
  if (names.empty()) return xml.leaf(row.tag, bits ? "N/A" : cell(bits.error()));
  xml.open(row.tag);
  for (const auto& name : names) xml.leaf(row.tag.substr(0, row.tag.size() - 1), name);
  xml.close();
}

void supported_clocks(const GpuFigures& figures, XmlWriter& xml, std::string_view tag) {
  auto& node = figures.session().node;
  const auto memory_clocks = node.readings().memory_clocks(figures.gpu());
  if (!memory_clocks) return xml.leaf(tag, cell(memory_clocks.error()));
  xml.open(tag);
  for (const auto memory_clock : *memory_clocks) {
    xml.open("supported_mem_clock");
    xml.leaf("value", with_unit(memory_clock, "MHz"));
    const auto graphics_clocks = node.readings().graphics_clocks(figures.gpu(), memory_clock);
    if (!graphics_clocks) xml.leaf("supported_graphics_clock", cell(graphics_clocks.error()));
    for (const auto clock : graphics_clocks.value_or(std::vector<std::uint32_t>{}))
      xml.leaf("supported_graphics_clock", with_unit(clock, "MHz"));
    xml.close();
  }
  xml.close();
}

void processes(const GpuFigures& figures, XmlWriter& xml, std::string_view tag) {
  auto& node = figures.session().node;
  xml.open(tag);
  for (const auto& row : process_rows(node, figures.gpu())) {
    const auto type = process_type(row.process.kinds);
    if (type.empty()) continue;
    xml.open("process_info");
    xml.leaf("gpu_instance_id", id_cell(row.gi));
    xml.leaf("compute_instance_id", id_cell(row.ci));
    xml.leaf("pid", std::to_string(row.process.pid));
    xml.leaf("type", type);
    xml.leaf("process_name", row.process.name);
    xml.leaf("used_memory", mib_or_unknown(row.process.memory));
    xml.close();
  }
  xml.close();
}

void accounted_processes(const GpuFigures& figures, XmlWriter& xml, std::string_view tag) {
  const auto all = figures.session().node.processes().accounted_processes(figures.gpu());
  if (!all) return xml.leaf(tag, cell(all.error()));
  xml.open(tag);
  for (const auto& process : *all) {
    xml.open("accounted_process_info");
    xml.leaf("pid", std::to_string(process.pid));
    xml.leaf("gpu_util", cell_or_unknown(process.gpu_percent, "%"));
    xml.leaf("memory_util", cell_or_unknown(process.memory_percent, "%"));
    xml.leaf("max_memory_usage", mib_or_unknown(process.most_memory));
    xml.leaf("time", with_unit(process.milliseconds, "ms"));
    xml.leaf("is_running", process.running ? "1" : "0");
    xml.close();
  }
  xml.close();
}

}  // namespace

void print_list(const GpuFigures& figures, XmlWriter& xml, const fields::Row& row) {
  switch (row.list) {
    case List::mig_devices:
      return mig_devices(figures, xml, row.tag);
    case List::licensed_products:
      return licensed_products(figures, xml, row.tag);
    case List::retired_pages:
      return retired_pages(figures, xml, row);
    case List::requested_profiles:
    case List::enforced_profiles:
      return profiles(figures, xml, row);
    case List::supported_clocks:
      return supported_clocks(figures, xml, row.tag);
    case List::processes:
      return processes(figures, xml, row.tag);
    case List::accounted_processes:
      return accounted_processes(figures, xml, row.tag);
    default:
      return;  // samples are not in the XML
  }
}

}  // namespace gpuslice::smi
