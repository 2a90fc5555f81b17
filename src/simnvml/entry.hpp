// What an exported function says of itself when it is called: by that a call can be traced, and met by an ordered
// fault.
#pragma once

#include <cstdint>
#include <span>

#include "sim/faults.hpp"

namespace gpuslice::simnvml {

// An argument of a call that changes something; one that was not given is negative.
struct Argument {
  const char* name{};
  std::int64_t value{};
};

struct Entry {
  const char* function{};
  const void* handle{};  // what it is called on; null: the whole system
  sim::CallKind kind{};
  std::span<const Argument> arguments{};
  void** made{};         // where the handle of what it made will stand, if it was given
  std::int64_t gpu{-1};  // the GPU, where the call names it by its index instead
};

}  // namespace gpuslice::simnvml
