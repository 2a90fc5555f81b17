// The library's own state: how often it was initialised, and the node it speaks for.
//
// A driver once opened is never closed while the process lives, so that a call in one thread is safe against a shutdown
// in another, and nothing here is locked while a client calls.
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

// Counts up; the first one opens the node (found beside the library, else named by GPUSLICE_SIM_NODE, else the
// one that the process is inside of).
[[nodiscard]] abi::nvmlReturn_t initialise() noexcept;
[[nodiscard]] abi::nvmlReturn_t shut_down() noexcept;
// Nothing while not initialised.
[[nodiscard]] bool current(Session& into) noexcept;

}  // namespace gpuslice::simnvml
