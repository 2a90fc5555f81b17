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
[[nodiscard]] bool same_shape(const model::GpuState& a, const model::GpuState& b);

// "MIG on 3g.20gb@0:4{1c.3g.20gb@0:1,…} 1g.5gb@4:1{…}", the same text for the same shape: for digests and tests.
[[nodiscard]] std::string shape_text(const mig::Capability& capability, const model::GpuState& state);

// What is not as expected, for people: "GPU instance 1g.5gb at 4:1 is there; MIG mode is off". Empty for the same
// shape.
[[nodiscard]] std::string unexpected_text(const mig::Capability& capability, const model::GpuState& expected,
                                          const model::GpuState& found);

// 16 hexadecimal digits that tell whether two inventories show the same GPUs with the same modes and instances.
[[nodiscard]] std::string digest(const model::Inventory& inventory);

}  // namespace gpuslice::plan
