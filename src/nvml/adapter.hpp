// The node port over a libnvidia-ml.so.1: the host's driver or a simulated node's, through the same code.
//
// The library is opened at run time, so gpuslice builds and starts without one. With `readonly`, functions of a local
// driver that change something are not even looked up, and every change returns NO_PERMISSION. A simulated driver,
// which identifies itself through its export table, can always be changed. A function that the library lacks returns
// FUNCTION_NOT_FOUND, unless the library has it under an older name with the same meaning. Several threads may use a
// node at once, as NVML allows.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::nvml {

struct Options {
  std::string library{"libnvidia-ml.so.1"};
  bool readonly{};        // GPUSLICE_LOCAL=readonly
  bool simulated_only{};  // refuse a library that is not a simulated node's (inside a node)
  std::string root{};     // the directory that contains the driver's proc and dev; empty: this host
};

// A node backed by a driver library. Its destructor shuts the library down and closes it.
class DriverNode : public node::Node {
 public:
  // The directory of the simulated node behind the library; empty for a real driver.
  [[nodiscard]] virtual const std::string& simulated_node() const = 0;
  [[nodiscard]] bool simulated() const { return !simulated_node().empty(); }
};

// Errors: not_found if there is no library, permission or unknown if the driver does not answer, refused if
// `simulated_only` is set and the driver is not simulated.
[[nodiscard]] Result<std::unique_ptr<DriverNode>> open(const Options& options);

}  // namespace gpuslice::nvml
