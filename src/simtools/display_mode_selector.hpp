// The work-alike of NVIDIA's displaymodeselector on a simulated node: which display mode the boards have after the next
// reboot, and with it whether they can do MIG.
//
// Its dialogue is that of seed 000 (version 1.72.0, RTX PRO 6000 Max-Q), misspellings included; the list of adapters,
// the refusal on a board without display modes and the modes that may be named are from public transcripts of the same
// version. What it prints elsewhere has not been seen; such options are known and refused with words of ours.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "sim/driver.hpp"

namespace gpuslice::simtools {

// The next key the person presses, not echoed yet; none: there are no more.
using Keys = std::function<std::optional<char>()>;

// Runs `displaymodeselector args...` (args without the program's name); the exit status, which nobody has published: 0
// when done, 1 otherwise. The dialogue goes to `out`, what is ours to `err`.
int run_display_mode_selector(sim::Driver& driver, const std::vector<std::string>& args, const Keys& keys,
                              std::ostream& out, std::ostream& err);

}  // namespace gpuslice::simtools
