// Return codes and functions of driver calls by name, for faults and traces, which people read and write.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gpuslice::sim {

// "IN_USE"; a code without a name is returned as its digits.
[[nodiscard]] std::string code_name(std::uint32_t number);
// Accepts "IN_USE", "NVML_ERROR_IN_USE", "in_use" or "19". Error: usage; suggests a close name if there is one, or else
// lists all names.
[[nodiscard]] Result<std::uint32_t> parse_code(const std::string& text);

// The functions that a fault can name: all symbols of the real library that return a code.
[[nodiscard]] std::span<const std::string_view> call_functions();
// Error: usage if the library has no such function; suggests a close name if there is one.
[[nodiscard]] Result<void> check_function(const std::string& name);

}  // namespace gpuslice::sim
