// XIDs: the driver's error numbers in the kernel log, and what each means. Source: NVIDIA XID Errors,
// docs.nvidia.com/deploy/xid-errors.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "doctor/facts.hpp"

namespace gpuslice::doctor {

enum class XidCause : std::uint8_t {
  program,  // an error of a program; the GPU is well
  memory,   // bad memory, which the driver replaces at a reset
  gpu,      // the GPU, its firmware or its links: reset it
  unknown,
};
struct XidMeaning {
  std::uint32_t number{};
  XidCause cause{XidCause::unknown};
  std::string_view text;  // "GPU memory page fault"
};
// Of a number that is not in the table: no text.
[[nodiscard]] XidMeaning meaning_of(std::uint32_t number);

// The XIDs of a GPU in the kernel log; none when the log was not read.
[[nodiscard]] std::vector<const Xid*> xids_of(const NodeFacts& facts, const GpuFacts& gpu);

}  // namespace gpuslice::doctor
