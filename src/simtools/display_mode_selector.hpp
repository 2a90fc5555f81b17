// The equivalent of NVIDIA's displaymodeselector on a simulated node: sets the display mode that takes effect at the
// next reboot, and thereby whether the boards support MIG.
//
// Its dialogue is that of a recorded session, including misspellings (tests/replay/expected/08-dialogue.txt: version
// 1.72.0, RTX PRO 6000 Max-Q). The list of adapters, the refusal on a board without display modes, and the mode names
// are from public transcripts of the same version. Options whose output is unknown are refused with messages of our
// own.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "sim/driver.hpp"

namespace gpuslice::simtools {

// Returns the next key that the user presses, which has not been echoed yet; nullopt at end of input.
using Keys = std::function<std::optional<char>()>;

// Runs `displaymodeselector args...` (args without the program's name) and returns the exit status, which is not
// documented: 0 on success, 1 otherwise. The dialogue is written to `out`, our own messages to `err`.
int run_display_mode_selector(sim::Driver& driver, const std::vector<std::string>& args, const Keys& keys,
                              std::ostream& out, std::ostream& err);

}  // namespace gpuslice::simtools
