// The effect of a load on the answers of the library, with and without MIG, and changing settings through the library.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "abi/nvml_clocks.hpp"
#include "abi/nvml_gpm.hpp"
#include "abi/nvml_links.hpp"
#include "abi/nvml_memory_errors.hpp"
#include "abi/nvml_power.hpp"
#include "abi/nvml_processes.hpp"
#include "sim/clock.hpp"
#include "simnvml/testing/library_client.hpp"

namespace gpuslice::simnvml {
namespace {

using namespace abi;

class Library : public testing::LibraryClient {
 protected:
  void SetUp() override {
    node.config.gpu_count = 2;
    for (std::uint32_t i = 0; i < 2; ++i) {
      node.config.gpus[i] = sim::testing::gpu_config("h200", "580.126.09", {}, i);
      node.config.gpus[i].ecc_supported = 1;
      node.start.gpus[i].ecc = node.start.gpus[i].ecc_pending = 1;
      node.start.gpus[i].usage.until_us = sim::wall_clock_us();
    }
  }
  void open() {
    open_library();
    ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 0U, &gpu), NVML_SUCCESS);
  }
  static sim::Client client(sim::Load load, std::int32_t gi = -1, std::int32_t ci = -1) {
    sim::Client one;
    one.kinds = 1;
    one.pid = 4711;
    one.gi = gi;
    one.ci = ci;
    one.started_us = sim::wall_clock_us() - 60'000'000;
    one.load = load;
    return one;
  }
  [[nodiscard]] unsigned read(const char* function) const {
    unsigned value = ~0U;
    EXPECT_EQ(call(function, gpu, &value), NVML_SUCCESS) << function;
    return value;
  }

  nvmlDevice_t gpu{};
};

TEST_F(Library, ALoadShowsInAllReadings) {
  open();
  const sim::testing::HeldClient busy(*driver, client({.sm = 100, .memory = 30, .encoder = 10, .decoder = 20}));
  nvmlUtilization_t rates{};
  ASSERT_EQ(call("nvmlDeviceGetUtilizationRates", gpu, &rates), NVML_SUCCESS);
  EXPECT_EQ(rates.gpu, 100U);
  EXPECT_EQ(rates.memory, 30U);
  unsigned percent{}, period{};
  ASSERT_EQ(call("nvmlDeviceGetDecoderUtilization", gpu, &percent, &period), NVML_SUCCESS);
  EXPECT_EQ(percent, 20U);
  nvmlGpuDynamicPstatesInfo_t states{};
  ASSERT_EQ(call("nvmlDeviceGetDynamicPstatesInfo", gpu, &states), NVML_SUCCESS);
  EXPECT_EQ(states.utilization[1].percentage, 30U);
  EXPECT_GT(read("nvmlDeviceGetPowerUsage"), 340000U);

  unsigned count = 1;
  nvmlProcessUtilizationSample_t process{};
  ASSERT_EQ(call("nvmlDeviceGetProcessUtilization", gpu, &process, &count, 0ULL), NVML_SUCCESS);
  EXPECT_EQ(process.pid, 4711U);
  EXPECT_EQ(process.encUtil, 10U);
  EXPECT_EQ(call("nvmlDeviceGetProcessUtilization", gpu, &process, &count, process.timeStamp + 60'000'000),
            NVML_ERROR_NOT_FOUND);

  std::vector<nvmlSample_t> samples(119);
  unsigned type{};
  count = 119;
  ASSERT_EQ(call("nvmlDeviceGetSamples", gpu, 0U, 0ULL, &type, &count, samples.data()), NVML_SUCCESS);
  EXPECT_EQ(count, 119U);
  EXPECT_EQ(samples[0].sampleValue.uiVal, read("nvmlDeviceGetPowerUsage"));
  EXPECT_EQ(samples[1].timeStamp - samples[0].timeStamp, 20000U);
  count = 1;
  EXPECT_EQ(call("nvmlDeviceGetSamples", gpu, 1U, 0ULL, &type, &count, samples.data()), NVML_ERROR_INSUFFICIENT_SIZE);
}

