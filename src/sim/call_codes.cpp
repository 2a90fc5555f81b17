#include "sim/call_codes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/nearest.hpp"

namespace gpuslice::sim {
namespace {

// simnvml's tests compare them with NVML's own.
constexpr std::array<CallCode, 32> codes = {{{0, "SUCCESS"},
                                             {1, "UNINITIALIZED"},
                                             {2, "INVALID_ARGUMENT"},
                                             {3, "NOT_SUPPORTED"},
                                             {4, "NO_PERMISSION"},
                                             {5, "ALREADY_INITIALIZED"},
                                             {6, "NOT_FOUND"},
                                             {7, "INSUFFICIENT_SIZE"},
                                             {8, "INSUFFICIENT_POWER"},
                                             {9, "DRIVER_NOT_LOADED"},
                                             {10, "TIMEOUT"},
                                             {11, "IRQ_ISSUE"},
                                             {12, "LIBRARY_NOT_FOUND"},
                                             {13, "FUNCTION_NOT_FOUND"},
                                             {14, "CORRUPTED_INFOROM"},
                                             {15, "GPU_IS_LOST"},
                                             {16, "RESET_REQUIRED"},
                                             {17, "OPERATING_SYSTEM"},
                                             {18, "LIB_RM_VERSION_MISMATCH"},
                                             {19, "IN_USE"},
                                             {20, "MEMORY"},
                                             {21, "NO_DATA"},
                                             {22, "VGPU_ECC_NOT_SUPPORTED"},
                                             {23, "INSUFFICIENT_RESOURCES"},
                                             {24, "FREQ_NOT_SUPPORTED"},
                                             {25, "ARGUMENT_VERSION_MISMATCH"},
                                             {26, "DEPRECATED"},
                                             {27, "NOT_READY"},
                                             {28, "GPU_NOT_FOUND"},
                                             {29, "INVALID_STATE"},
                                             {30, "RESET_TYPE_NOT_SUPPORTED"},
                                             {999, "UNKNOWN"}}};

std::string upper(std::string_view text) {
  std::string made(text);
  for (auto& c : made)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return made;
}

}  // namespace

std::span<const CallCode> call_codes() { return codes; }

std::string code_name(std::uint32_t number) {
  for (const auto& code : codes)
    if (code.number == number) return std::string(code.name);
  return std::to_string(number);
}

Result<std::uint32_t> parse_code(const std::string& text) {
  std::uint32_t number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  auto name = upper(text);
  if (name.starts_with("NVML_")) name.erase(0, 5);
  if (name.starts_with("ERROR_")) name.erase(0, 6);
  std::vector<std::string_view> names;
  for (const auto& code : codes) {
    if (code.number == 0) continue;  // to answer success and change nothing is no failure
    if (is_number ? code.number == number : code.name == name) return code.number;
    names.push_back(code.name);
  }
  return fail(ErrorKind::usage, "code \"" + text + "\"", "is no error that NVML answers",
              "--fail " + std::string(is_number ? "UNKNOWN" : nearest(name, names, 1)[0]));
}

Result<void> check_function(const std::string& name) {
  const auto all = call_functions();
  if (std::find(all.begin(), all.end(), name) != all.end()) return {};
  const std::vector<std::string_view> names(all.begin(), all.end());
  return fail(ErrorKind::usage, "function \"" + name + "\"", "is none of the driver library's",
              "--on " + std::string(nearest(name, names, 1)[0]));
}

}  // namespace gpuslice::sim
