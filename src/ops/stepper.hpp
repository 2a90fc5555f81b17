// One step of a plan on the driver, with a look before and after it.
#pragma once

#include "base/result.hpp"
#include "model/plan.hpp"
#include "ops/workers.hpp"

namespace gpuslice::ops {

// Brings `gpu` from what it shows to what it shows after `step`; `patience`: for the driver, looks included. Errors:
// refused when the GPU is not as `gpu` says, because somebody else changed it (the error lists the differences); the
// driver's refusal; unknown when the driver reported success and the GPU does not show it, or when it has not answered
// (Workers::hung). `gpu` is what was seen last, also after an error, except when there was no answer.
[[nodiscard]] Result<void> do_step(Workers& workers, model::Gpu& gpu, const model::Step& step,
                                   Workers::Patience patience);

}  // namespace gpuslice::ops
