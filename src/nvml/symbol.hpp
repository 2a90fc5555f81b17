// The name of a function of libnvidia-ml.so.1, and whether calling it could change something.
//
// Only literals convert, while compiling: so a name outlives every table keyed by it, and what is forbidden on a driver
// that may only be read is known for each call site before anything runs.
#pragma once

#include <string_view>

namespace gpuslice::nvml {

// False for what is known to read only: getters, questions, and what concerns this process alone (initialising, event
// sets, samples). Anything else counts as a change, functions of drivers to come included.
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
