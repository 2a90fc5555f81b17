// The files of the host's NVIDIA driver that a container needs to use a GPU: libraries, programs, sockets, firmware.
#pragma once

#include <string>
#include <vector>

#include "handover/cdi.hpp"

namespace gpuslice::ops {

// Mounts and hooks for a container, from the host below `root` (empty: this host), as far as the files exist:
//   libraries   those of exactly this driver version, in the directory that has libcuda or libnvidia-ml of it, also
//   where
//               a driver is installed apart from the system. Each is mounted under its own name and under those of the
//               links to it (libcuda.so.1), so that a container without ldconfig finds them too
//   programs    nvidia-smi, nvidia-debugdump, nvidia-persistenced and the MPS programs
//   sockets     of nvidia-persistenced and nvidia-fabricmanager
//   firmware    /lib/firmware/nvidia/VERSION
//   hooks       update-ldcache by nvidia-cdi-hook or nvidia-ctk, if one of them is installed
// The same set as `nvidia-ctk cdi generate` of the NVIDIA Container Toolkit 1.17, without graphics. Empty where the
// host has no library of that version.
[[nodiscard]] handover::Common driver_files(const std::string& root, const std::string& driver_version);

}  // namespace gpuslice::ops
