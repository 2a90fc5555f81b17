#include "smi/view/dtd.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fields/table.hpp"
#include "smi/view/gpu_figures.hpp"

namespace gpuslice::smi {
namespace {

using fields::Kind;
using fields::List;
using fields::Row;
using fields::When;

struct Element {
  std::string name, content;
};

// Collects definitions. If a name is defined several times, the first definition is kept, because elements with the
// same name have the same content.
class Definitions {
 public:
  void add(std::string_view name, std::string content) {
    if (std::ranges::find(elements_, name, &Element::name) != elements_.end()) return;
    elements_.push_back({std::string(name), std::move(content)});
  }
  void add_text(std::string_view name) { add(name, "(#PCDATA)"); }
  void print(std::ostream& out) const {
    for (const auto& element : elements_) {
      out << fmt::format("<!ELEMENT {} {}>\n", element.name, element.content);
      if (element.name == "gpu") out << "<!ATTLIST gpu id CDATA #REQUIRED>\n";
    }
  }

 private:
  std::vector<Element> elements_;
};

std::string sequence(const std::vector<std::string>& parts) { return fmt::format("({})", fmt::join(parts, ", ")); }
std::string mixed(const std::vector<std::string>& parts) {
  return fmt::format("(#PCDATA | {})*", fmt::join(parts, " | "));
}

void define_texts(Definitions& definitions, std::initializer_list<std::string_view> names) {
  for (const auto name : names) definitions.add_text(name);
}

void define_list(Definitions& definitions, const Row& row) {
  switch (row.list) {
    case List::mig_devices:
      definitions.add(row.tag, "(#PCDATA | mig_device)*");
      definitions.add("mig_device",
                      "(index, gpu_instance_id, compute_instance_id, device_attributes, ecc_error_count, "
                      "fb_memory_usage, bar1_memory_usage)");
      definitions.add("device_attributes", "(shared)");
      definitions.add("shared",
                      "(multiprocessor_count, copy_engine_count, encoder_count, decoder_count, ofa_count, jpg_count)");
      definitions.add("ecc_error_count", "(volatile_count)");
      definitions.add("volatile_count", "(sram_uncorrectable)");
      define_texts(definitions, {"index", "gpu_instance_id", "compute_instance_id", "multiprocessor_count",
                                 "copy_engine_count", "encoder_count", "decoder_count", "ofa_count", "jpg_count"});
      return;
    case List::licensed_products:
      definitions.add(row.tag, "(licensed_product_name, license_status)");
      define_texts(definitions, {"licensed_product_name", "license_status"});
      return;
    case List::retired_pages:
      definitions.add(row.tag,
                      "(multiple_single_bit_retirement, double_bit_retirement, pending_blacklist, pending_retirement)");
      for (const char* kind : {"multiple_single_bit_retirement", "double_bit_retirement"})
        definitions.add(kind, "(retired_count, retired_pagelist)");
      definitions.add("retired_pagelist", "(#PCDATA | retired_page)*");
      definitions.add("retired_page", "(retired_page_address)");
      define_texts(definitions, {"retired_count", "retired_page_address", "pending_blacklist", "pending_retirement"});
      return;
    case List::requested_profiles:
    case List::enforced_profiles: {
      const auto one = row.tag.substr(0, row.tag.size() - 1);
      definitions.add(row.tag, mixed({std::string(one)}));
      definitions.add_text(one);
      return;
    }
    case List::supported_clocks:
      definitions.add(row.tag, "(#PCDATA | supported_mem_clock)*");
      definitions.add("supported_mem_clock", "(value, supported_graphics_clock*)");
      define_texts(definitions, {"value", "supported_graphics_clock"});
      return;
    case List::processes:
      definitions.add(row.tag, "(#PCDATA | process_info)*");
      definitions.add("process_info", "(gpu_instance_id, compute_instance_id, pid, type, process_name, used_memory)");
      define_texts(definitions, {"pid", "type", "process_name", "used_memory"});
      return;
    case List::accounted_processes:
      definitions.add(row.tag, "(#PCDATA | accounted_process_info)*");
      definitions.add("accounted_process_info", "(pid, gpu_util, memory_util, max_memory_usage, time, is_running)");
      define_texts(definitions, {"max_memory_usage", "time", "is_running"});
      return;
    default:
      return;
  }
}

// How often the row may occur in its section: exactly once, or also not at all.
std::string occurrence(const Row& row) {
  if (row.list == List::licensed_products) return "*";
  return row.when == When::always ? "" : "?";
}

// Defines the rows from `at` on that are at `depth` or deeper. Returns the names of those at `depth`, in order.
std::vector<std::string> define_rows(Definitions& definitions, const std::vector<const Row*>& rows, std::size_t& at,
                                     std::size_t depth) {
  std::vector<std::string> names;
  while (at < rows.size() && rows[at]->depth >= depth) {
    const Row& row = *rows[at++];
    const auto name = std::string(row.tag) + occurrence(row);
    // A figure that is shown in two ways has a single element name, which is listed once.
    const auto same = [&](const std::string& other) { return other.substr(0, other.find_first_of("?*")) == row.tag; };
    if (std::ranges::none_of(names, same)) names.push_back(name);
    if (row.kind == Kind::list) {
      define_list(definitions, row);
    } else if (row.kind == Kind::leaf) {
      definitions.add_text(row.tag);
    } else {
      const bool may_close = row.gate != fields::Reading::none;
      const auto inner = define_rows(definitions, rows, at, depth + 1);
      std::vector<std::string> bare;
      for (const auto& one : inner) bare.push_back(one.substr(0, one.find_first_of("?*")));
      definitions.add(row.tag, may_close ? mixed(bare) : sequence(inner));
    }
  }
  return names;
}

}  // namespace

std::string dtd_name(const Format& format) {
  const int version = format.driver >= 575 ? 13 : format.driver >= 530 ? 12 : 11;
  return fmt::format("nvsmi_device_v{}.dtd", version);
}

void print_dtd(std::ostream& out, const Format& format) {
  Definitions definitions;
  definitions.add("nvidia_smi_log",
                  "(timestamp, driver_version, cuda_version, vgpu_driver_capability?, attached_gpus, gpu*)");
  define_texts(definitions, {"timestamp", "driver_version", "cuda_version", "heterogenous_multivGPU", "attached_gpus"});
  definitions.add("vgpu_driver_capability", "(heterogenous_multivGPU)");
  std::vector<const Row*> rows;
  for (const Row& row : fields::rows())
    if (!row.tag.empty() && figures::known_to(format.driver, row)) rows.push_back(&row);
  std::size_t at = 0;
  definitions.add("gpu", sequence(define_rows(definitions, rows, at, 1)));
  out << fmt::format("<!-- {} -->\n", dtd_name(format));
  definitions.print(out);
}

}  // namespace gpuslice::smi
