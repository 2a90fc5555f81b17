// What holds for each kind of step: its words, what must be so before it and is so after it, and what takes it back. A
// kind without one of these does not compile.
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
// What JSON calls its kind: "destroy-gpu-instance", "enable-mig".
[[nodiscard]] std::string_view kind_word(const model::Step& step);

// The state after it, by mig::step where it is about MIG; instances that are made get ids that are free, not the
// driver's. An error (refused) when the rules do not allow it there. `clients` count as holders.
[[nodiscard]] Result<model::GpuState> after_step(const mig::Capability& capability, const model::GpuState& state,
                                                 const std::vector<model::Client>& clients, const model::Step& step);

// The step that takes it back, from the state before it. Nothing where there is none: a reset and a reboot end what
// cannot be called back, and a setting that nobody had asked for cannot be set again.
[[nodiscard]] std::optional<model::Step> inverse(const model::GpuState& before, const model::Step& step);

}  // namespace gpuslice::plan
