// A simulated node's versions of the programs that stop or restart a host: reboot, shutdown, systemctl, halt, poweroff,
// telinit. They replace the host's programs, which would reach the host's init from inside a node. A request to restart
// the machine restarts the node; everything else is refused with a message and has no effect.
//
// Options are those of systemd's manual pages systemctl(1), halt(8) and shutdown(8). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::simtools {

// True if `name` is one of these programs.
[[nodiscard]] bool is_power_program(std::string_view name);

struct PowerRequest {
  enum class Kind {
    reboot,
    help,
    refuse,  // `text`: what is refused and why
  } kind{};
  std::string text;
};

// Determines what `program arguments...` requests.
[[nodiscard]] PowerRequest read_power_request(std::string_view program, const std::vector<std::string>& arguments);

}  // namespace gpuslice::simtools
