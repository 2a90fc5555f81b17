// The programs that stop or restart a host, as a simulated node has them: reboot, shutdown, systemctl, halt, poweroff,
// telinit. The host's own would reach the host from inside a node, through its init, so the node's stand in their
// place. What means "restart this machine" restarts the node; everything else is refused, in words, and does nothing.
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
    refuse,  // `text` says what is refused and why
  } kind{};
  std::string text;
};

// What `program arguments...` asks for.
[[nodiscard]] PowerRequest read_power_request(std::string_view program, const std::vector<std::string>& arguments);

}  // namespace gpuslice::simtools
