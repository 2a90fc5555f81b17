// One step of a plan on the driver, with a look before and after it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "model/plan.hpp"
#include "node/port.hpp"

namespace gpuslice::ops {

// Runs `call` in a thread of its own and waits for it; an error (unknown) when it has not come back in time. The
// thread is then left alone with what it holds.
[[nodiscard]] Result<void> in_time(std::chrono::milliseconds timeout, const std::string& object,
                                   std::function<Result<void>()> call);
[[nodiscard]] bool driver_is_stuck();

// Brings `gpu` from what it shows to what it shows after `step`. Errors: refused with what stands there instead when
// the GPU does not look as in `gpu` (somebody else changed it), the driver's refusal, unknown when the driver said yes
// and the GPU does not show it. `gpu` is what was seen last, also after an error.
[[nodiscard]] Result<void> do_step(const std::shared_ptr<node::Node>& node, model::Gpu& gpu, const model::Step& step,
                                   std::chrono::milliseconds timeout);

}  // namespace gpuslice::ops
