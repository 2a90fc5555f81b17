// Modes of a GPU that decide who may use it, and when: compute mode, persistence, time-slice policy.
#pragma once

#include <cstdint>

#include "node/answer.hpp"

namespace gpuslice::node {

// What is set is in force at once.
class Modes : public Facet {
 public:
  virtual Answer<void> set_compute_mode(GpuIndex, std::uint32_t /*mode*/) { return absent(); }
  virtual Answer<void> set_persistence_mode(GpuIndex, bool /*enable*/) { return absent(); }
  // The time-slice policy, which NVML lacks too: 0 default, 1 short, 2 medium, 3 long. It is read by contexts that are
  // made afterwards, and gone when the driver is loaded anew.
  virtual Answer<std::uint32_t> time_slice(GpuIndex) { return absent(); }
  virtual Answer<void> set_time_slice(GpuIndex, std::uint32_t /*policy*/) { return absent(); }
};

}  // namespace gpuslice::node
