// The name of a function of libnvidia-ml.so.1, and whether calling it could change something.
//
// Only string literals convert, at compile time. So a name outlives every table that uses it as a key, and whether a
// call is forbidden on a read-only driver is decided for each call site at compile time.
#pragma once

#include <string_view>

namespace gpuslice::nvml {

// False for functions known to be read-only: getters, queries, and calls that concern only this process
// (initialisation, event sets, samples). Anything else counts as a change, including functions of future drivers.
[[nodiscard]] constexpr bool changes_something(std::string_view name) {
  if (!name.starts_with("nvml")) return true;
  name.remove_prefix(4);
  for (const std::string_view own : {"Init", "InitWithFlags", "Init_v2", "Shutdown", "ErrorString", "GpmSampleAlloc",
                                     "GpmSampleFree", "DeviceOnSameBoard", "DeviceRegisterEvents",
                                     "DeviceValidateInforom", "DeviceReadPRMCounters_v1", "SystemRegisterEvents"})
    if (name == own) return false;
  for (const std::string_view set : {"EventSet", "SystemEventSet"})
    if (name.starts_with(set)) return false;
  for (const std::string_view verb : {"Get", "Query", "IsMigDeviceHandle"})
    if (name.find(verb) != std::string_view::npos) return false;
  return true;
}

class Symbol {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to convert.
  consteval Symbol(const char* name) : name_(name), changes_(changes_something(name)) {}
  [[nodiscard]] constexpr const char* name() const { return name_; }
  [[nodiscard]] constexpr bool changes() const { return changes_; }

 private:
  const char* name_;
  bool changes_;
};

}  // namespace gpuslice::nvml
