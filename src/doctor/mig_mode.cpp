#include <fmt/format.h>
#include <fmt/ranges.h>

#include "catalog/product.hpp"
#include "doctor/client_text.hpp"
#include "doctor/looks.hpp"
#include "doctor/version.hpp"

namespace gpuslice::doctor::looks {
namespace {

// nvmlGpuVirtualizationMode_t: the GPU is a virtual one, in a virtual machine.
constexpr std::uint32_t vgpu_guest = 2;

// What a reader of nvidia-smi is likely to try first, and what it shows here.
std::string not_the_reason(const Readings& seen) {
  std::vector<std::string> all;
  if (seen.display_attached) all.push_back(*seen.display_attached ? "display attached" : "no display attached");
  if (seen.display_active) all.push_back(*seen.display_active ? "display active" : "no display active");
  if (seen.compute_mode == 0) all.emplace_back("compute mode Default");
  return all.empty() ? "" : fmt::format(" ({} do not matter)", fmt::join(all, ", "));
}

bool driver_is_too_old(const NodeFacts& facts, const catalog::Product& product) {
  if (!facts.versions || product.min_driver.empty()) return false;
  const auto driver = version_of(facts.versions->driver), least = version_of(product.min_driver);
  return !driver.empty() && !least.empty() && driver < least;
}

}  // namespace

void mig_available(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& one) {
    const auto& gpu = one.gpu;
    if (gpu.capability.mode.supported && gpu.state.mig.compute_display) return;
    if (gpu.capability.mode.needs_compute_display) {
      answer.problem(
          one, "MIG is [N/A]: the board is in a display mode" + not_the_reason(one.readings),
          "MIG needs the display mode physical_display_disabled; its outputs are off then, and a reboot makes "
          "it effective. NVIDIA's Display Mode Selector sets it: "
          "developer.nvidia.com/displaymodeselector",
          "sudo displaymodeselector --gpumode physical_display_disabled");
      return;
    }
    const auto product = catalog::find(gpu.name);
    if (!product) {
      answer.not_applicable(
          fmt::format("GPU {}: MIG is [N/A], and gpuslice does not know {}", one.index.value, gpu.name));
      return;
    }
    if (!(*product)->capability.mode.supported) {
      answer.not_applicable(fmt::format("GPU {}: {} has no MIG; time-slicing and MPS work", one.index.value, gpu.name));
      return;
    }
    if (driver_is_too_old(facts, **product)) return;  // driver-too-old
    if (one.readings.virtualization == vgpu_guest) {
      answer.not_applicable(fmt::format("GPU {}: it is a virtual GPU; MIG is set on the host", one.index.value));
      return;
    }
    answer.problem(one, fmt::format("MIG is [N/A], although {} supports it", gpu.name),
                   "the driver offers no MIG mode for this board; an old VBIOS or a virtual machine can be the reason",
                   fmt::format("nvidia-smi -i {} -q", one.index.value));
  });
}

void mig_pending(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& one) {
    const auto& mig = one.gpu.state.mig;
    if (mig.mode == mig.pending) return;
    const auto* word = mig.pending ? "on" : "off";
    const auto reset = Hint::gpuslice({"reset", {"gpu", std::to_string(one.index.value)}});
    if (one.gpu.clients.empty()) {
      answer.problem(one, fmt::format("MIG mode is {} only after its next reset", word),
                     "until then it works as before, without a MIG device of the new mode", reset);
      return;
    }
    answer.problem(
        one,
        fmt::format("MIG mode is {} only after its next reset, which {} prevent", word, clients_text(one.gpu.clients)),
        "the reset needs all of them to exit first", clients_hint(one.gpu.clients));
  });
}

}  // namespace gpuslice::doctor::looks
