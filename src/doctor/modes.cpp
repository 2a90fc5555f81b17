#include <fmt/format.h>

#include "catalog/product.hpp"
#include "doctor/looks.hpp"

namespace gpuslice::doctor::looks {
namespace {

// nvmlComputeMode_t
constexpr std::uint32_t prohibited = 2, exclusive_process = 3;

}  // namespace

void compute_mode(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& gpu) {
    const auto mode = gpu.readings.compute_mode;
    if (mode == prohibited)
      answer.problem(gpu, "its compute mode is Prohibited", "no CUDA program can use it",
                     fmt::format("sudo nvidia-smi -i {} -c DEFAULT", gpu.index.value));
    const bool daemon = facts.mps && facts.mps->has_value() && (*facts.mps)->alive;
    if (mode == exclusive_process && !daemon && facts.mps)
      answer.advice(gpu, "its compute mode is Exclusive_Process, and no MPS control daemon runs",
                    "one process at a time can use it; a second one is told that the device is busy",
                    fmt::format("sudo nvidia-smi -i {} -c DEFAULT", gpu.index.value));
  });
}

void persistence(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& gpu) {
    if (!gpu.gpu.state.mig.mode || gpu.readings.persistence.value_or(true)) return;
    answer.advice(gpu, "MIG mode is on, and persistence mode is off",
                  "the driver is torn down when the last program exits, and starts again with the next one",
                  fmt::format("sudo nvidia-smi -i {} -pm 1", gpu.index.value));
  });
}

void ecc(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& gpu) {
    const auto now = gpu.readings.ecc, next = gpu.readings.ecc_pending;
    if (now && next && *now != *next) {
      answer.advice(gpu, fmt::format("ECC is {} only after its next reset", *next ? "on" : "off"),
                    "that reset removes its instances: do it before creating more",
                    Hint::gpuslice({"reset", {"gpu", std::to_string(gpu.index.value)}}));
      return;
    }
    const auto product = catalog::find(gpu.gpu.name);
    if (!product || !now || *now) return;
    if (catalog::at_board(**product, gpu.gpu.name).ecc.value.value_or(false))
      answer.advice(gpu, fmt::format("ECC is off; {} is delivered with ECC on", gpu.gpu.name),
                    "memory errors are neither corrected nor noticed",
                    fmt::format("sudo nvidia-smi -i {} -e 1", gpu.index.value));
  });
}

}  // namespace gpuslice::doctor::looks
