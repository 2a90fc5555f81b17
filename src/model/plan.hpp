// The path from an inventory to a requested layout: ordered steps for each GPU, what they interrupt, and what they
// cost. Passive data.
//
// Instances are identified by placement, because the driver chooses the ids of instances that do not exist yet.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/step.hpp"

namespace gpuslice::model {

// The cost of a plan. The members are compared in this order, the most important first; smaller is better.
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
  GpuState after;             // instances that do not exist yet have ids other than those that the driver will choose
  std::vector<NamedGi> made;  // the instances that gpuslice will have created after the plan, with their names
  std::vector<Step> steps;
  Cost cost;
};

struct Plan {
  std::string digest;         // of the inventory from which it was computed; it must not be applied to another
  std::vector<GpuPlan> gpus;  // the GPUs of the layout, even if nothing changes on them; ascending by index

  [[nodiscard]] bool empty() const {
    for (const auto& gpu : gpus)
      if (!gpu.steps.empty()) return false;
    return true;
  }
  // True if a person must act between two steps (reboot the host): `apply` stops there.
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
