// How one GPU is shared: all that decides who may use which part of it, and when. Passive data.
//
// What nobody asked for is absent, which is not the same as a default.
#pragma once

#include <cstdint>
#include <optional>

#include "mig/step.hpp"

namespace gpuslice::model {

// The numbers are nvmlComputeMode_t's; 1, exclusive by thread, has been the same as 3 since CUDA 8.
enum class ComputeMode : std::uint8_t { shared = 0, prohibited = 2, exclusive_process = 3 };

// How long a process has the GPU before the next one is let in; the numbers are those of
// `nvidia-smi compute-policy --set-timeslice`.
enum class TimeSlice : std::uint8_t { usual = 0, brief = 1, medium = 2, extended = 3 };

// Sharing by MPS and by vGPUs: nothing is known of either yet.
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
