// The shape of a GPU's state: its modes, and its instances by profile and placement. Ids are not part of it, because
// the driver chooses them.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::plan {

// True if both have the same modes and the same instances at the same placements. A setting is compared only if both
// states know it.
[[nodiscard]] bool same_shape(const model::GpuState& a, const model::GpuState& b);

// "MIG on 3g.20gb@0:4{1c.3g.20gb@0:1,…} 1g.5gb@4:1{…}". States of the same shape have the same text; for digests and
// tests.
[[nodiscard]] std::string shape_text(const mig::Capability& capability, const model::GpuState& state);

// The differences for messages: "GPU instance 1g.5gb at 4:1 exists; MIG mode is off". Empty for the same shape.
[[nodiscard]] std::string unexpected_text(const mig::Capability& capability, const model::GpuState& expected,
                                          const model::GpuState& found);

// 16 hexadecimal digits, equal for inventories with the same GPUs, modes and instances.
[[nodiscard]] std::string digest(const model::Inventory& inventory);

}  // namespace gpuslice::plan
