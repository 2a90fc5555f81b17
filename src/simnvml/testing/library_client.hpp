// The built driver library on a temporary node, called as a client calls it: through its symbols.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "abi/nvml.hpp"
#include "sim/testing/temp_node.hpp"

namespace gpuslice::simnvml::testing {

class LibraryClient : public ::testing::Test {
 protected:
  // Creates the configured node and initialises the library on it.
  void open_library() {
    node.make();
    ::setenv("GPUSLICE_SIM_NODE", node.dir.path().c_str(), 1);
    library = ::dlopen(GPUSLICE_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << ::dlerror();
    driver = node.open();
    ASSERT_EQ(call("nvmlInit_v2"), abi::NVML_SUCCESS);
  }
  void TearDown() override {
    while (call("nvmlShutdown") == abi::NVML_SUCCESS) {
    }
  }

  template <class... A>
  abi::nvmlReturn_t call(const char* function, A... arguments) const {
    using Function = abi::nvmlReturn_t (*)(A...);
    const auto found = reinterpret_cast<Function>(::dlsym(library, function));
    return found != nullptr ? found(arguments...) : abi::NVML_ERROR_FUNCTION_NOT_FOUND;
  }

  sim::testing::TempNode node{{{"a100-40gb"}, {"a100-40gb"}}};
  void* library{};
  std::unique_ptr<sim::Driver> driver;
};

}  // namespace gpuslice::simnvml::testing
