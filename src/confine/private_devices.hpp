// A /dev without the NVIDIA devices that a command was not given.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::confine {

// Replaces `dev`, usually "/dev", by a copy in memory that shows all its entries except NVIDIA devices, and of these
// only the ones in `given` ("/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap21"), with `dev` in front as it is passed here.
// The process must have mounts of its own (own_mounts.hpp). It also loses the right to create device files, for good.
// Errors: io, when a part could not be built: the process must not go on.
//
// This limits what a process can open, not what it may use: the driver itself decides by device files. Devices that
// graphics use (/dev/dri) are not hidden.
[[nodiscard]] Result<void> hide_other_devices(const std::string& dev, const std::vector<std::string>& given);

}  // namespace gpuslice::confine
