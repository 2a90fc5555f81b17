// A dlopen'ed libnvidia-ml.so.1. Each symbol is looked up by name once, at its first call. Several threads may call at
// once.
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
  // not_found if `name` (a path, or a name for the loader) cannot be loaded.
  [[nodiscard]] static Result<Library> open(const std::string& name);
  Library(Library&& other) noexcept;
  Library& operator=(Library&&) = delete;
  ~Library();

  // From now on functions that change something are neither looked up nor called.
  void forbid_changes() { changes_forbidden_ = true; }
  [[nodiscard]] bool changes_forbidden() const { return changes_forbidden_; }

  // Calls a function of C signature nvmlReturn_t(Args...) and returns its result: FUNCTION_NOT_FOUND if the library has
  // no such symbol, NO_PERMISSION if the function changes something and that is forbidden.
  template <class... Args>
  [[nodiscard]] int call(Symbol symbol, Args... args) {
    if (changes_forbidden_ && symbol.changes()) return abi::NVML_ERROR_NO_PERMISSION;
    void* address = find(symbol);
    if (address == nullptr) return abi::NVML_ERROR_FUNCTION_NOT_FOUND;
    return reinterpret_cast<int (*)(Args...)>(address)(args...);
  }
  // Calls a function that has several names with one signature: the first of these names, newest first, that the
  // library has.
  template <class... Args>
  [[nodiscard]] int call_any(std::initializer_list<Symbol> spellings, Args... args) {
    int code = abi::NVML_ERROR_FUNCTION_NOT_FOUND;
    for (const Symbol symbol : spellings) {
      code = call(symbol, args...);
      if (code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) break;
    }
    return code;
  }
  // The text from nvmlErrorString, or that of driver 580 if the library has none.
  [[nodiscard]] std::string words(int code);

 private:
  explicit Library(void* handle) : handle_(handle) {}
  [[nodiscard]] void* find(Symbol symbol);

  void* handle_{};
  bool changes_forbidden_{};
  std::unique_ptr<std::shared_mutex> guard_ = std::make_unique<std::shared_mutex>();  // guards the map
  std::unordered_map<const char*, void*> found_;  // keyed by the literal's address: one look-up per call site
};

}  // namespace gpuslice::nvml
