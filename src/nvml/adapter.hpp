// The node port over a libnvidia-ml.so.1: the host's driver or a simulated node's, through the same code.
//
// The library is opened at run time, so gpuslice builds and starts without one. With `readonly` the functions that change something are
// not even looked up in a local driver; a simulated one (it says so through its export table) may always be changed.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::nvml {

struct Options {
  std::string library{"libnvidia-ml.so.1"};
  bool readonly{};                 // GPUSLICE_LOCAL=readonly
  bool simulated_only{};           // refuse a library that is not a simulated node's (inside a node)
};

// Errors: not_found when there is no library, unknown when the driver does not answer, refused for `simulated_only`.
[[nodiscard]] Result<std::unique_ptr<node::Node>> open(const Options& options);

}  // namespace gpuslice::nvml
