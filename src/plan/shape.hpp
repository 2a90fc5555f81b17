// What can be compared about a GPU before and after steps: modes and instances by place. Ids are the driver's choice,
// so they are no part of it.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::plan {

// True when both have the same modes and the same instances at the same places.
[[nodiscard]] bool same_shape(const mig::GpuState& a, const mig::GpuState& b);

// "MIG on 3g.20gb@0:4{1c.3g.20gb@0:1,…} 1g.5gb@4:1{…}", the same text for the same shape: for digests and tests.
[[nodiscard]] std::string shape_text(const mig::Capability& capability, const mig::GpuState& state);

// What is not as expected, for people: "GPU instance 1g.5gb at 4:1 is there; MIG mode is off". Empty for the same
// shape.
[[nodiscard]] std::string unexpected_text(const mig::Capability& capability, const mig::GpuState& expected,
                                          const mig::GpuState& found);

// The state after one step of a plan, by mig::step; instances that are made get ids that are free, not the driver's.
// An error (refused) when the rules do not allow it there. `clients` count as holders.
[[nodiscard]] Result<mig::GpuState> after_step(const mig::Capability& capability, const mig::GpuState& state,
                                               const std::vector<model::Client>& clients, const model::Step& step);

// How a compute instance profile is shown: its share of the GPU instance, "1c", and where another profile of that GPU
// instance has the same share (Hopper's 1_SLICE and 1_SLICE_REV1, nvml.h) what tells them apart: "1c (profile 7, 26
// SM)". `shares_its_size` says whether there is such another.
[[nodiscard]] bool shares_its_size(const mig::GiProfile& parent, const mig::CiProfile& profile);
[[nodiscard]] std::string share_text(const mig::GiProfile& parent, const mig::CiProfile& profile);

// 16 hexadecimal digits that tell whether two inventories show the same GPUs with the same modes and instances.
[[nodiscard]] std::string digest(const model::Inventory& inventory);

// "destroy 3g.20gb at 0:4", "create 1c.3g.20gb at 0:1 in 3g.20gb at 0:4", "enable MIG mode".
[[nodiscard]] std::string step_text(const mig::Capability& capability, const model::Step& step);

}  // namespace gpuslice::plan
