// Plans one GPU: the steps from its current state to the target, with as little disturbance as possible.
//
// The search is exact. Of all plans that reach the target it returns the one that stops the fewest compute instances
// with clients, then destroys the fewest instances, then has the fewest steps. Remaining ties are decided by the fewest
// renamed instances, then by the most free room (how many more of each profile fit, large profiles first), then by the
// lowest placements. A plan destroys first and creates afterwards; every create step gives a placement.
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
    no_mig,      // the GPU does not support MIG
    too_much,    // the requested instances do not fit together, even on an empty GPU
    in_the_way,  // they would fit on an empty GPU, but not next to the instances that must be kept
  } reason{};
  GpuIndex gpu{};
  std::string what;                      // a sentence about the GPU, without its index
  std::vector<mig::GiId> instances;      // in_the_way: the smallest set of GPU instances to remove so that it fits
  std::vector<model::TargetGi> nearest;  // the most requested instances that fit, in request order
  std::optional<Shortage> shortage;      // the reason in numbers; for too_much and in_the_way
  model::Origin origin;                  // where the instance that does not fit was requested
};

[[nodiscard]] std::expected<model::GpuPlan, Refusal> plan_gpu(const model::Gpu& gpu, const model::Target& target);

}  // namespace gpuslice::plan
