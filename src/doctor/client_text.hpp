// Processes that are in the way of a change, in words, and the next command about them.
#pragma once

#include <string>
#include <vector>

#include "base/hint.hpp"
#include "model/client.hpp"

namespace gpuslice::doctor {

// "Xorg (1648) and gnome-shell (1849)"; of more than three the first two and how many more.
[[nodiscard]] std::string clients_text(const std::vector<model::Client>& clients);
// A graphical session: stop it. DCGM: stop its service. Else: what these processes are.
[[nodiscard]] Hint clients_hint(const std::vector<model::Client>& clients);

}  // namespace gpuslice::doctor