TEST_F(Library, WithMigOnOnlyPowerAndTemperatureShowALoad) {
  const auto& can = (*catalog::find("h200"))->capability;
  auto& mig = node.start.gpus[0].mig;
  mig.mode = true;
  const auto& profile = *can.find("3g.71gb");
  const auto& whole = *profile.default_compute();
  mig = mig::step(can, mig, {}, mig::CreateGi{profile.id, profile.sites[0], mig::GiId{2}})->state;
  mig = mig::step(can, mig, {}, mig::CreateCi{mig::GiId{2}, whole.id, whole.sites[0], mig::CiId{0}})->state;
  open();
  const sim::testing::HeldClient busy(*driver, client({.sm = 100}, 2, 0));
  nvmlUtilization_t rates{};
  unsigned percent{}, period{};
  EXPECT_EQ(call("nvmlDeviceGetUtilizationRates", gpu, &rates), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlDeviceGetEncoderUtilization", gpu, &percent, &period), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(read("nvmlDeviceGetPowerUsage") / 1000, 217U);  // 43 % of the multiprocessors

  nvmlDevice_t device{};
  ASSERT_EQ(call("nvmlDeviceGetMigDeviceHandleByIndex", gpu, 0U, &device), NVML_SUCCESS);
  nvmlGpmSample_t first{}, second{};
  ASSERT_EQ(call("nvmlGpmSampleAlloc", &first), NVML_SUCCESS);
  ASSERT_EQ(call("nvmlGpmSampleAlloc", &second), NVML_SUCCESS);
  nvmlGpmMetricsGet_t names{};
  names.version = 1;
  names.numMetrics = 3;
  names.sample1 = first;
  names.sample2 = second;
  names.metrics[0].metricId = 2;
  names.metrics[1].metricId = 8;
  names.metrics[2].metricId = 300;
  ASSERT_EQ(call("nvmlGpmMetricsGet", &names), NVML_SUCCESS) << "two samples that were not taken return the names";
  EXPECT_EQ(names.metrics[0].nvmlReturn, NVML_ERROR_UNINITIALIZED);
  EXPECT_STREQ(names.metrics[0].metricInfo.shortName, "smutil");
  EXPECT_EQ(names.metrics[1].metricInfo.shortName, nullptr);
  EXPECT_EQ(names.metrics[2].nvmlReturn, NVML_ERROR_INVALID_ARGUMENT);
  ASSERT_EQ(call("nvmlGpmSampleGet", device, first), NVML_SUCCESS);
  EXPECT_EQ(call("nvmlGpmMetricsGet", &names), NVML_ERROR_INVALID_ARGUMENT) << "only one of the samples was taken";
  ASSERT_EQ(call("nvmlGpmMigSampleGet", gpu, 2U, second), NVML_SUCCESS);
  EXPECT_EQ(call("nvmlGpmMigSampleGet", gpu, 3U, second), NVML_ERROR_INVALID_ARGUMENT);
  nvmlGpmMetricsGet_t metrics{};
  metrics.version = 1;
  metrics.numMetrics = 2;
  metrics.sample1 = first;
  metrics.sample2 = second;
  metrics.metrics[0].metricId = 2;
  metrics.metrics[1].metricId = 3;
  ASSERT_EQ(call("nvmlGpmMetricsGet", &metrics), NVML_SUCCESS);
  EXPECT_EQ(metrics.metrics[0].value, 100.0);
  EXPECT_EQ(metrics.metrics[1].nvmlReturn, NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlGpmSampleFree", first), NVML_SUCCESS);
  EXPECT_EQ(call("nvmlGpmSampleFree", first), NVML_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(call("nvmlGpmMetricsGet", &metrics), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Library, SettingsTakeEffectAndNeedPermission) {
  open();
  ASSERT_EQ(call("nvmlDeviceSetPowerManagementLimit", gpu, 250000U), NVML_SUCCESS);
  EXPECT_EQ(read("nvmlDeviceGetEnforcedPowerLimit"), 250000U);
  EXPECT_EQ(read("nvmlDeviceGetPowerManagementDefaultLimit"), 700000U);
  EXPECT_EQ(call("nvmlDeviceSetPowerManagementLimit", gpu, 100000U), NVML_ERROR_INVALID_ARGUMENT);
  nvmlPowerValue_v2_t value;
  std::memset(&value, 0xA5, sizeof value);  // like the padding that nvidia-smi leaves uninitialised
  value.version = nvmlPowerValue_v2;
  value.powerScope = 0;
  value.powerValueMw = 250000;
  EXPECT_EQ(call("nvmlDeviceSetPowerManagementLimit_v2", gpu, &value), NVML_SUCCESS);
  value.powerScope = 1;
  EXPECT_EQ(call("nvmlDeviceSetPowerManagementLimit_v2", gpu, &value), NVML_ERROR_NOT_SUPPORTED);
  ASSERT_EQ(call("nvmlDeviceSetGpuLockedClocks", gpu, 345U, 990U), NVML_SUCCESS);
  unsigned mhz{};
  ASSERT_EQ(call("nvmlDeviceGetClockInfo", gpu, 0U, &mhz), NVML_SUCCESS);
  EXPECT_EQ(mhz, 990U);
  ASSERT_EQ(call("nvmlDeviceSetEccMode", gpu, 0U), NVML_SUCCESS);
  unsigned now{}, pending{};
  ASSERT_EQ(call("nvmlDeviceGetEccMode", gpu, &now, &pending), NVML_SUCCESS);
  EXPECT_EQ(now, 1U);
  EXPECT_EQ(pending, 0U);
  ASSERT_EQ(call("nvmlDeviceSetAccountingMode", gpu, 1U), NVML_SUCCESS);
  EXPECT_EQ(read("nvmlDeviceGetAccountingMode"), 1U);
  node.take(sim::cap_minor_config);
  for (const char* function : {"nvmlDeviceSetPowerManagementLimit", "nvmlDeviceSetEccMode",
                               "nvmlDeviceClearEccErrorCounts", "nvmlDeviceSetAccountingMode"})
    EXPECT_EQ(call(function, gpu, 1U), NVML_ERROR_NO_PERMISSION) << function;
  EXPECT_EQ(call("nvmlDeviceResetGpuLockedClocks", gpu), NVML_ERROR_NO_PERMISSION);
}

TEST_F(Library, AccountsForAProcess) {
  open();
  ASSERT_EQ(call("nvmlDeviceSetAccountingMode", gpu, 1U), NVML_SUCCESS);
  auto busy = std::make_unique<sim::testing::HeldClient>(*driver, client({.sm = 60, .memory = 20}));
  unsigned count = 0, pid = 0;
  EXPECT_EQ(call("nvmlDeviceGetAccountingPids", gpu, &count, &pid), NVML_ERROR_INSUFFICIENT_SIZE);
  ASSERT_EQ(count, 1U);
  ASSERT_EQ(call("nvmlDeviceGetAccountingPids", gpu, &count, &pid), NVML_SUCCESS);
  EXPECT_EQ(pid, 4711U);
  nvmlAccountingStats_t stats{};
  ASSERT_EQ(call("nvmlDeviceGetAccountingStats", gpu, pid, &stats), NVML_SUCCESS);
  EXPECT_EQ(stats.isRunning, 1U);
  EXPECT_EQ(stats.time, 0U);
  busy.reset();
  ASSERT_EQ(call("nvmlDeviceGetAccountingStats", gpu, pid, &stats), NVML_SUCCESS);
  EXPECT_EQ(stats.isRunning, 0U);
  EXPECT_EQ(stats.gpuUtilization, 60U);
  EXPECT_GE(stats.time, 60000U);
  ASSERT_EQ(call("nvmlDeviceClearAccountingPids", gpu), NVML_SUCCESS);
  EXPECT_EQ(call("nvmlDeviceGetAccountingStats", gpu, pid, &stats), NVML_ERROR_NOT_FOUND);
}

TEST_F(Library, CountsErrorsOfTheMemory) {
  open();
  ASSERT_TRUE(driver->raise({.type = sim::EventType::double_bit_ecc}));
  ASSERT_TRUE(driver->raise({.type = sim::EventType::double_bit_ecc}, true));
  unsigned long long errors{};
  ASSERT_EQ(call("nvmlDeviceGetTotalEccErrors", gpu, 1U, 0U, &errors), NVML_SUCCESS);
  EXPECT_EQ(errors, 2U);
  nvmlEccSramErrorStatus_v1_t sram{};
  sram.version = nvmlEccSramErrorStatus_v1;
  ASSERT_EQ(call("nvmlDeviceGetSramEccErrorStatus", gpu, &sram), NVML_SUCCESS);
  EXPECT_EQ(sram.volatileUncSecDed, 1U);
  nvmlRemappedRowsInfo_v2_t rows{};
  ASSERT_EQ(call("nvmlDeviceGetRemappedRows_v2", gpu, &rows), NVML_SUCCESS);
  EXPECT_EQ(rows.uncActiveRemaps, 1U);
  EXPECT_EQ(rows.bPending, 1U);
  ASSERT_EQ(call("nvmlDeviceClearEccErrorCounts", gpu, 0U), NVML_SUCCESS);
  ASSERT_EQ(call("nvmlDeviceGetTotalEccErrors", gpu, 1U, 0U, &errors), NVML_SUCCESS);
  EXPECT_EQ(errors, 0U);
  ASSERT_EQ(call("nvmlDeviceGetTotalEccErrors", gpu, 1U, 1U, &errors), NVML_SUCCESS);
  EXPECT_EQ(errors, 2U);
}

TEST_F(Library, LinksBeyondThoseOfTheBoardAreNotSupported) {
  node.config.nvswitch = 1;
  node.config.nvswitches = 6;
  node.config.gpus[0] = sim::testing::gpu_config("a100-40gb", "580.126.09", {}, 0);
  open();
  nvmlPciInfo_t pci{};
  EXPECT_EQ(call("nvmlDeviceGetNvLinkRemotePciInfo_v2", gpu, 11U, &pci), NVML_SUCCESS);
  EXPECT_EQ(call("nvmlDeviceGetNvLinkRemotePciInfo_v2", gpu, 12U, &pci), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlDeviceGetNvLinkRemotePciInfo_v2", gpu, 18U, &pci), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Library, NearestGpusAreCountedWithoutABuffer) {
  open();
  unsigned count = 0;
  EXPECT_EQ(call("nvmlDeviceGetTopologyNearestGpus", gpu, 0U, &count, nullptr), NVML_SUCCESS);
  EXPECT_EQ(count, 0U);
  nvmlDevice_t near[1]{};
  EXPECT_EQ(call("nvmlDeviceGetTopologyNearestGpus", gpu, 0U, &count, near), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Library, GpusOfAFabricAreLinked) {
  node.config.nvswitch = 1;
  node.config.nvswitches = 4;
  node.config.nvswitch_bus = 5;
  node.config.nvswitch_device = 0x22a3;
  open();
  unsigned value{};
  ASSERT_EQ(call("nvmlDeviceGetNvLinkState", gpu, 17U, &value), NVML_SUCCESS);
  EXPECT_EQ(value, 1U);
  EXPECT_EQ(call("nvmlDeviceGetNvLinkState", gpu, 18U, &value), NVML_ERROR_INVALID_ARGUMENT);
  ASSERT_EQ(call("nvmlDeviceGetNvLinkVersion", gpu, 0U, &value), NVML_SUCCESS);
  EXPECT_EQ(value, 6U);  // 4.0
  nvmlPciInfo_t pci{};
  ASSERT_EQ(call("nvmlDeviceGetNvLinkRemotePciInfo_v2", gpu, 1U, &pci), NVML_SUCCESS);
  EXPECT_STREQ(pci.busId, "00000000:06:00.0");
  EXPECT_EQ(pci.pciDeviceId, 0x22a310deU);
  nvmlGpuFabricInfo_v3_t fabric{};
  fabric.version = nvmlGpuFabricInfo_v3;
  ASSERT_EQ(call("nvmlDeviceGetGpuFabricInfoV", gpu, &fabric), NVML_SUCCESS);
  EXPECT_EQ(fabric.state, 3U);
  nvmlDevice_t other{};
  ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 1U, &other), NVML_SUCCESS);
  ASSERT_EQ(call("nvmlDeviceGetP2PStatus", gpu, other, 0U, &value), NVML_SUCCESS);
  EXPECT_EQ(value, 0U);
  unsigned count = 4;
  nvmlDevice_t near[4] = {};
  ASSERT_EQ(call("nvmlDeviceGetTopologyNearestGpus", gpu, 40U, &count, near), NVML_SUCCESS);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(near[0], other);
  nvmlFieldValue_t links{};
  links.fieldId = 91;
  ASSERT_EQ(call("nvmlDeviceGetFieldValues", gpu, 1, &links), NVML_SUCCESS);
  EXPECT_EQ(links.value.uiVal, 18U);
}

TEST_F(Library, ABlackwellBoardReportsItsLocationAndTheFabricsHealth) {
  node.config.gpus[0] = sim::testing::gpu_config("b200", "580.126.09", {}, 0);
  node.config.nvswitch = 1;
  open();
  nvmlPlatformInfo_v2_t place{};
  place.version = nvmlPlatformInfo_v2;
  ASSERT_EQ(call("nvmlDeviceGetPlatformInfo", gpu, &place), NVML_SUCCESS);
  EXPECT_EQ(place.peerType, 1U);
  EXPECT_EQ(place.hostId, 1U);
  EXPECT_EQ(place.moduleId, 1U);
  nvmlGpuFabricInfo_v3_t fabric{};
  fabric.version = nvmlGpuFabricInfo_v3;
  ASSERT_EQ(call("nvmlDeviceGetGpuFabricInfoV", gpu, &fabric), NVML_SUCCESS);
  EXPECT_EQ(fabric.healthSummary, 1U);
  EXPECT_EQ(fabric.healthMask, 0x80U);
  nvmlDevice_t hopper{};
  ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 1U, &hopper), NVML_SUCCESS);
  // As on an H200: every version is accepted; slot, tray and GUID are 0.
  for (const unsigned asked : {nvmlPlatformInfo_v1, nvmlPlatformInfo_v2, 0U, 0x0300002CU}) {
    place.version = asked;
    ASSERT_EQ(call("nvmlDeviceGetPlatformInfo", hopper, &place), NVML_SUCCESS) << asked;
    EXPECT_EQ(place.version, asked == nvmlPlatformInfo_v1 ? asked : nvmlPlatformInfo_v2);
    EXPECT_EQ(place.slotNumber + place.trayIndex + place.peerType + place.ibGuid[0], 0);
    EXPECT_EQ(place.hostId, 1U);
    EXPECT_EQ(place.moduleId, 2U);
  }
  ASSERT_EQ(call("nvmlDeviceGetGpuFabricInfoV", hopper, &fabric), NVML_SUCCESS);
  EXPECT_EQ(fabric.state, 3U);
  EXPECT_EQ(fabric.healthSummary, 0U);
}

TEST_F(Library, AnUnknownBoardLocationIsNotSupported) {
  node.config.gpus[0] = sim::testing::gpu_config("t4", "580.126.09", {}, 0);
  open();
  nvmlPlatformInfo_v2_t place{};
  place.version = nvmlPlatformInfo_v2;
  EXPECT_EQ(call("nvmlDeviceGetPlatformInfo", gpu, &place), NVML_ERROR_NOT_SUPPORTED);
}

TEST_F(Library, UnknownFiguresOfABoardAreNotSupported) {
  node.config.gpus[0] = sim::testing::gpu_config("thor-igpu", "580.126.09", {}, 0);
  open();
  unsigned value{};
  EXPECT_EQ(call("nvmlDeviceGetMaxClockInfo", gpu, 0U, &value), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlDeviceGetPowerUsage", gpu, &value), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlDeviceGetMaxPcieLinkGeneration", gpu, &value), NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(call("nvmlDeviceGetTemperatureThreshold", gpu, 0U, &value), NVML_ERROR_NOT_SUPPORTED);
  nvmlUtilization_t rates{};
  EXPECT_EQ(call("nvmlDeviceGetUtilizationRates", gpu, &rates), NVML_SUCCESS);
}

}  // namespace
}  // namespace gpuslice::simnvml
