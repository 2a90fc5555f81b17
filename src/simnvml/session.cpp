#include "simnvml/session.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>

#include "sim/node_dir.hpp"

namespace gpuslice::simnvml {
namespace {

std::atomic<sim::Driver*> the_driver{nullptr};
std::atomic<std::uint64_t> the_boot{0};
std::atomic<std::uint32_t> init_count{0};

// Guards only init and shutdown. fork waits for it, so that no child starts with it locked.
std::mutex& init_mutex() {
  static std::mutex mutex;
  return mutex;
}
void register_fork_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::pthread_atfork([] { init_mutex().lock(); }, [] { init_mutex().unlock(); }, [] { init_mutex().unlock(); });
  });
}

bool is_node(const std::string& directory) {
  struct stat info{};
  return ::stat((directory + "/state").c_str(), &info) == 0;
}

// NODE/lib/libnvidia-ml.so.1 -> NODE
std::string node_beside_library() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(&node_beside_library), &info) == 0 || info.dli_fname == nullptr) return {};
  char* real = ::realpath(info.dli_fname, nullptr);
  if (real == nullptr) return {};
  std::string path = real;
  std::free(real);
  for (int up = 0; up < 2; ++up) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {};
    path.resize(slash);
  }
  return is_node(path) ? path : std::string{};
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// True if the node is the same as before, neither deleted nor created again: its state file is the one that is mapped.
bool still_there(const sim::Driver& driver, const std::string& node) {
  return driver.directory() == node && driver.is_current();
}

abi::nvmlReturn_t open_driver() {
  auto node = node_beside_library();
  if (node.empty()) node = variable("GPUSLICE_SIM_NODE");
  if (node.empty()) node = sim::node_around();
  if (node.empty()) return abi::NVML_ERROR_DRIVER_NOT_LOADED;
  auto* existing = the_driver.load(std::memory_order_acquire);
  if (existing == nullptr || !still_there(*existing, node)) {
    auto opened = sim::Driver::open(node, sim::view_of(node));
    if (!opened) {
      switch (opened.error().kind) {
        case ErrorKind::permission:
          return abi::NVML_ERROR_NO_PERMISSION;
        case ErrorKind::unsupported:  // created by another version of gpuslice
          return abi::NVML_ERROR_LIB_RM_VERSION_MISMATCH;
        case ErrorKind::damaged:
          return abi::NVML_ERROR_UNKNOWN;
        default:
          return abi::NVML_ERROR_DRIVER_NOT_LOADED;
      }
    }
    existing = opened->release();  // never closed: see the header
    the_driver.store(existing, std::memory_order_release);
  }
  the_boot.store(existing->boot(), std::memory_order_release);
  return abi::NVML_SUCCESS;
}

}  // namespace

abi::nvmlReturn_t initialise() noexcept {
  try {
    register_fork_handlers();
    const std::scoped_lock lock(init_mutex());
    if (init_count.load() == 0) {
      const auto opened = open_driver();
      if (opened != abi::NVML_SUCCESS) return opened;
    }
    ++init_count;
    return abi::NVML_SUCCESS;
  } catch (const std::bad_alloc&) {
    return abi::NVML_ERROR_MEMORY;
  } catch (...) {
    return abi::NVML_ERROR_UNKNOWN;
  }
}

abi::nvmlReturn_t shut_down() noexcept {
  try {
    const std::scoped_lock lock(init_mutex());
    if (init_count.load() == 0) return abi::NVML_ERROR_UNINITIALIZED;
    --init_count;
    return abi::NVML_SUCCESS;
  } catch (...) {
    return abi::NVML_ERROR_UNKNOWN;
  }
}

bool current(Session& into) noexcept {
  if (init_count.load(std::memory_order_acquire) == 0) return false;
  into.driver = the_driver.load(std::memory_order_acquire);
  into.boot = the_boot.load(std::memory_order_acquire);
  return into.driver != nullptr;
}

}  // namespace gpuslice::simnvml
