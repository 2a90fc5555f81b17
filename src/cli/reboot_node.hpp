// Restarting a simulated node, from outside (gpuslice sim reboot) and from inside (its reboot, shutdown, systemctl).
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "cli/terminal.hpp"
#include "sim/driver.hpp"

namespace gpuslice::cli {

// Restarts the node in the directory, for which `driver` stands, and then, with `hooks`, runs its boot.d; what happens
// is told on the terminal. The exit status: 1 when something in boot.d failed. Errors: permission, another user's node
// among them, io.
[[nodiscard]] Result<int> reboot_node(sim::Driver& driver, bool hooks, const Terminal& terminal);

}  // namespace gpuslice::cli
