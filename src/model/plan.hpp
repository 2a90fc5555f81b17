// The way from what was seen to what is wanted: ordered steps per GPU, what they stop and what they cost. Passive data.
//
// Instances are named by their places, because the driver chooses the ids of those that are still to be made.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/step.hpp"

namespace gpuslice::model {

// What a plan costs, the worst first. Compared in this order, smaller is better.
struct Cost {
  std::uint32_t busy{};     // compute instances with clients that are destroyed (a switch of mode: clients of the GPU)
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
  GpuState after;             // ids of instances that are to be made are not the driver's
  std::vector<NamedGi> made;  // what gpuslice will have made and how it is called
  std::vector<Step> steps;
  Cost cost;
};

struct Plan {
  std::string digest;         // of the inventory it was made from: it is done on no other
  std::vector<GpuPlan> gpus;  // those of the layout, also where nothing is to be done; ascending by index

  [[nodiscard]] bool empty() const {
    for (const auto& gpu : gpus)
      if (!gpu.steps.empty()) return false;
    return true;
  }
  // True when a person has to do something between two steps: no apply can go past it.
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
