#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "doctor/looks.hpp"

namespace gpuslice::doctor::looks {
namespace {

constexpr std::uint32_t config_minor = 1, monitor_minor = 2;
// Minors of instances; later ones belong to other parts of the driver (open-gpu-kernel-modules, nv-caps.c: 32 GPUs of
// 135 capabilities each).
constexpr std::uint32_t first_instance = 3, last_instance = 3 + 32 * 135 - 1;

std::uint32_t minor_of(const DeviceFile& file) {
  std::uint32_t number = 0;
  constexpr std::string_view before = "/dev/nvidia-caps/nvidia-cap";
  if (!file.path.starts_with(before)) return 0;
  for (const char c : std::string_view(file.path).substr(before.size())) {
    if (c < '0' || c > '9' || number > last_instance) return 0;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number;
}
bool is_instance(std::uint32_t minor) { return minor >= first_instance && minor <= last_instance; }

const DeviceFile* file_of(const Devices& devices, std::uint32_t minor) {
  const auto found = std::ranges::find(devices.capability_files, minor, minor_of);
  return found != devices.capability_files.end() ? &*found : nullptr;
}

// "a, b and 3 more"
std::string some(const std::vector<std::string>& all) {
  constexpr std::size_t shown = 3;
  if (all.size() <= shown + 1) return fmt::format("{}", fmt::join(all, ", "));
  return fmt::format("{} and {} more", fmt::join(all.begin(), all.begin() + shown, ", "), all.size() - shown);
}

std::string capability_path(const DriverCapability& one) {
  return "/proc/driver/nvidia/capabilities/" + one.name + (one.name.starts_with("mig/") ? "" : "/access");
}

bool has_mig(const NodeFacts& facts) {
  return std::ranges::any_of(facts.gpus, [](const GpuFacts& one) { return one.gpu.capability.mode.supported; });
}
bool uses_mig(const NodeFacts& facts) {
  return std::ranges::any_of(facts.gpus, [](const GpuFacts& one) { return one.gpu.state.mig.mode; });
}

}  // namespace

void device_files(const NodeFacts& facts, Answer& answer) {
  constexpr std::string_view none = "CUDA programs cannot open the GPU";
  const auto* seen = answer.known(facts.devices);
  if (seen == nullptr) return;
  std::vector<std::string> missing, closed;
  const bool made_on_demand = seen->modprobe && !facts.container;
  for (const auto& file : seen->files)
    if (!file.exists && made_on_demand)
      continue;
    else if (!file.exists)
      missing.push_back(file.path);
    else if (!file.openable)
      closed.push_back(file.path);
  if (!missing.empty())
    answer.problem("device files", some(missing) + (missing.size() == 1 ? " does not exist" : " do not exist"),
                   std::string(none),
                   facts.container ? Hint("start the container with the GPUs of the host: docker run --gpus all")
                                   : Hint("sudo nvidia-modprobe -c 0 -u"));
  if (!closed.empty())
    answer.problem("device files", "this user may not open " + some(closed), std::string(none),
                   fmt::format("ls -l {}", fmt::join(closed, " ")));
}

void capability_nodes(const NodeFacts& facts, Answer& answer) {
  const auto* seen = answer.known(facts.devices);
  if (seen == nullptr) return;
  std::vector<std::string> missing, wrong, stale;
  const DriverCapability* first_missing = nullptr;
  for (const auto& one : seen->capabilities) {
    if (!is_instance(one.minor) || file_of(*seen, one.minor) != nullptr || (seen->modprobe && !facts.container))
      continue;
    if (first_missing == nullptr) first_missing = &one;
    missing.push_back(fmt::format("/dev/nvidia-caps/nvidia-cap{}", one.minor));
  }
  for (const auto& file : seen->capability_files) {
    const auto minor = minor_of(file);
    const bool moved = (file.major && seen->capability_major && *file.major != *seen->capability_major) ||
                       (file.minor && *file.minor != minor);
    const bool known = std::ranges::any_of(seen->capabilities, [&](const auto& one) { return one.minor == minor; });
    if (moved)
      wrong.push_back(file.path);
    else if (is_instance(minor) && !known)
      stale.push_back(file.path);
  }
  constexpr auto object = "capability nodes";
  if (first_missing != nullptr)
    answer.problem(object, some(missing) + (missing.size() == 1 ? " does not exist" : " do not exist"),
                   "programs and containers cannot open the MIG device that it belongs to",
                   "sudo nvidia-modprobe -f " + capability_path(*first_missing));
  if (!wrong.empty())
    answer.problem(object, some(wrong) + (wrong.size() == 1 ? " belongs" : " belong") + " to another device number",
                   "the driver got another major number when it was loaded again; opening it opens something else",
                   fmt::format("sudo rm {}", fmt::join(wrong, " ")));
  if (!stale.empty())
    answer.advice(object,
                  some(stale) + (stale.size() == 1 ? " is" : " are") + " left over from instances that are gone",
                  "a container that was given it gets whichever instance has this number next",
                  fmt::format("sudo rm {}", fmt::join(stale, " ")));
}

void mig_config(const NodeFacts& facts, Answer& answer) {
  const auto* seen = answer.known(facts.devices);
  if (seen == nullptr) return;
  if (!has_mig(facts)) {
    if (facts.gpus.empty() ||
        std::ranges::all_of(facts.gpus, [](const auto& one) { return one.reach == GpuFacts::Reach::answers; }))
      answer.not_applicable("no GPU has MIG");
    return;
  }
  const auto* config = file_of(*seen, config_minor);
  const auto* monitor = file_of(*seen, monitor_minor);
  constexpr std::uint32_t others = 04;
  if (config != nullptr && (config->mode & others) != 0)
    answer.problem(config->path, "every user may open it", "every user of this host can change MIG mode and instances",
                   fmt::format("sudo chmod o-rw {}", config->path));
  const auto offered = [&](std::uint32_t minor) {
    return std::ranges::any_of(seen->capabilities, [&](const auto& one) { return one.minor == minor; });
  };
  // A container gets these files only on request, and nvidia-modprobe creates them on demand.
  const bool expected = uses_mig(facts) && !facts.container && !seen->modprobe;
  if (config == nullptr && offered(config_minor) && expected)
    answer.advice("mig/config", "/dev/nvidia-caps/nvidia-cap1 does not exist",
                  "only root can change MIG: no other user can be granted this capability",
                  "sudo nvidia-modprobe -f /proc/driver/nvidia/capabilities/mig/config");
  if (monitor == nullptr && offered(monitor_minor) && expected)
    answer.problem("mig/monitor", "/dev/nvidia-caps/nvidia-cap2 does not exist",
                   "users other than root cannot list MIG devices",
                   "sudo nvidia-modprobe -f /proc/driver/nvidia/capabilities/mig/monitor");
  if (monitor != nullptr && !monitor->openable && !facts.container)
    answer.problem(monitor->path, "this user may not open it", "it cannot list MIG devices",
                   fmt::format("sudo chmod a+r {}", monitor->path));
  // Reading is all that this user can do, which is no fault.
  if (config != nullptr && !config->openable && !facts.root && !facts.container)
    answer.skip("changes: this user may not open the MIG capability config (" + config->path + "); run as root");
}

}  // namespace gpuslice::doctor::looks
