#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/driver_codes.hpp"
#include "catalog/product.hpp"
#include "doctor/looks.hpp"
#include "doctor/version.hpp"

namespace gpuslice::doctor::looks {
namespace {

bool says(const NodeFacts& facts, int code) { return facts.no_driver && facts.no_driver->code == code; }

// "library 580.126.09, kernel module 570.86.15": the parts whose versions are known.
std::string parts(const Versions& seen) {
  std::string text;
  const auto add = [&](const char* part, const std::string& version) {
    if (!version.empty()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", part, version);
  };
  add("library", !seen.library.empty() ? seen.library : fmt::format("{}", fmt::join(seen.installed, " and ")));
  add("NVML's answer", seen.driver);
  add("loaded driver", seen.kernel);
  add("nvidia module", seen.module);
  add("nvidia_uvm module", seen.uvm);
  return text;
}

}  // namespace

void driver_loaded(const NodeFacts& facts, Answer& answer) {
  if (!facts.no_driver) return;
  const auto& why = *facts.no_driver;
  if (says(facts, driver_code("DRIVER_NOT_LOADED"))) {
    const bool nouveau = facts.versions && facts.versions->nouveau;
    answer.problem("driver",
                   nouveau ? "the nvidia kernel module is not loaded; nouveau has the GPUs instead"
                           : "the nvidia kernel module is not loaded",
                   "no program can use a GPU", "sudo modprobe nvidia");
    return;
  }
  // These have checks of their own.
  if (says(facts, driver_code("LIBRARY_NOT_FOUND")) || says(facts, driver_code("LIB_RM_VERSION_MISMATCH")) ||
      says(facts, driver_code("NO_PERMISSION")))
    return;
  answer.unknown(why.message());
}

void driver_library(const NodeFacts& facts, Answer& answer) {
  if (!says(facts, driver_code("LIBRARY_NOT_FOUND"))) return;
  answer.problem("driver", facts.no_driver->what, "no program can ask the driver about GPUs",
                 facts.container ? Hint("start the container with the GPUs of the host: docker run --gpus all")
                                 : Hint("ldconfig -p | grep libnvidia-ml"));
}

void driver_version(const NodeFacts& facts, Answer& answer) {
  if (says(facts, driver_code("LIB_RM_VERSION_MISMATCH"))) {
    const auto known = facts.versions ? parts(*facts.versions) : std::string{};
    answer.problem("driver",
                   known.empty() ? "library and kernel module have different versions"
                                 : "library and kernel module have different versions: " + known,
                   "every new program fails with \"Driver/library version mismatch\"; the driver was updated without "
                   "reloading its modules",
                   "sudo reboot");
    return;
  }
  const auto* seen = answer.known(facts.versions);
  if (seen == nullptr) return;
  // All of them are one version on a healthy host.
  std::vector<std::string> all;
  for (const auto* one : {&seen->library, &seen->driver, &seen->kernel, &seen->module, &seen->uvm})
    if (!one->empty()) all.push_back(*one);
  if (std::ranges::adjacent_find(all, std::ranges::not_equal_to{}) == all.end()) return;
  answer.problem(
      "driver", "its parts have different versions: " + parts(*seen),
      "the driver was updated without reloading its modules; programs that start now can fail",
      facts.container ? Hint("restart the container, so that it gets the host's libraries") : Hint("sudo reboot"));
}

void driver_too_old(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& gpu) {
    const auto product = catalog::find(gpu.gpu.name);
    if (!product || (*product)->min_driver.empty() || !facts.versions) return;
    const auto driver = version_of(facts.versions->driver), least = version_of((*product)->min_driver);
    if (driver.empty() || least.empty() || driver >= least) return;
    answer.problem(gpu,
                   fmt::format("driver {} is older than {}, the first for {}", facts.versions->driver,
                               (*product)->min_driver, gpu.gpu.name),
                   "MIG can be missing or incomplete", "nvidia-smi --version");
  });
}

}  // namespace gpuslice::doctor::looks
