// Executes one step of a plan on the driver, and reads the GPU before and after it.
#pragma once

#include "base/result.hpp"
#include "model/plan.hpp"
#include "ops/workers.hpp"

namespace gpuslice::ops {

// Executes `step` on `gpu`. `patience`: how long to wait for the driver, including the reads. Errors: refused when the
// GPU differs from `gpu` because another program changed it (the error lists the differences); the driver's refusal;
// unknown when the driver reported success but the GPU is not in the expected state, or when it has not answered
// (Workers::hung). Afterwards `gpu` is the state that was read last, also after an error, except when there was no
// answer.
[[nodiscard]] Result<void> do_step(Workers& workers, model::Gpu& gpu, const model::Step& step,
                                   Workers::Patience patience);

}  // namespace gpuslice::ops
