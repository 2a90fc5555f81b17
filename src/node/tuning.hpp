// Settings that determine how fast a GPU runs, and what it counts.
#pragma once

#include <cstdint>

#include "node/answer.hpp"

namespace gpuslice::node {

struct Clocks {
  std::uint32_t low_mhz{}, high_mhz{};
};

// Clocks are in MHz. If the driver was opened read-only, every change returns NO_PERMISSION, with the reason as its
// text.
class Tuning : public Facet {
 public:
  // The ECC mode is pending until the next reset.
  virtual Answer<void> set_ecc_mode(GpuIndex, bool /*enable*/) { return absent(); }
  virtual Answer<void> clear_ecc_errors(GpuIndex, bool /*aggregate*/) { return absent(); }
  virtual Answer<void> set_accounting_mode(GpuIndex, bool /*enable*/) { return absent(); }
  virtual Answer<void> clear_accounted_processes(GpuIndex) { return absent(); }
  virtual Answer<void> set_power_limit(GpuIndex, std::uint32_t /*milliwatts*/) { return absent(); }
  virtual Answer<void> lock_gpu_clocks(GpuIndex, Clocks /*clocks*/) { return absent(); }
  virtual Answer<void> reset_gpu_clocks(GpuIndex) { return absent(); }
  virtual Answer<void> lock_memory_clocks(GpuIndex, Clocks /*clocks*/) { return absent(); }
  virtual Answer<void> reset_memory_clocks(GpuIndex) { return absent(); }
  virtual Answer<void> set_application_clocks(GpuIndex, std::uint32_t /*memory*/, std::uint32_t /*graphics*/) {
    return absent();
  }
  virtual Answer<void> reset_application_clocks(GpuIndex) { return absent(); }
};

}  // namespace gpuslice::node
