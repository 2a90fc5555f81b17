// How one GPU is shared: everything that determines who can use which part of it, and when. Passive data.
//
// A setting that was neither read nor requested is absent; this is not the same as a default.
#pragma once

#include <cstdint>
#include <optional>

#include "mig/step.hpp"

namespace gpuslice::model {

// The values of nvmlComputeMode_t. The value 1, exclusive by thread, is not listed: since CUDA 8 it means the same as
// 3.
enum class ComputeMode : std::uint8_t { shared = 0, prohibited = 2, exclusive_process = 3 };

// How long a process runs on the GPU before the next one is scheduled; the values of `nvidia-smi compute-policy
// --set-timeslice`.
enum class TimeSlice : std::uint8_t { usual = 0, brief = 1, medium = 2, extended = 3 };

// Sharing by MPS and by vGPUs; both are still empty.
struct MpsState {
  friend bool operator==(const MpsState&, const MpsState&) = default;
};
struct VgpuState {
  friend bool operator==(const VgpuState&, const VgpuState&) = default;
};

struct GpuState {
  mig::GpuState mig;
  std::optional<ComputeMode> compute_mode;
  std::optional<TimeSlice> time_slice;
  MpsState mps;
  VgpuState vgpus;
  friend bool operator==(const GpuState&, const GpuState&) = default;
};

}  // namespace gpuslice::model
