// The codes that calls of the driver answer, by name and number: for orders and traces, in which a person names them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gpuslice::sim {

// "IN_USE"; the number's digits when it has no name.
[[nodiscard]] std::string code_name(std::uint32_t number);
// "IN_USE", "NVML_ERROR_IN_USE", "in_use" or "19". Error: usage, with the nearest name.
[[nodiscard]] Result<std::uint32_t> parse_code(const std::string& text);

// The functions that a fault can name: all of the real library's symbols that answer a code.
[[nodiscard]] std::span<const std::string_view> call_functions();
// Error: usage, with the nearest name.
[[nodiscard]] Result<void> check_function(const std::string& name);

}  // namespace gpuslice::sim
