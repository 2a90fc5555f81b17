// A GPU begun anew.
#pragma once

#include "node/answer.hpp"

namespace gpuslice::node {

// One GPU at a time.
class Reset : public Facet {
 public:
  // A GPU reset: its instances go, a pending mode comes into force. IN_USE while clients hold it. NVML has no call for
  // it: a real driver's is left to the nvidia-smi program.
  virtual Answer<void> reset_gpu(GpuIndex) { return absent(); }
};

}  // namespace gpuslice::node
