// The library's own state: how often it was initialised, and the node that it uses.
//
// A driver that was opened is not closed while the process lives, so a call in one thread is safe against a shutdown in
// another, and calls need no lock.
#pragma once

#include <cstdint>

#include "abi/nvml.hpp"
#include "sim/driver.hpp"

namespace gpuslice::simnvml {

// The context of a call: the driver, and the boot to which the handles of this session belong.
struct Session {
  sim::Driver* driver{};
  std::uint64_t boot{};
};

// Increments the count of initialisations; the first one opens the node. That is the node whose lib directory contains
// this library; otherwise the one that GPUSLICE_SIM_NODE names; otherwise the one inside which the process runs.
[[nodiscard]] abi::nvmlReturn_t initialise() noexcept;
[[nodiscard]] abi::nvmlReturn_t shut_down() noexcept;
// False if the library is not initialised.
[[nodiscard]] bool current(Session& into) noexcept;

}  // namespace gpuslice::simnvml
