// One GPU: from what stands there to what is wanted, exactly and with the least harm.
//
// Of all plans that reach the target it takes the one that stops the fewest compute instances with clients, then
// destroys the fewest instances, then has the fewest steps; among those it keeps names where they are, then leaves most
// room (how many more of each profile fit, large profiles first), then takes the lowest places. First everything that
// has to go is destroyed, then the rest is made, each at a place that is named.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/plan.hpp"
#include "model/target.hpp"
#include "plan/shortage.hpp"

namespace gpuslice::plan {

struct Refusal {
  enum class Reason {
    no_mig,      // the GPU has none
    too_much,    // even on an empty GPU the wanted instances do not fit beside each other
    in_the_way,  // they would, but for instances that are to be kept
  } reason{};
  GpuIndex gpu{};
  std::string what;                      // a sentence about the GPU, without its index
  std::vector<mig::GiId> instances;      // in_the_way: the fewest GPU instances without which it would fit
  std::vector<model::TargetGi> nearest;  // the most of what is requested that fits, in the order of the request
  std::optional<Shortage> shortage;      // too_much, in_the_way: in numbers
  model::Origin origin;                  // where the instance that does not fit was requested
};

[[nodiscard]] std::expected<model::GpuPlan, Refusal> plan_gpu(const model::Gpu& gpu, const model::Target& target);

}  // namespace gpuslice::plan
