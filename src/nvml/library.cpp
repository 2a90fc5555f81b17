#include "nvml/library.hpp"

#include <dlfcn.h>

#include <mutex>
#include <utility>

#include "base/driver_codes.hpp"

namespace gpuslice::nvml {

Result<Library> Library::open(const std::string& name) {
  void* handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps the text per thread
    return std::unexpected(
        Error{ErrorKind::not_found, name,
              std::string("cannot load the NVIDIA driver library: ") + (why != nullptr ? why : "unknown reason"),
              Hint::gpuslice({"sim", "list"}), abi::NVML_ERROR_LIBRARY_NOT_FOUND,
              driver_words(abi::NVML_ERROR_LIBRARY_NOT_FOUND)});
  }
  return Library(handle);
}

Library::Library(Library&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      changes_forbidden_(other.changes_forbidden_),
      guard_(std::move(other.guard_)),
      found_(std::move(other.found_)) {}

Library::~Library() {
  if (handle_ != nullptr) ::dlclose(handle_);
}

void* Library::find(Symbol symbol) {
  {
    const std::shared_lock lock(*guard_);
    if (const auto known = found_.find(symbol.name()); known != found_.end()) return known->second;
  }
  void* address = ::dlsym(handle_, symbol.name());
  const std::scoped_lock lock(*guard_);
  found_.emplace(symbol.name(), address);
  return address;
}

std::string Library::words(int code) {
  if (void* address = find("nvmlErrorString"); address != nullptr) {
    const char* text = reinterpret_cast<const char* (*)(int)>(address)(code);
    if (text != nullptr) return text;
  }
  return driver_words(code);
}

}  // namespace gpuslice::nvml
