// The rules of each kind of step: its text, its precondition and effect, and the step that reverts it. A kind that
// lacks one of these does not compile.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/step.hpp"

namespace gpuslice::plan {

// "destroy GPU instance 3g.20gb at 0:4", "create compute instance 1c.3g.20gb at 0:1 in 3g.20gb at 0:4", "enable MIG
// mode".
[[nodiscard]] std::string step_text(const mig::Capability& capability, const model::Step& step);
// The kind of a step in JSON: "destroy-gpu-instance", "enable-mig".
[[nodiscard]] std::string_view kind_word(const model::Step& step);

// The state after the step; MIG steps follow mig::step. Created instances get free ids, which may differ from those
// that the driver will choose. `clients` block steps as the driver does. Errors: refused if the rules do not allow the
// step.
[[nodiscard]] Result<model::GpuState> after_step(const mig::Capability& capability, const model::GpuState& state,
                                                 const std::vector<model::Client>& clients, const model::Step& step);

// The step that reverts `step`, given the state before it. Nullopt if there is none: a reset or reboot cannot be
// reverted, and a setting whose earlier value is unknown cannot be restored.
[[nodiscard]] std::optional<model::Step> inverse(const model::GpuState& before, const model::Step& step);

}  // namespace gpuslice::plan
