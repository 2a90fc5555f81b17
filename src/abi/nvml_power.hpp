// Layouts of NVML's power calls.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlPowerValue_v2_t {
  std::uint32_t version;
  std::uint8_t powerScope;  // followed by three bytes of padding, which nvidia-smi does not set
  std::uint32_t powerValueMw;
};
static_assert(sizeof(nvmlPowerValue_v2_t) == 12);
static_assert(offsetof(nvmlPowerValue_v2_t, version) == 0 && offsetof(nvmlPowerValue_v2_t, powerScope) == 4 &&
              offsetof(nvmlPowerValue_v2_t, powerValueMw) == 8);

// Values of the structs' version fields.
inline constexpr unsigned nvmlPowerValue_v2 = 0x0200000C;
static_assert(says<nvmlPowerValue_v2_t>(nvmlPowerValue_v2, 2));

}  // namespace gpuslice::abi
