// The question before a plan that destroys something or ends a process is done on real GPUs.
//
// It is asked on a terminal only: a script that has none is not stopped by it, and --yes answers it beforehand.
// Simulated nodes are for trying things out, so nothing is asked there unless GPUSLICE_CONFIRM=always.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "cli/terminal.hpp"
#include "model/plan.hpp"

namespace gpuslice::cli {

// "Destroy 2 GPU instances on GPU 0; reset GPU 1; stop 1 process? [y/N] "; empty when the plan does nothing of that.
// A compute instance is counted where its GPU instance stays.
[[nodiscard]] std::string confirm_question(const model::Plan& plan);

// What ops::ChangeOptions::confirm takes: asks on the terminal, until `stop` is requested. None where nothing is asked.
[[nodiscard]] std::function<bool(const model::Plan&)> confirmation(const Terminal& terminal, bool yes, bool real,
                                                                   std::stop_token stop);

}  // namespace gpuslice::cli
