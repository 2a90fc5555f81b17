// What was observed on a node: its GPUs, what they support, which instances exist and which processes use them. Passive
// data, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "model/client.hpp"
#include "model/gpu_state.hpp"

namespace gpuslice::model {

struct MigDevice {
  mig::GiId gi{};
  mig::CiId ci{};
  std::string uuid;  // "MIG-…"
  friend bool operator==(const MigDevice&, const MigDevice&) = default;
};

// The name of an instance that gpuslice created. It is valid as long as an instance of that profile exists at that
// placement.
struct NamedCi {
  mig::Placement placement{};
  mig::CiProfileId profile{};
  std::string name;
  friend bool operator==(const NamedCi&, const NamedCi&) = default;
};
struct NamedGi {
  mig::Placement placement{};
  mig::GiProfileId profile{};
  std::string name;
  std::vector<NamedCi> compute;
  friend bool operator==(const NamedGi&, const NamedGi&) = default;
};

// The entry in `made` (the instances that gpuslice created) that matches an instance, or another entry for it; null if
// there is none.
template <class Named, class Instance>
[[nodiscard]] const Named* entry_of(const std::vector<Named>& made, const Instance& instance) {
  for (const auto& one : made)
    if (one.placement == instance.placement && one.profile == instance.profile) return &one;
  return nullptr;
}

struct Gpu {
  GpuIndex index{};
  std::string problem;  // why the GPU could not be read; then only its index is known
  std::string uuid;
  std::string pci;                // "00000000:10:1C.0"
  std::string name;               // as NVML prints it
  std::string product;            // catalogue key; empty: not in the catalogue
  std::uint32_t pci_device_id{};  // device in the high half, vendor in the low; 0: not known
  mig::Capability capability;     // its names are valid until the program exits
  GpuState state;
  std::vector<MigDevice> devices;  // in the order of their MIG index
  std::vector<Client> clients;
  std::vector<NamedGi> made;  // created by gpuslice
  bool made_known{true};      // false if the record of what gpuslice created cannot be read
};

struct Inventory {
  std::string driver;  // "580.126.09"; empty if no driver was queried
  std::vector<Gpu> gpus;

  [[nodiscard]] const Gpu* find(GpuIndex index) const {
    for (const auto& gpu : gpus)
      if (gpu.index == index) return &gpu;
    return nullptr;
  }
};

}  // namespace gpuslice::model
