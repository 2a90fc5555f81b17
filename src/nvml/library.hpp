// A dlopen'ed libnvidia-ml.so.1: symbols by name, looked up once.
#pragma once

#include <string>
#include <unordered_map>

#include "abi/nvml.hpp"
#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::nvml {

class Library {
 public:
  [[nodiscard]] static Result<Library> open(const std::string& name);
  Library(Library&& other) noexcept;
  Library& operator=(Library&&) = delete;
  ~Library();

  // Forbids the look-up of functions that change something.
  void forbid_changes() { changes_forbidden_ = true; }

  // Calls `name` with the C signature nvmlReturn_t(Args...); FUNCTION_NOT_FOUND when the library has no such symbol,
  // NO_PERMISSION when it changes something and that is forbidden.
  template <class... Args>
  [[nodiscard]] int call(const char* name, Args... args) {
    void* address = find(name);
    if (address == nullptr) return forbidden(name) ? abi::NVML_ERROR_NO_PERMISSION : abi::NVML_ERROR_FUNCTION_NOT_FOUND;
    return reinterpret_cast<int (*)(Args...)>(address)(args...);
  }
  [[nodiscard]] bool has(const char* name) { return find(name) != nullptr; }
  // nvmlErrorString's words; ours where the library has none.
  [[nodiscard]] std::string words(int code);

 private:
  explicit Library(void* handle) : handle_(handle) {}
  [[nodiscard]] void* find(const char* name);
  [[nodiscard]] bool forbidden(const char* name) const;

  void* handle_{};
  bool changes_forbidden_{};
  std::unordered_map<const char*, void*> found_;  // keyed by the literal's address: each call site's name is looked up once
};

}  // namespace gpuslice::nvml
