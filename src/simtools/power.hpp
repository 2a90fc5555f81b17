// The programs that stop or restart a host, as a simulated node has them: reboot, shutdown, systemctl, halt, poweroff,
// telinit. The host's own programs would reach the host's init from inside a node, so the node's replace them. A
// request to restart the machine restarts the node; everything else is refused with a message and does nothing.
//
// Options as in systemd's manual pages systemctl(1), halt(8) and shutdown(8). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::simtools {

// Whether it is the name of one of them.
[[nodiscard]] bool is_power_program(std::string_view name);

struct PowerRequest {
  enum class Kind {
    reboot,
    help,
    refuse,  // `text`: what is refused and why
  } kind{};
  std::string text;
};

// What `program arguments...` requests.
[[nodiscard]] PowerRequest read_power_request(std::string_view program, const std::vector<std::string>& arguments);

}  // namespace gpuslice::simtools
