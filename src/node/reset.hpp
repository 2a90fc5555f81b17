// Reset of a GPU.
#pragma once

#include "node/answer.hpp"

namespace gpuslice::node {

// Each call resets one GPU.
class Reset : public Facet {
 public:
  // Destroys the GPU's instances and applies pending modes. Returns IN_USE while clients hold the GPU. NVML has no call
  // for a reset, so on a real driver the nvidia-smi program is run.
  virtual Answer<void> reset_gpu(GpuIndex) { return absent(); }
};

}  // namespace gpuslice::node
