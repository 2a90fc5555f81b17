// A dlopen'ed libnvidia-ml.so.1: symbols by name, looked up once, at their first call. Several threads may
// call at once.
#pragma once

#include <initializer_list>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "abi/nvml.hpp"
#include "base/result.hpp"
#include "nvml/symbol.hpp"

namespace gpuslice::nvml {

class Library {
 public:
  // not_found when `name` (a path, or a name for the loader) cannot be loaded.
  [[nodiscard]] static Result<Library> open(const std::string& name);
  Library(Library&& other) noexcept;
  Library& operator=(Library&&) = delete;
  ~Library();

  // From now on no function that changes something is looked up, let alone called.
  void forbid_changes() { changes_forbidden_ = true; }
  [[nodiscard]] bool changes_forbidden() const { return changes_forbidden_; }

  // Calls a function of C signature nvmlReturn_t(Args...) and gives what it returned; FUNCTION_NOT_FOUND when the
  // library has no such symbol, NO_PERMISSION when it changes something and that is forbidden.
  template <class... Args>
  [[nodiscard]] int call(Symbol symbol, Args... args) {
    if (changes_forbidden_ && symbol.changes()) return abi::NVML_ERROR_NO_PERMISSION;
    void* address = find(symbol);
    if (address == nullptr) return abi::NVML_ERROR_FUNCTION_NOT_FOUND;
    return reinterpret_cast<int (*)(Args...)>(address)(args...);
  }
  // Calls the first of these spellings of one signature, newest first, that the library has.
  template <class... Args>
  [[nodiscard]] int call_any(std::initializer_list<Symbol> spellings, Args... args) {
    int code = abi::NVML_ERROR_FUNCTION_NOT_FOUND;
    for (const Symbol symbol : spellings) {
      code = call(symbol, args...);
      if (code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) break;
    }
    return code;
  }
  // nvmlErrorString's words; those of driver 580 where the library has none.
  [[nodiscard]] std::string words(int code);

 private:
  explicit Library(void* handle) : handle_(handle) {}
  [[nodiscard]] void* find(Symbol symbol);

  void* handle_{};
  bool changes_forbidden_{};
  std::unique_ptr<std::shared_mutex> guard_ = std::make_unique<std::shared_mutex>();  // of the map
  std::unordered_map<const char*, void*> found_;  // keyed by the literal's address, so a call site looks up once
};

}  // namespace gpuslice::nvml
