// A share of each GPU that is kept free for one user. It exists only in tests.
#pragma once

#include <cstdint>

#include "node/answer.hpp"

namespace gpuslice::node {

class Reservations : public Facet {
 public:
  // In percent of the GPU.
  virtual Answer<std::uint32_t> reserved(GpuIndex) { return absent(); }
  virtual Answer<void> reserve(GpuIndex, std::uint32_t /*percent*/) { return absent(); }
};

}  // namespace gpuslice::node
