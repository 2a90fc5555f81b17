// The specification of a simulated node, as given by the arguments of `sim create` or by a recipe file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "catalog/product.hpp"

namespace gpuslice::simhost {

struct MemoryClasses {
  std::uint32_t eighth{}, quarter{}, half{}, full{};  // MiB; 0: the catalogue's figure is used
};

struct GpuSpec {
  std::string product;  // key, NVML name or alias
  unsigned count{1};
  std::optional<std::string> name;
  std::optional<catalog::BoardVariant> board_variant;
  std::optional<std::string> uuid, pci_bus_id, serial;
  std::map<std::pair<unsigned, unsigned>, std::string> mig_uuids;  // (GI id, CI id) -> MIG-...
  bool mig{};
  std::optional<bool> persistence, ecc, display_active, display_attached;
  std::optional<std::string> display_mode, addressing_mode;
  std::optional<std::int32_t> numa_node, iommu_group;
  std::optional<std::uint32_t> sriov_vfs;
  std::optional<std::uint32_t> temperature_c, power_w, power_limit_w, fan_percent, performance_state;
  std::optional<std::uint32_t> memory_total_mib, memory_reserved_mib, bar1_total_mib;
  MemoryClasses memory_set;
};

struct NodeSpec {
  std::string driver{"580.126.09"};
  std::optional<std::string> cuda;  // "13.0", or "none"
  std::uint64_t seed{1};
  std::optional<std::uint32_t> uvm_major, caps_major;  // the majors that /proc/devices lists
  std::optional<bool> nvswitch;
  bool unversioned_library{true};  // libnvidia-ml.so and libcuda.so in addition to the versioned names
  std::vector<GpuSpec> gpus;
};

// Parses "8xa100-40gb,1xa30-24gb"; a product without a number counts as one.
[[nodiscard]] Result<std::vector<GpuSpec>> parse_gpus(const std::string& text);

// Parses a recipe in the format gpuslice.sim/v1 (YAML or JSON). Errors name `source`, the line, and the nearest key.
[[nodiscard]] Result<NodeSpec> parse_recipe(const std::string& text, const std::string& source);

}  // namespace gpuslice::simhost
