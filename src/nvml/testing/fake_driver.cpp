#include "nvml/testing/fake_driver.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <mutex>

namespace {
std::mutex guard;
std::vector<std::string> names;
}  // namespace

// The linker puts this in place of dlsym (-Wl,--wrap=dlsym), so that a test can check which symbols are looked up.
extern "C" void* __real_dlsym(void* handle, const char* name);
extern "C" void* __wrap_dlsym(void* handle, const char* name);
extern "C" void* __wrap_dlsym(void* handle, const char* name) {
  {
    const std::scoped_lock lock(guard);
    names.emplace_back(name);
  }
  return __real_dlsym(handle, name);
}

namespace gpuslice::nvml::testing {

FakeDriver::FakeDriver(Age age) : path_(age == Age::old ? GPUSLICE_FAKE_OLD_NVML : GPUSLICE_FAKE_NVML) {
  handle_ = ::dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_ == nullptr) throw std::runtime_error(::dlerror());
  script_ = reinterpret_cast<Script* (*)()>(::dlsym(handle_, "fake_script"))();
  *script_ = Script{};
  names.clear();
}
FakeDriver::~FakeDriver() { ::dlclose(handle_); }

Options FakeDriver::options() const {
  Options options;
  options.library = path_;
  return options;
}
std::unique_ptr<DriverNode> FakeDriver::open() const {
  auto node = nvml::open(options());
  if (!node) throw std::runtime_error(node.error().message());
  return std::move(*node);
}
const std::vector<std::string>& FakeDriver::looked_up() { return names; }

}  // namespace gpuslice::nvml::testing
