#include "sim/call_codes.hpp"

#include <algorithm>
#include <vector>

#include "base/driver_codes.hpp"
#include "base/nearest.hpp"
#include "base/number.hpp"

namespace gpuslice::sim {
namespace {

std::string upper(std::string_view text) {
  std::string made(text);
  for (auto& c : made)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return made;
}

}  // namespace

std::string code_name(std::uint32_t number) {
  for (const auto& code : driver_codes)
    if (static_cast<std::uint32_t>(code.number) == number) return std::string(code.name);
  return std::to_string(number);
}

Result<std::uint32_t> parse_code(const std::string& text) {
  const auto number = parse_number<std::uint32_t>(text);
  auto name = upper(text);
  if (name.starts_with("NVML_")) name.erase(0, 5);
  if (name.starts_with("ERROR_")) name.erase(0, 6);
  std::vector<std::string_view> names;
  for (const auto& code : driver_codes) {
    if (code.number == 0) continue;  // returning success and changing nothing is not a failure
    const auto value = static_cast<std::uint32_t>(code.number);
    if (number ? value == *number : code.name == name) return value;
    names.push_back(code.name);
  }
  const auto near = nearest(name, names, 1);
  std::string hint;
  if (!near.empty() && !number) {
    hint = "--fail " + std::string(near[0]);
  } else {
    hint = "one of:";
    for (const auto one : names) hint.append(one == names.front() ? " " : ", ").append(one);
  }
  return fail(ErrorKind::usage, "code \"" + text + "\"", "is not an NVML error code", hint);
}

Result<void> check_function(const std::string& name) {
  const auto all = call_functions();
  if (std::find(all.begin(), all.end(), name) != all.end()) return {};
  const std::vector<std::string_view> names(all.begin(), all.end());
  const auto near = nearest(name, names, 1);
  return fail(ErrorKind::usage, "function \"" + name + "\"", "is not a function of the driver library",
              near.empty() ? "a function of nvml.h, any, or mutating" : "--on " + std::string(near[0]));
}

}  // namespace gpuslice::sim
