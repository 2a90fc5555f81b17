// Return codes of driver calls, by name and number: for fault orders and traces, where a person reads and writes names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gpuslice::sim {

// "IN_USE"; a code without a name is returned as digits.
[[nodiscard]] std::string code_name(std::uint32_t number);
// Accepts "IN_USE", "NVML_ERROR_IN_USE", "in_use" or "19". Error: usage, with the name that was probably meant, or all.
[[nodiscard]] Result<std::uint32_t> parse_code(const std::string& text);

// The functions that a fault can name: all symbols of the real library that return a code.
[[nodiscard]] std::span<const std::string_view> call_functions();
// Error: usage, with the name that was meant where one is close.
[[nodiscard]] Result<void> check_function(const std::string& name);

}  // namespace gpuslice::sim
