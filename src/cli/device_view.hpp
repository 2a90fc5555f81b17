// One device as a person reads it: what it is, who uses it, and how programs are told to use it.
#pragma once

#include <string>

#include "ops/past.hpp"
#include "ops/resolve.hpp"

namespace gpuslice::cli {

// Several lines, each with a line end; the first is the device's name or path. What is not known is shown as "unknown".
[[nodiscard]] std::string device_text(const ops::UsableDevice& device);

// "was 4g.20gb at 0:4 on GPU 0 (GPU instance 2) until change 3 (destroy by root, 2026-11-21T04:17:21Z)"
[[nodiscard]] std::string past_text(const ops::Past& past);

}  // namespace gpuslice::cli
