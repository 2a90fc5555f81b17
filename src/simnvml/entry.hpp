// Describes a call of an exported function, so that it can be traced and matched with faults.
#pragma once

#include <cstdint>
#include <span>

#include "sim/faults.hpp"

namespace gpuslice::simnvml {

// An argument of a call that changes something; negative if the caller did not give it.
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
  std::int64_t gpu{-1};  // the GPU, if the call names it by its index
};

}  // namespace gpuslice::simnvml
