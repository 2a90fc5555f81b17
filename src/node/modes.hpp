// Modes of a GPU that decide which processes may use it, and for how long: compute mode, persistence mode, time-slice
// policy.
#pragma once

#include <cstdint>

#include "node/answer.hpp"

namespace gpuslice::node {

// Settings take effect immediately.
class Modes : public Facet {
 public:
  virtual Answer<void> set_compute_mode(GpuIndex, std::uint32_t /*mode*/) { return absent(); }
  virtual Answer<void> set_persistence_mode(GpuIndex, bool /*enable*/) { return absent(); }
  // The time-slice policy, for which NVML has no call: 0 default, 1 short, 2 medium, 3 long. It applies only to
  // contexts that are created afterwards, and it is lost when the driver is reloaded.
  virtual Answer<std::uint32_t> time_slice(GpuIndex) { return absent(); }
  virtual Answer<void> set_time_slice(GpuIndex, std::uint32_t /*policy*/) { return absent(); }
};

}  // namespace gpuslice::node
