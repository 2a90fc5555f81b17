#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "doctor/looks.hpp"
#include "doctor/xids.hpp"

namespace gpuslice::doctor::looks {
namespace {

Hint reset_hint(const GpuFacts& gpu) { return Hint::gpuslice({"reset", {"gpu", std::to_string(gpu.index.value)}}); }

}  // namespace

void gpu_lost(const NodeFacts& facts, Answer& answer) {
  for (const auto& gpu : facts.gpus) {
    if (gpu.reach != GpuFacts::Reach::lost) continue;
    const auto logged = xids_of(facts, gpu);
    std::vector<std::uint32_t> numbers;
    for (const auto* one : logged) numbers.push_back(one->number);
    answer.problem(gpu,
                   numbers.empty() ? "the driver has lost it (GPU is lost)"
                                   : fmt::format("the driver has lost it (GPU is lost; kernel log: XID {})",
                                                 fmt::join(numbers, ", ")),
                   "no program can use it until it is reset or the host restarts; if it happens again, check power and "
                   "seating",
                   facts.container ? Hint("reset it on the host: nvidia-smi --gpu-reset") : reset_hint(gpu));
  }
}

void gpu_answers(const NodeFacts& facts, Answer& answer) {
  for (const auto& gpu : facts.gpus) {
    const auto text = fmt::format("GPU {}: {}", gpu.index.value, gpu.problem);
    if (gpu.reach == GpuFacts::Reach::silent) answer.unknown(text);
    if (gpu.reach == GpuFacts::Reach::limited) answer.skip(text);
  }
}

void gpu_init(const NodeFacts& facts, Answer& answer) {
  const auto* log = answer.known(facts.kernel_log);
  if (log == nullptr) return;
  for (const auto& pci : log->failed_init) {
    // One that the driver lists all the same was initialised later.
    if (std::ranges::any_of(facts.gpus, [&](const GpuFacts& gpu) { return gpu.pci == pci; })) continue;
    answer.problem("PCI device " + pci, "the driver could not initialise this GPU (RmInitAdapter failed)",
                   "it is not among the GPUs of this host", "sudo dmesg | grep NVRM");
  }
}

void reset_required(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& gpu) {
    const auto& seen = gpu.readings;
    const auto action = seen.recovery_action.value_or(seen.reset_required.value_or(false) ? 1 : 0);
    if (action == 2) {
      answer.problem(gpu, "the driver asks for a reboot to recover it", "it can give wrong results or fail until then",
                     "sudo reboot");
    } else if (action != 0) {
      answer.problem(gpu,
                     action == 1 ? "the driver asks for a reset to recover it"
                                 : "the driver asks to stop its processes and to reset it",
                     "it can give wrong results or fail until then", reset_hint(gpu));
    } else if (seen.rows_pending.value_or(false) || seen.pages_pending.value_or(false)) {
      if (seen.rows_failed.value_or(false)) return;  // memory-repair
      answer.problem(gpu,
                     fmt::format("bad memory was found; {} take effect at its next reset",
                                 seen.rows_pending.value_or(false) ? "replacement rows" : "retired pages"),
                     "the bad memory stays in use until then", reset_hint(gpu));
    }
  });
}

void memory_repair(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& gpu) {
    if (gpu.readings.rows_failed.value_or(false))
      answer.problem(gpu, "a bad row of its memory could not be replaced (row remapping failed)",
                     "no spare row is left: NVIDIA's rule is to replace the board",
                     fmt::format("nvidia-smi -i {} -q -d ROW_REMAPPER", gpu.index.value));
  });
}

}  // namespace gpuslice::doctor::looks
