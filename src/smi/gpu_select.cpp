#include "smi/gpu_select.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/split.hpp"

namespace gpuslice::smi {

std::vector<std::string> split_list(const std::string& text) {
  auto items = split(text, ',');
  std::erase(items, "");
  return items;
}

namespace {

std::optional<GpuIndex> find_gpu(node::Node& node, const std::string& item, std::uint32_t count) {
  if (item.find_first_not_of("0123456789") == std::string::npos) {
    const auto index = parse_number<std::uint32_t>(item);
    if (!index || *index >= count) return std::nullopt;
    return GpuIndex{*index};
  }
  const auto found =
      item.find(':') != std::string::npos ? node.identity().gpu_by_bus_id(item) : node.identity().gpu_by_uuid(item);
  if (!found || found->value >= count) return std::nullopt;
  return *found;
}

}  // namespace

node::Answer<std::vector<GpuIndex>> select_gpus(node::Node& node, const std::optional<std::string>& ids) {
  const auto count = node.identity().gpu_count();
  if (!count) return std::unexpected(count.error());
  std::set<GpuIndex> chosen;
  if (ids) {
    for (const auto& item : split_list(*ids)) {
      if (const auto gpu = find_gpu(node, item, *count)) chosen.insert(*gpu);
    }
  } else {
    for (std::uint32_t i = 0; i < *count; ++i) chosen.insert(GpuIndex{i});
  }
  return std::vector<GpuIndex>(chosen.begin(), chosen.end());
}

// nvidia-smi parses "0:6", which has a bus and a device but no function, and prints the full address in the refusal.
std::optional<std::string> bus_id_problem(const std::string& item) {
  if (item.find(':') == std::string::npos || item.find('.') != std::string::npos) return std::nullopt;
  unsigned domain = 0, bus = 0, device = 0;
  const bool long_form = std::sscanf(item.c_str(), "%x:%x:%x", &domain, &bus, &device) == 3;
  if (!long_form) {
    domain = 0;
    if (std::sscanf(item.c_str(), "%x:%x", &bus, &device) != 2) return std::nullopt;
  }
  return fmt::format(
      "Problem with GPU {:04X}:{:02X}:{:02X}.0: Invalid PCI bus id format. Try format [domain:]bus:device.function "
      "E.g. "
      "0:2:0.0",
      domain, bus, device);
}

}  // namespace gpuslice::smi
