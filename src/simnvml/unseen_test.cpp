// Unknown figures, and errors that are not reported: the call returns an error code instead of 0.
#include <gtest/gtest.h>

#include "abi/nvml_conf_compute.hpp"
#include "abi/nvml_memory_errors.hpp"
#include "abi/nvml_mig.hpp"
#include "abi/nvml_processes.hpp"
#include "simnvml/testing/library_client.hpp"

namespace gpuslice::simnvml {
namespace {

using namespace abi;

class Unseen : public testing::LibraryClient {
 protected:
  void open(std::string_view product, bool mig_on = false) {
    node.config.gpu_count = 1;
    node.config.gpus[0] = sim::testing::gpu_config(product, "580.126.09", {}, 0);
    node.config.gpus[0].ecc_supported = 1;
    node.start.gpus[0].ecc = node.start.gpus[0].ecc_pending = 1;
    node.start.gpus[0].mig.mode = node.start.gpus[0].mig.pending = mig_on;
    auto& errors = node.start.gpus[0].memory_errors;
    errors.recent.sram_corrected = errors.recent.dram_corrected = errors.recent.dram_uncorrected = 1;
    errors.ever = errors.recent;
    open_library();
    ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 0U, &gpu), NVML_SUCCESS);
  }
  // Creates an instance with the default compute instance, and returns its MIG device.
  void partition(unsigned profile, unsigned compute_profile) {
    nvmlGpuInstance_t gi{};
    nvmlComputeInstance_t ci{};
    ASSERT_EQ(call("nvmlDeviceCreateGpuInstance", gpu, profile, &gi), NVML_SUCCESS);
    ASSERT_EQ(call("nvmlGpuInstanceCreateComputeInstance", gi, compute_profile, &ci), NVML_SUCCESS);
    ASSERT_EQ(call("nvmlDeviceGetMigDeviceHandleByIndex", gpu, 0U, &mig_device), NVML_SUCCESS);
  }
  [[nodiscard]] nvmlReturn_t count(nvmlDevice_t of, unsigned type, unsigned counter, unsigned location) {
    value = 99;
    return call("nvmlDeviceGetMemoryErrorCounter", of, type, counter, location, &value);
  }
  [[nodiscard]] nvmlReturn_t total(unsigned type, unsigned counter) {
    value = 99;
    return call("nvmlDeviceGetTotalEccErrors", gpu, type, counter, &value);
  }

  nvmlDevice_t gpu{}, mig_device{};
  unsigned long long value{};
};

TEST_F(Unseen, UnknownMemoryIsNotZero) {
  open("thor-igpu");
  nvmlMemory_t first{1, 2, 3};
  nvmlMemory_v2_t second{nvmlMemory_v2, 1, 2, 3, 4};
  nvmlConfComputeMemSizeInfo_t sizes{1, 2};
  EXPECT_EQ(call("nvmlDeviceGetMemoryInfo", gpu, &first), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlDeviceGetMemoryInfo_v2", gpu, &second), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlDeviceGetConfComputeMemSizeInfo", gpu, &sizes), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(first.total, 1U) << "the struct must not change";
}

// A profile with an unknown figure is not listed, so no MIG device has it.
TEST_F(Unseen, ProfilesWithUnknownFiguresAreNotListed) {
  open("b200", true);
  unsigned offered = 0;
  for (unsigned number = 0; number < 17; ++number) {
    nvmlGpuInstanceProfileInfo_t info{};
    if (call("nvmlDeviceGetGpuInstanceProfileInfo", gpu, number, &info) != NVML_SUCCESS) continue;
    ++offered;
    EXPECT_GT(info.multiprocessorCount, 0U) << number;
    EXPECT_GT(info.memorySizeMB, 0U) << number;
    EXPECT_GT(info.copyEngineCount, 0U) << number;
  }
  EXPECT_GT(offered, 0U);
}

// NVML's documentation of nvmlAccountingStats_t defines a value for unknown memory.
TEST_F(Unseen, MemoryOfAProcessIsNotAvailable) {
  node.start.gpus[0].accounting = 1;
  open("a100-40gb");
  sim::Client client;
  client.kinds = 1;
  client.pid = 4711;
  client.memory_bytes = NVML_VALUE_NOT_AVAILABLE;
  const sim::testing::HeldClient held(*driver, client);
  nvmlAccountingStats_t stats{};
  ASSERT_EQ(call("nvmlDeviceGetAccountingStats", gpu, 4711U, &stats), NVML_SUCCESS);
  EXPECT_EQ(stats.maxMemoryUsage, NVML_VALUE_NOT_AVAILABLE);
}

enum : unsigned { corrected, uncorrected, recent = 0, ever = 1, dram = 2, sram = 7 };

TEST_F(Unseen, VolatileErrorsOfAGpuAreNotReportedWithMigOn) {
  open("a100-40gb", true);
  partition(14, 1);
  for (const unsigned type : {corrected, uncorrected}) {
    EXPECT_EQ(total(type, recent), NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(total(type, ever), NVML_SUCCESS);
    EXPECT_EQ(value, type == corrected ? 2U : 1U);
    nvmlEccErrorCounts_t counts{};
    EXPECT_EQ(call("nvmlDeviceGetDetailedEccErrors", gpu, type, 0U, &counts), NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(call("nvmlDeviceGetDetailedEccErrors", gpu, type, 1U, &counts), NVML_SUCCESS);
    EXPECT_EQ(counts.deviceMemory, 1U);
    for (const unsigned location : {dram, sram}) {
      EXPECT_EQ(count(gpu, type, recent, location), NVML_ERROR_NOT_SUPPORTED);
      EXPECT_EQ(value, 99U);
      EXPECT_EQ(count(gpu, type, ever, location), NVML_SUCCESS);
      EXPECT_EQ(value, type == uncorrected && location == sram ? 0U : 1U);
      // For an instance, only the uncorrected errors outside the DRAM since the driver was loaded are reported.
      for (const unsigned counter : {recent, ever})
        EXPECT_EQ(
            count(mig_device, type, counter, location),
            type == uncorrected && counter == recent && location == sram ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED);
    }
  }
  nvmlFieldValue_t fields[4]{};
  for (std::uint32_t i = 0; i < 4; ++i) fields[i].fieldId = 3 + i;
  ASSERT_EQ(call("nvmlDeviceGetFieldValues", gpu, 4, &fields[0]), NVML_SUCCESS);
  EXPECT_EQ(fields[0].nvmlReturn, NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(fields[1].nvmlReturn, NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(fields[2].nvmlReturn, NVML_SUCCESS);
  EXPECT_EQ(fields[2].value.ullVal, 2U);
}

TEST_F(Unseen, VolatileErrorsOfAGpuAreReportedWithMigOff) {
  open("a100-40gb");
  EXPECT_EQ(total(corrected, recent), NVML_SUCCESS);
  EXPECT_EQ(value, 2U);
  EXPECT_EQ(count(gpu, uncorrected, recent, dram), NVML_SUCCESS);
  EXPECT_EQ(value, 1U);
}

}  // namespace
}  // namespace gpuslice::simnvml
