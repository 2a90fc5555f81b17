// Layouts of NVML's power calls.
//
// As in nvml.hpp: own declarations of public facts, sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlPowerValue_v2_t {
  std::uint32_t version;
  std::uint8_t powerScope;  // three bytes of padding follow, which nvidia-smi leaves as they were
  std::uint32_t powerValueMw;
};
static_assert(sizeof(nvmlPowerValue_v2_t) == 12);
static_assert(offsetof(nvmlPowerValue_v2_t, version) == 0 && offsetof(nvmlPowerValue_v2_t, powerScope) == 4 &&
              offsetof(nvmlPowerValue_v2_t, powerValueMw) == 8);

// Version words.
inline constexpr unsigned nvmlPowerValue_v2 = 0x0200000C;
static_assert(says<nvmlPowerValue_v2_t>(nvmlPowerValue_v2, 2));

}  // namespace gpuslice::abi
