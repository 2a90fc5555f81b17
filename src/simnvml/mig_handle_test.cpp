// A handle of a MIG device is valid as long as its device exists and the process may see it.
#include <gtest/gtest.h>

#include "simnvml/testing/library_client.hpp"

namespace gpuslice::simnvml {
namespace {

using namespace abi;

class MigHandle : public testing::LibraryClient {
 protected:
  // A process with access to one MIG device and nothing else, as in a container to which it was given.
  void SetUp() override {
    node.start.gpus[0].mig.mode = node.start.gpus[0].mig.pending = true;
    ASSERT_NO_FATAL_FAILURE(open_library());
    const auto gi = driver->create_gi(0, mig::GiProfileId{14}, std::nullopt);
    ASSERT_TRUE(gi);
    const auto ci = driver->create_ci(0, gi->id, mig::CiProfileId{1}, std::nullopt);
    ASSERT_TRUE(ci);
    of_gi = sim::cap_minor(0, gi->id);
    of_ci = sim::cap_minor(0, gi->id, ci->id);
    node.take(sim::cap_minor_monitor);
    node.take(sim::cap_minor_config);
    node.give(of_gi);
    node.give(of_ci);
    ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 0U, &gpu), NVML_SUCCESS);
    ASSERT_EQ(call("nvmlDeviceGetMigDeviceHandleByIndex", gpu, 0U, &device), NVML_SUCCESS);
  }
  // Checks each kind of call that takes the handle.
  void expect(nvmlReturn_t answer) const {
    char text[96]{};
    unsigned number{};
    nvmlMemory_t memory{};
    nvmlDevice_t parent{};
    EXPECT_EQ(call("nvmlDeviceGetUUID", device, text, 96U), answer);
    EXPECT_EQ(call("nvmlDeviceGetName", device, text, 96U), answer);
    EXPECT_EQ(call("nvmlDeviceGetMemoryInfo", device, &memory), answer);
    EXPECT_EQ(call("nvmlDeviceIsMigDeviceHandle", device, &number), answer);
    EXPECT_EQ(call("nvmlDeviceGetGpuInstanceId", device, &number), answer);
    EXPECT_EQ(call("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", device, &parent), answer);
    EXPECT_EQ(call("nvmlDeviceGetComputeRunningProcesses_v3", device, &number, nullptr), answer);
  }

  unsigned of_gi{}, of_ci{};
  nvmlDevice_t gpu{}, device{};
};

TEST_F(MigHandle, WorksWithTheCapabilitiesOfItsInstances) { expect(NVML_SUCCESS); }

TEST_F(MigHandle, IsInvalidOnceItsComputeInstanceIsWithdrawn) {
  node.take(of_ci);
  expect(NVML_ERROR_INVALID_ARGUMENT);
  nvmlDevice_t again{};
  EXPECT_EQ(call("nvmlDeviceGetMigDeviceHandleByIndex", gpu, 0U, &again), NVML_ERROR_NOT_FOUND);
  node.give(of_ci);
  expect(NVML_SUCCESS);
}

TEST_F(MigHandle, IsInvalidOnceItsGpuInstanceIsWithdrawn) {
  node.take(of_gi);
  expect(NVML_ERROR_INVALID_ARGUMENT);
  node.give(sim::cap_minor_monitor);
  expect(NVML_SUCCESS);
}

TEST_F(MigHandle, IsInvalidOnceItsDeviceIsGone) {
  node.give(sim::cap_minor_config);
  const auto state = driver->gpu(0);
  ASSERT_FALSE(state.mig.partition.instances.empty());
  const auto gi = state.mig.partition.instances[0].id;
  ASSERT_TRUE(driver->destroy_ci(0, gi, mig::CiId{0}));
  expect(NVML_ERROR_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace gpuslice::simnvml
