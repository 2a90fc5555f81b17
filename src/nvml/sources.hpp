// The call of the driver library that returns each reading: a table for each form of call, and functions for
// structures.
#pragma once

#include <span>

#include "fields/reading.hpp"
#include "nvml/calls.hpp"
#include "nvml/symbol.hpp"

namespace gpuslice::nvml {

class Reader;

// symbol(device, unsigned* out); `older` is called if the library lacks it.
struct NumberCall {
  fields::Reading reading;
  Symbol symbol, older;
  consteval NumberCall(fields::Reading r, const char* s) : NumberCall(r, s, s) {}
  consteval NumberCall(fields::Reading r, const char* s, const char* o) : reading(r), symbol(s), older(o) {}
};
// symbol(device, char* text, unsigned size)
struct TextCall {
  fields::Reading reading;
  Symbol symbol;
};
// symbol(device, unsigned* first, unsigned* second)
struct PairCall {
  fields::Reading first, second;  // none: this number is not needed
  Symbol symbol, older;
  consteval PairCall(fields::Reading f, fields::Reading s, const char* name) : PairCall(f, s, name, name) {}
  consteval PairCall(fields::Reading f, fields::Reading s, const char* name, const char* old)
      : first(f), second(s), symbol(name), older(old) {}
};
// symbol(device, enumeration, unsigned* out)
struct EnumCall {
  fields::Reading reading;
  Symbol symbol;
  unsigned argument;
};
// nvmlDeviceGetFieldValues: one call for all requested fields.
struct FieldCall {
  fields::Reading reading;
  unsigned id, scope{};
};
// A call that fills several readings at once, or needs its own code to fill one.
struct StructureCall {
  std::span<const fields::Reading> readings;
  void (*call)(Reader& reader);
};

[[nodiscard]] std::span<const NumberCall> number_calls();
[[nodiscard]] std::span<const TextCall> text_calls();
[[nodiscard]] std::span<const PairCall> pair_calls();
[[nodiscard]] std::span<const EnumCall> enum_calls();
[[nodiscard]] std::span<const FieldCall> field_calls();
// Calls for the board and its location; for memory, errors and engines; for power, temperature and the fabric.
[[nodiscard]] std::span<const StructureCall> board_calls();
[[nodiscard]] std::span<const StructureCall> memory_calls();
[[nodiscard]] std::span<const StructureCall> state_calls();

}  // namespace gpuslice::nvml
