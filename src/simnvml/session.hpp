// The library's own state: how often it was initialised, and the node that it uses.
//
// Once opened, a driver is never closed while the process lives, so that a call in one thread is safe against a
// shutdown in another, and no lock is taken while a client calls.
#pragma once

#include <cstdint>

#include "abi/nvml.hpp"
#include "sim/driver.hpp"

namespace gpuslice::simnvml {

// What a call needs: the driver, and the boot that the handles of this session belong to.
struct Session {
  sim::Driver* driver{};
  std::uint64_t boot{};
};

// Increments the count of initialisations; the first one opens the node: the one whose lib directory holds this
// library, else the one named by GPUSLICE_SIM_NODE, else the one that the process runs inside.
[[nodiscard]] abi::nvmlReturn_t initialise() noexcept;
[[nodiscard]] abi::nvmlReturn_t shut_down() noexcept;
// False while not initialised.
[[nodiscard]] bool current(Session& into) noexcept;

}  // namespace gpuslice::simnvml
