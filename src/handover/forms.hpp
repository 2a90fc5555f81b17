// The names of a device in the programs that take one: CUDA, container engines, Slurm. Pure text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "handover/device.hpp"

namespace gpuslice::handover {

// One way to name a device, or to start something on it.
struct Form {
  std::string_view key;    // of JSON: "cuda_visible_devices"
  std::string_view title;  // of text: "CUDA_VISIBLE_DEVICES"
  std::string text;        // empty: this device has no such form, or it is not known
};

// All of them, always with the same keys in the same order:
//   cuda_visible_devices    UUID (CUDA C++ Programming Guide, "CUDA Environment Variables")
//   mig_path                MIG-GPU-UUID/GI/CI, for drivers before 470 (NVIDIA MIG User Guide, "CUDA Device
//   Enumeration") nvidia_visible_devices  GPU:INDEX of the MIG device, or the index of the GPU (NVIDIA Container
//   Toolkit) cdi                     the qualified name in gpuslice's CDI specification docker, podman          the
//   arguments that give a container the device gres_conf, srun         the line of Slurm's gres.conf, and the request
//   of a job (Slurm, "Generic Resource Scheduling",
//                           MIG Management); Type must be the one that slurm.conf has
[[nodiscard]] std::vector<Form> forms(const Device& device);

// "1c.3g.20gb", or "3g.20gb" when the compute instance takes all compute slices of its GPU instance, as the driver's
// names of MIG devices have it. Empty for a whole GPU and where the profile is not known.
[[nodiscard]] std::string profile_text(const Device& device);

// CUDA_VISIBLE_DEVICES of a process that gets this device and no other: its UUID.
[[nodiscard]] const std::string& cuda_visible_devices(const Device& device);

}  // namespace gpuslice::handover
