// GPUs of the catalogue in an inventory, for tests: MIG off and without instances; and short helper functions.
#pragma once

#include <string>
#include <vector>

#include "catalog/product.hpp"
#include "model/inventory.hpp"
#include "model/plan.hpp"
#include "ops/select.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::ops::testing {

// "GPU-0" at 00000000:10:00.0 for index 0, "GPU-1" at 00000000:11:00.0 for index 1.
inline model::Gpu gpu_of(const std::string& product, std::uint32_t index) {
  const auto* known = *catalog::find(product);
  model::Gpu gpu;
  gpu.index = GpuIndex{index};
  gpu.uuid = "GPU-" + std::to_string(index);
  gpu.pci = "00000000:1" + std::to_string(index) + ":00.0";
  gpu.name = std::string(known->names[0]);
  gpu.product = std::string(known->key);
  gpu.capability = known->capability;
  return gpu;
}

// An A100 40GB with MIG on. 3g.20gb "train" at 4:4, id 1, with compute instances "a" (id 0, slice 0) and "b" (id 1,
// slice 1); 1g.5gb at 0:1, id 7, which gpuslice did not create.
inline model::Gpu divided_a100(std::uint32_t index) {
  auto gpu = gpu_of("a100-40gb", index);
  gpu.state.mig.mode = gpu.state.mig.pending = true;
  mig::GpuInstance train;
  train.id = mig::GiId{1};
  train.profile = mig::GiProfileId{9};
  train.placement = {4, 4};
  train.compute.push_back({mig::CiId{0}, mig::CiProfileId{0}, {0, 1}});
  train.compute.push_back({mig::CiId{1}, mig::CiProfileId{0}, {1, 1}});
  mig::GpuInstance foreign;
  foreign.id = mig::GiId{7};
  foreign.profile = mig::GiProfileId{19};
  foreign.placement = {0, 1};
  foreign.compute.push_back({mig::CiId{0}, mig::CiProfileId{0}, {0, 1}});
  gpu.state.mig.partition.instances.push_back(train);
  gpu.state.mig.partition.instances.push_back(foreign);
  gpu.made = {
      {{4, 4}, mig::GiProfileId{9}, "train", {{{0, 1}, mig::CiProfileId{0}, "a"}, {{1, 1}, mig::CiProfileId{0}, "b"}}}};
  const auto device = [&](std::uint32_t gi, std::uint32_t ci) {
    return model::MigDevice{mig::GiId{gi}, mig::CiId{ci},
                            "MIG-" + std::to_string(index) + "-" + std::to_string(gi) + "-" + std::to_string(ci)};
  };
  gpu.devices = {device(1, 0), device(1, 1), device(7, 0)};
  return gpu;
}

inline SelectedGpus all_of(const model::Inventory& inventory) {
  SelectedGpus all;
  for (const auto& gpu : inventory.gpus) all.push_back(&gpu);
  return all;
}

// The steps on one GPU of a plan, such as "enable MIG mode", "create GPU instance 3g.20gb at 4:4".
inline std::vector<std::string> steps_of(const model::Inventory& inventory, const model::GpuPlan& plan) {
  std::vector<std::string> texts;
  for (const auto& step : plan.steps) texts.push_back(plan::step_text(inventory.find(plan.gpu)->capability, step));
  return texts;
}
using Texts = std::vector<std::string>;

}  // namespace gpuslice::ops::testing
