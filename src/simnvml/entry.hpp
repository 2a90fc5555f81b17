// How an exported function describes a call of it, so that the call can be traced and faults can be matched.
#pragma once

#include <cstdint>
#include <span>

#include "sim/faults.hpp"

namespace gpuslice::simnvml {

// An argument of a call that changes something; negative if it was not given.
struct Argument {
  const char* name{};
  std::int64_t value{};
};

struct Entry {
  const char* function{};
  const void* handle{};  // the object of the call; null: the whole system
  sim::CallKind kind{};
  std::span<const Argument> arguments{};
  void** made{};         // where the handle of a created instance is stored, if the caller asked for it
  std::int64_t gpu{-1};  // the GPU, where the call names it by its index instead
};

}  // namespace gpuslice::simnvml
