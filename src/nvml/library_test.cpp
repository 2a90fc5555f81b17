#include "nvml/library.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "nvml/testing/fake_driver.hpp"

namespace gpuslice::nvml {
namespace {

using testing::FakeDriver;

auto times_looked_up(const std::string& symbol) { return std::ranges::count(FakeDriver::looked_up(), symbol); }

Library opened(const FakeDriver& driver) {
  auto library = Library::open(driver.path());
  if (!library) throw std::runtime_error(library.error().message());
  return std::move(*library);
}

// The library itself enforces this: even a caller that did not check first cannot change anything.
TEST(Library, WithChangesForbiddenTheFunctionIsNeitherLookedUpNorCalled) {
  const FakeDriver driver;
  auto library = opened(driver);
  library.forbid_changes();
  abi::nvmlDevice_t device{};
  ASSERT_EQ(library.call("nvmlDeviceGetHandleByIndex_v2", 0U, &device), 0);
  EXPECT_EQ(library.call("nvmlDeviceSetComputeMode", device, 3U), abi::NVML_ERROR_NO_PERMISSION);
  EXPECT_EQ(library.call_any({"nvmlDeviceSetComputeMode", "nvmlDeviceSetPersistenceMode"}, device, 1U),
            abi::NVML_ERROR_NO_PERMISSION);
  EXPECT_EQ(times_looked_up("nvmlDeviceSetComputeMode"), 0);
  EXPECT_EQ(times_looked_up("nvmlDeviceSetPersistenceMode"), 0);
  EXPECT_EQ(driver->told, "");
}

// This also applies to functions that were looked up before.
TEST(Library, ForbiddingAppliesToFunctionsCalledBefore) {
  const FakeDriver driver;
  auto library = opened(driver);
  abi::nvmlDevice_t device{};
  ASSERT_EQ(library.call("nvmlDeviceGetHandleByIndex_v2", 0U, &device), 0);
  const auto prohibit = [&] { return library.call("nvmlDeviceSetComputeMode", device, 2U); };
  EXPECT_EQ(prohibit(), 0);
  library.forbid_changes();
  EXPECT_EQ(prohibit(), abi::NVML_ERROR_NO_PERMISSION);
  EXPECT_EQ(driver->told, "SetComputeMode(2) ");
}

TEST(Library, CallsTheFirstNameThatTheLibraryHas) {
  const FakeDriver driver(FakeDriver::Age::old);
  auto library = opened(driver);
  unsigned count = 0;
  EXPECT_EQ(library.call("nvmlDeviceGetCount_v2", &count), abi::NVML_ERROR_FUNCTION_NOT_FOUND);
  EXPECT_EQ(library.call_any({"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"}, &count), 0);
  EXPECT_EQ(count, 2U);
}

TEST(Library, ErrorTextIsTheDriversOrElseThatOfDriver580) {
  const FakeDriver driver;
  EXPECT_EQ(opened(driver).words(19), "driver text for 19");
  auto other = Library::open("libm.so.6");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->words(19), "In use by another client");
}

}  // namespace
}  // namespace gpuslice::nvml
