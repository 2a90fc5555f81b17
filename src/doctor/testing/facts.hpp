// Facts of healthy nodes, for tests to break, and what a check says about them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "catalog/product.hpp"
#include "doctor/check.hpp"

namespace gpuslice::doctor::testing {

inline constexpr const char* driver = "580.126.09";

inline GpuFacts healthy_gpu(std::string_view product = "a100-40gb", std::uint32_t index = 0) {
  const auto* known = *catalog::find(product);
  GpuFacts one;
  one.index = GpuIndex{index};
  one.pci = "0000:10:1" + std::to_string(index) + ".0";
  one.minor = index;
  auto& gpu = one.gpu;
  gpu.index = one.index;
  gpu.name = known->names.front();
  gpu.product = known->key;
  gpu.uuid = "GPU-0000000" + std::to_string(index);
  gpu.capability = catalog::capability(*known, driver, gpu.name);
  if (!gpu.capability.mode.supported) gpu.capability = {};
  gpu.state.mig.compute_display = true;
  auto& seen = one.readings;
  seen.compute_mode = 0;
  seen.persistence = true;
  if (known->ecc.value) seen.ecc = seen.ecc_pending = *known->ecc.value;
  seen.display_active = seen.display_attached = false;
  seen.virtualization = 0;
  seen.recovery_action = 0;
  seen.rows_pending = seen.rows_failed = false;
  return one;
}

inline NodeFacts healthy(std::string_view product = "a100-40gb", std::uint32_t gpus = 1) {
  NodeFacts facts;
  facts.root = true;
  facts.versions->library = facts.versions->driver = facts.versions->kernel = facts.versions->module =
      facts.versions->uvm = driver;
  for (const auto* path : {"/dev/nvidiactl", "/dev/nvidia-uvm"})
    facts.devices->files.push_back({path, true, true, 195, 255, 0666});
  for (std::uint32_t i = 0; i < gpus; ++i) {
    facts.gpus.push_back(healthy_gpu(product, i));
    facts.devices->files.push_back({"/dev/nvidia" + std::to_string(i), true, true, 195, i, 0666});
  }
  facts.devices->capabilities = {{"mig/config", 1}, {"mig/monitor", 2}};
  facts.devices->capability_files = {{"/dev/nvidia-caps/nvidia-cap1", true, true, 241, 1, 0400},
                                     {"/dev/nvidia-caps/nvidia-cap2", true, true, 241, 2, 0444}};
  facts.devices->capability_major = 241;
  return facts;
}

// MIG mode on, one GPU instance over the whole GPU; with a compute instance, its MIG device and its device files.
inline void add_instance(NodeFacts& facts, bool with_compute = true, std::uint32_t gpu = 0) {
  auto& one = facts.gpus[gpu].gpu;
  auto& mig = one.state.mig;
  mig.mode = mig.pending = true;
  mig::GpuInstance gi;
  gi.id = mig::GiId{0};
  const auto* whole = one.capability.find(mig::GiProfileId{0});
  gi.profile = mig::GiProfileId{0};
  gi.placement = whole != nullptr && !whole->sites.empty() ? *whole->sites.begin() : mig::Placement{0, 8};
  if (with_compute) gi.compute.push_back({mig::CiId{0}, mig::CiProfileId{4}, {0, 7}});
  static_cast<void>(mig.partition.instances.push_back(gi));
  const auto add = [&](std::string name, std::uint32_t minor) {
    facts.devices->capabilities.push_back({std::move(name), minor});
    facts.devices->capability_files.push_back(
        {"/dev/nvidia-caps/nvidia-cap" + std::to_string(minor), true, true, 241, minor, 0444});
  };
  const auto name = "gpu" + std::to_string(gpu) + "/mig/gi0";
  add(name, 3 + 135 * gpu);
  if (!with_compute) return;
  add(name + "/ci0", 4 + 135 * gpu);
  one.devices.push_back({mig::GiId{0}, mig::CiId{0}, "MIG-0000000" + std::to_string(gpu)});
}
inline void restore_at_boot(NodeFacts& facts) { facts.boot->push_back({"gpuslice-restore.service"}); }

inline model::Client client(std::uint32_t pid, std::string command, std::optional<mig::GiId> gi = {}) {
  model::Client one;
  one.pid = pid;
  one.command = std::move(command);
  one.gi = gi;
  return one;
}

// All findings, as "check object: what".
inline std::vector<std::string> found(const NodeFacts& facts, const std::vector<std::string>& only = {}) {
  std::vector<std::string> all;
  for (const auto& outcome : diagnose(facts, only))
    for (const auto& one : outcome.findings) all.push_back(std::string(one.check) + " " + one.object + ": " + one.what);
  return all;
}
// All hints.
inline std::vector<std::string> hints(const NodeFacts& facts) {
  std::vector<std::string> all;
  for (const auto& outcome : diagnose(facts))
    for (const auto& one : outcome.findings) all.push_back(one.hint.line());
  return all;
}
inline Outcome outcome_of(const NodeFacts& facts, std::string_view id) {
  for (auto& outcome : diagnose(facts))
    if (outcome.check->id == id) return outcome;
  ADD_FAILURE() << id << " was not made";
  return {};
}

using Words = std::vector<std::string>;

}  // namespace gpuslice::doctor::testing
