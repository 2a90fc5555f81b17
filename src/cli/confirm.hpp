// The question that is asked before a plan that destroys instances or stops processes is executed on real GPUs.
// It is asked only on a terminal, so it never blocks a script; --yes answers it in advance. Simulated nodes are for
// trying things out, so nothing is asked there unless GPUSLICE_CONFIRM=always is set.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "cli/terminal.hpp"
#include "model/plan.hpp"

namespace gpuslice::cli {

// "Destroy 2 GPU instances on GPU 0; reset GPU 1; stop 1 process? [y/N] "; empty if the plan does none of these. A
// compute instance is counted only if its GPU instance stays.
[[nodiscard]] std::string confirm_question(const model::Plan& plan);

// The value for ops::ChangeOptions::confirm: asks on the terminal until `stop` is requested. Empty if nothing is asked.
[[nodiscard]] std::function<bool(const model::Plan&)> confirmation(const Terminal& terminal, bool yes, bool real,
                                                                   std::stop_token stop);

}  // namespace gpuslice::cli
