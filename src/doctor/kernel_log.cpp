#include <fmt/format.h>

#include <algorithm>

#include "doctor/looks.hpp"
#include "doctor/xids.hpp"

namespace gpuslice::doctor {
namespace {

using Cause = XidCause;

constexpr XidMeaning meanings[] = {
    {13, Cause::program, "graphics engine exception"},
    {31, Cause::program, "GPU memory page fault"},
    {32, Cause::gpu, "invalid or corrupted push buffer stream"},
    {38, Cause::gpu, "driver firmware error"},
    {43, Cause::program, "GPU stopped processing"},
    {45, Cause::program, "preemptive cleanup, due to previous errors"},
    {48, Cause::memory, "double bit ECC error"},
    {61, Cause::gpu, "internal microcontroller breakpoint or warning"},
    {62, Cause::gpu, "internal microcontroller halt"},
    {63, Cause::memory, "row remapping or page retirement recorded"},
    {64, Cause::memory, "row remapping or page retirement failed"},
    {68, Cause::program, "video processor exception"},
    {69, Cause::program, "graphics engine class error"},
    {74, Cause::gpu, "NVLink error"},
    {79, Cause::gpu, "GPU has fallen off the bus"},
    {92, Cause::memory, "high rate of single bit ECC errors"},
    {94, Cause::memory, "contained ECC error"},
    {95, Cause::memory, "uncontained ECC error"},
    {109, Cause::program, "context switch timeout"},
    {119, Cause::gpu, "GSP RPC timeout"},
    {120, Cause::gpu, "GSP error"},
    {140, Cause::memory, "unrecovered ECC error"},
    {143, Cause::gpu, "GPU initialization failure"},
};

}  // namespace

XidMeaning meaning_of(std::uint32_t number) {
  const auto* const found = std::ranges::find(meanings, number, &XidMeaning::number);
  return found != std::end(meanings) ? *found : XidMeaning{number, Cause::unknown, {}};
}

std::vector<const Xid*> xids_of(const NodeFacts& facts, const GpuFacts& gpu) {
  std::vector<const Xid*> found;
  if (facts.kernel_log && !gpu.pci.empty())
    for (const auto& one : facts.kernel_log->xids)
      if (gpu.pci == one.pci + ".0") found.push_back(&one);
  return found;
}

namespace looks {

void xid(const NodeFacts& facts, Answer& answer) {
  if (answer.known(facts.kernel_log) == nullptr) return;
  // A lost GPU, and memory that a reset repairs, are findings of other checks with the same cause.
  const auto explained = [](const GpuFacts& gpu, Cause cause) {
    const auto& seen = gpu.readings;
    if (gpu.reach == GpuFacts::Reach::lost) return true;
    const bool asked = seen.recovery_action.value_or(0) != 0 || seen.reset_required.value_or(false);
    const bool memory =
        seen.rows_pending.value_or(false) || seen.rows_failed.value_or(false) || seen.pages_pending.value_or(false);
    return cause == Cause::memory ? memory || asked : cause == Cause::gpu && asked;
  };
  for (const auto& gpu : facts.gpus)
    for (const auto* one : xids_of(facts, gpu)) {
      const auto meaning = meaning_of(one->number);
      if (explained(gpu, meaning.cause)) continue;
      auto what = fmt::format("XID {}", one->number);
      if (!meaning.text.empty()) what += fmt::format(", {}", meaning.text);
      what += one->count == 1 ? ", is in the kernel log" : fmt::format(", is in the kernel log {} times", one->count);
      const Hint look = fmt::format("sudo dmesg -T | grep 'Xid (PCI:{}'", one->pci);
      switch (meaning.cause) {
        case Cause::program:
          answer.advice(gpu, what, "a program caused it, and was ended; the GPU itself works", look);
          break;
        case Cause::memory:
          answer.problem(gpu, what, "its memory had errors since the host started", look);
          break;
        case Cause::gpu:
          answer.problem(gpu, what, "it failed since the host started; reset it if programs on it fail", look);
          break;
        case Cause::unknown:
          answer.problem(gpu, what, "NVIDIA's list of XIDs explains it: docs.nvidia.com/deploy/xid-errors", look);
          break;
      }
    }
}

}  // namespace looks
}  // namespace gpuslice::doctor
