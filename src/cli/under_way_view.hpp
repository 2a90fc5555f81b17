// A change that another process is executing, as text for people and for the columns of `list`.
#pragma once

#include <string>

#include "ops/under_way.hpp"

namespace gpuslice::cli {

// "gpuslice apply of ada (process 4711, since 2026-11-21T04:17:21Z) is changing GPUs 0 and 1 (change 4)"
[[nodiscard]] std::string under_way_text(const ops::UnderWay& change);

// Whether the change is known to affect this GPU.
[[nodiscard]] bool is_of(const ops::UnderWay& change, GpuIndex gpu);
// "apply of ada (process 4711, since 2026-11-21T04:17:21Z)"
[[nodiscard]] std::string changer_text(const ops::UnderWay& change);

}  // namespace gpuslice::cli
