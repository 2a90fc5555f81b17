// The way from an inventory to a requested layout: ordered steps per GPU, what they stop and what they cost. Passive
// data.
//
// Instances are identified by placement, because the driver chooses the ids of instances that are yet to be created.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/step.hpp"

namespace gpuslice::model {

// The cost of a plan, the most important part first. Compared in this order; smaller is better.
struct Cost {
  std::uint32_t busy{};     // compute instances with clients that are destroyed (for a mode switch: clients of the GPU)
  std::uint32_t stopped{};  // GPU instances and compute instances that are destroyed
  std::uint32_t steps{};
  friend constexpr auto operator<=>(const Cost&, const Cost&) = default;
  constexpr Cost& operator+=(const Cost& o) {
    busy += o.busy;
    stopped += o.stopped;
    steps += o.steps;
    return *this;
  }
};

struct GpuPlan {
  GpuIndex gpu{};
  std::string uuid;
  GpuState before;
  GpuState after;             // ids of instances that are yet to be created are not the driver's
  std::vector<NamedGi> made;  // the instances that gpuslice will have created, and their names
  std::vector<Step> steps;
  Cost cost;
};

struct Plan {
  std::string digest;         // of the inventory it was computed from; it is applied to no other
  std::vector<GpuPlan> gpus;  // those of the layout, even if nothing changes on them; ascending by index

  [[nodiscard]] bool empty() const {
    for (const auto& gpu : gpus)
      if (!gpu.steps.empty()) return false;
    return true;
  }
  // True when a person must act between two steps (reboot the host): `apply` stops there.
  [[nodiscard]] bool needs_reboot() const {
    for (const auto& gpu : gpus)
      for (const auto& step : gpu.steps)
        if (step.is<Reboot>()) return true;
    return false;
  }
  [[nodiscard]] Cost cost() const {
    Cost all;
    for (const auto& gpu : gpus) all += gpu.cost;
    return all;
  }
};

}  // namespace gpuslice::model
