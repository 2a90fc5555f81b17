// Reboots a simulated node: from outside (gpuslice sim reboot), and from inside (its reboot, shutdown, systemctl).
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "cli/terminal.hpp"
#include "sim/driver.hpp"

namespace gpuslice::cli {

// Reboots the node in the directory, which `driver` simulates, and, with `hooks`, runs the programs in its boot.d.
// Progress is printed on the terminal. Returns the exit status: 1 if a program in boot.d failed. Errors: permission
// (also for a node of another user), io.
[[nodiscard]] Result<int> reboot_node(sim::Driver& driver, bool hooks, const Terminal& terminal);

}  // namespace gpuslice::cli
