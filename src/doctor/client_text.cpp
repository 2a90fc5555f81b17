#include "doctor/client_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace gpuslice::doctor {
namespace {

// "/usr/lib/xorg/Xorg -core" -> "Xorg"
std::string_view program(const model::Client& client) {
  std::string_view text = client.command;
  text = text.substr(0, text.find(' '));
  if (const auto slash = text.rfind('/'); slash != std::string_view::npos) text.remove_prefix(slash + 1);
  return text;
}

bool all_are(const std::vector<model::Client>& clients, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(
      clients, [&](const model::Client& client) { return std::ranges::find(names, program(client)) != names.end(); });
}

std::string text(const model::Client& client) {
  const auto name = program(client);
  return name.empty() ? fmt::format("process {}", client.pid) : fmt::format("{} ({})", name, client.pid);
}

}  // namespace

std::string clients_text(const std::vector<model::Client>& clients) {
  if (clients.empty()) return {};
  if (clients.size() == 1) return text(clients[0]);
  if (clients.size() == 2) return fmt::format("{} and {}", text(clients[0]), text(clients[1]));
  if (clients.size() == 3) return fmt::format("{}, {} and {}", text(clients[0]), text(clients[1]), text(clients[2]));
  return fmt::format("{}, {} and {} more", text(clients[0]), text(clients[1]), clients.size() - 2);
}

Hint clients_hint(const std::vector<model::Client>& clients) {
  if (all_are(clients, {"Xorg", "Xwayland", "X", "gnome-shell", "kwin_x11", "kwin_wayland", "gdm-x-session", "sddm"}))
    return "sudo systemctl stop display-manager";
  if (all_are(clients, {"nv-hostengine", "dcgm-exporter"})) return "sudo systemctl stop nvidia-dcgm";
  std::vector<std::uint32_t> pids;
  for (const auto& client : clients) pids.push_back(client.pid);
  return fmt::format("ps -fp {}", fmt::join(pids, ","));
}

}  // namespace gpuslice::doctor
