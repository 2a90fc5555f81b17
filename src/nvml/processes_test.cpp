#include "abi/nvml_processes.hpp"
#include "nvml/facets.hpp"

#include <gtest/gtest.h>

#include "nvml/testing/fake_driver.hpp"

namespace gpuslice::nvml {
namespace {

using testing::FakeDriver;

constexpr unsigned compute = 1, graphics = 2, mps = 4;
constexpr unsigned none = ~0U;

abi::nvmlProcessInfo_v2_t entry(unsigned pid, unsigned long long memory, unsigned gi = none, unsigned ci = none) {
  return {pid, memory, gi, ci};
}
std::vector<node::Process> processes_of(const FakeDriver& driver) {
  const auto answer = driver.open()->processes().of({GpuIndex{0}, {}});
  EXPECT_TRUE(answer);
  return answer.value_or(std::vector<node::Process>{});
}

TEST(Processes, KindsAreCombinedFromThreeLists) {
  const FakeDriver driver;
  driver->compute.entries = {entry(30, 300), entry(10, 100), entry(20, 200)};
  driver->graphics.entries = {entry(20, 200), entry(40, 400)};
  driver->mps.entries = {entry(10, 100), entry(20, 200)};
  const auto found = processes_of(driver);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].pid, 10U);
  EXPECT_EQ(found[0].kinds, compute | mps);
  EXPECT_EQ(found[0].name, "program-10");
  EXPECT_EQ(found[0].memory, 100U);
  EXPECT_FALSE(found[0].gi);
  EXPECT_FALSE(found[0].ci);
  EXPECT_EQ(found[1].pid, 20U);
  EXPECT_EQ(found[1].kinds, compute | graphics | mps);
  EXPECT_EQ(found[2].pid, 30U);
  EXPECT_EQ(found[2].kinds, compute);
  EXPECT_EQ(found[3].pid, 40U);
  EXPECT_EQ(found[3].kinds, graphics);
}

TEST(Processes, MpsCountsOnlyIfTheComputeListHasThePid) {
  const FakeDriver driver;
  driver->graphics.entries = {entry(1, 10)};
  driver->mps.entries = {entry(1, 10), entry(2, 20)};
  const auto found = processes_of(driver);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pid, 1U);
  EXPECT_EQ(found[0].kinds, graphics);
}

TEST(Processes, OneOnTwoInstancesHasAnEntryForEach) {
  const FakeDriver driver;
  driver->compute.entries = {entry(7, 200, 5, 0), entry(7, 100, 3, 1)};
  driver->mps.entries = {entry(7, 200, 5, 0)};
  const auto found = processes_of(driver);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].gi, 3U);
  EXPECT_EQ(found[0].ci, 1U);
  EXPECT_EQ(found[0].memory, 100U);
  EXPECT_EQ(found[0].kinds, compute);
  EXPECT_EQ(found[1].gi, 5U);
  EXPECT_EQ(found[1].ci, 0U);
  EXPECT_EQ(found[1].kinds, compute | mps);
}

TEST(Processes, UnknownMemoryAndNamesAreAbsent) {
  const FakeDriver driver;
  driver->compute.entries = {entry(404, abi::NVML_VALUE_NOT_AVAILABLE)};
  const auto found = processes_of(driver);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].memory);
  EXPECT_EQ(found[0].name, "");
}

TEST(Processes, AListThatGrowsIsReadAgainWithALargerBuffer) {
  const FakeDriver driver;
  for (unsigned pid = 0; pid < 200; ++pid) driver->compute.entries.push_back(entry(pid, 1));
  driver->grows = 2;
  EXPECT_EQ(processes_of(driver).size(), 200U);
}

TEST(Processes, AListThatNeverFitsIsAnError) {
  const FakeDriver driver;
  driver->grows = ~0U;
  const auto answer = driver.open()->processes().of({GpuIndex{0}, {}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, abi::NVML_ERROR_INSUFFICIENT_SIZE);
}

TEST(Processes, OnlyTheComputeListIsRequired) {
  const FakeDriver driver;
  driver->compute.entries = {entry(1, 10)};
  driver->graphics.code = abi::NVML_ERROR_NOT_SUPPORTED;
  driver->mps.code = abi::NVML_ERROR_NOT_SUPPORTED;
  EXPECT_EQ(processes_of(driver).size(), 1U);
  driver->compute.code = abi::NVML_ERROR_NO_PERMISSION;
  const auto answer = driver.open()->processes().of({GpuIndex{0}, {}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, node::err_no_permission);
}

TEST(Processes, AreReadFromTheOlderListsOfAnOldDriver) {
  const FakeDriver driver(FakeDriver::Age::old);
  driver->compute.entries = {entry(10, 100)};
  const auto found = processes_of(driver);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pid, 10U);
  EXPECT_EQ(found[0].kinds, compute);
}

}  // namespace
}  // namespace gpuslice::nvml
