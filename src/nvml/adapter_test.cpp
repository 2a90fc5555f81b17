#include "nvml/adapter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "nvml/testing/fake_driver.hpp"

namespace gpuslice::nvml {
namespace {

using testing::FakeDriver;

bool looked_up(const std::string& symbol) {
  return std::ranges::find(FakeDriver::looked_up(), symbol) != FakeDriver::looked_up().end();
}

TEST(Open, WithoutALibraryTheHintNamesTheSimulation) {
  Options options;
  options.library = "libnvidia-ml-that-is-not-there.so.1";
  const auto node = open(options);
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().kind, ErrorKind::not_found);
  EXPECT_EQ(node.error().object, "libnvidia-ml-that-is-not-there.so.1");
  EXPECT_EQ(
      node.error().what,
      "cannot load the NVIDIA driver library: libnvidia-ml-that-is-not-there.so.1: cannot open shared object file: No "
      "such file or directory");
  EXPECT_EQ(node.error().hint, Hint::gpuslice({"sim", "list"}));
}

TEST(Open, ADriverThatDoesNotStartIsReportedWithItsOwnText) {
  const FakeDriver driver;
  struct Case {
    int code;
    ErrorKind kind;
    Hint hint;
  };
  for (const auto& [code, kind, hint] :
       {Case{9, ErrorKind::unknown, "load it, or work on a simulated node: " + Hint::gpuslice({"sim", "list"})},
        Case{18, ErrorKind::unknown,
             "the library and the kernel module have different versions: reboot, or unload and reload the nvidia "
             "modules"},
        Case{4, ErrorKind::permission, ""}, Case{999, ErrorKind::unknown, ""}}) {
    driver->init = code;
    const auto node = open(driver.options());
    ASSERT_FALSE(node) << code;
    EXPECT_EQ(node.error().kind, kind) << code;
    EXPECT_EQ(node.error().what, "the NVIDIA driver does not answer: driver text for " + std::to_string(code));
    EXPECT_EQ(node.error().hint, hint) << code;
  }
  EXPECT_EQ(driver->shutdowns, 0);  // a driver that did not start is not shut down
}

TEST(Open, ALibraryThatIsNoDriverIsRefused) {
  Options options;
  options.library = "libm.so.6";
  const auto node = open(options);
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().message(), "libm.so.6: the NVIDIA driver does not answer: Function Not Found");
}

TEST(Open, ANodeShutsItsDriverDown) {
  const FakeDriver driver;
  {
    const auto node = driver.open();
    EXPECT_EQ(driver->inits, 1);
    EXPECT_EQ(driver->shutdowns, 0);
  }
  EXPECT_EQ(driver->shutdowns, 1);
}

TEST(Open, ARealDriverIsNotSimulated) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_FALSE(node->simulated());
  EXPECT_EQ(node->simulated_node(), "");
}

TEST(Open, ASimulatedDriverNamesItsNode) {
  const FakeDriver driver;
  driver->simulated_node = "/nodes/demo";
  auto options = driver.options();
  options.simulated_only = true;
  const auto node = open(options);
  ASSERT_TRUE(node) << node.error().message();
  EXPECT_TRUE((*node)->simulated());
  EXPECT_EQ((*node)->simulated_node(), "/nodes/demo");
}

TEST(Open, InsideANodeARealDriverIsRefusedAndShutDown) {
  const FakeDriver driver;
  auto options = driver.options();
  options.simulated_only = true;
  const auto node = open(options);
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().kind, ErrorKind::refused);
  EXPECT_EQ(driver->shutdowns, 1);
}

TEST(Open, ADriverThatClaimsToBeSimulatedMustNameItsNode) {
  const FakeDriver driver;
  driver->simulated_without_name = true;
  EXPECT_FALSE(driver.open()->simulated());
  auto options = driver.options();
  options.simulated_only = true;
  EXPECT_FALSE(open(options));
}

// Requests every kind of change, on GPU 1.
std::vector<node::DriverError> change_all(node::Node& node) {
  const GpuIndex gpu{1};
  std::vector<node::DriverError> errors;
  const auto keep = [&](const auto& answer) {
    if (!answer) errors.push_back(answer.error());
  };
  keep(node.mig().set_mig_mode(gpu, true));
  keep(node.mig().create_gi(gpu, mig::GiProfileId{14}, {}));
  keep(node.mig().create_gi(gpu, mig::GiProfileId{14}, mig::Placement{2, 2}));
  keep(node.mig().destroy_gi(gpu, mig::GiId{3}));
  keep(node.mig().create_ci(gpu, mig::GiId{3}, mig::CiProfileId{0}, {}));
  keep(node.mig().create_ci(gpu, mig::GiId{3}, mig::CiProfileId{0}, mig::Placement{0, 1}));
  keep(node.mig().destroy_ci(gpu, mig::GiId{3}, mig::CiId{1}));
  keep(node.modes().set_compute_mode(gpu, 3));
  keep(node.modes().set_persistence_mode(gpu, true));
  return errors;
}
const std::vector<std::string> changing_symbols = {"nvmlDeviceSetMigMode",
                                                   "nvmlDeviceCreateGpuInstance",
                                                   "nvmlDeviceCreateGpuInstanceWithPlacement",
                                                   "nvmlGpuInstanceDestroy",
                                                   "nvmlGpuInstanceCreateComputeInstance",
                                                   "nvmlGpuInstanceCreateComputeInstanceWithPlacement",
                                                   "nvmlComputeInstanceDestroy",
                                                   "nvmlDeviceSetComputeMode",
                                                   "nvmlDeviceSetPersistenceMode"};
const std::string all_told =
    "SetMigMode(1,1) CreateGpuInstance(14) CreateGpuInstance(14 at 2:2) GpuInstanceDestroy(3) "
    "CreateComputeInstance(3,0) ComputeInstanceDestroy(1) SetComputeMode(3) SetPersistenceMode(1) ";

TEST(Readonly, FunctionsThatChangeALocalDriverAreNotLookedUp) {
  const FakeDriver driver;
  auto options = driver.options();
  options.readonly = true;
  const auto node = open(options);
  ASSERT_TRUE(node) << node.error().message();
  const auto errors = change_all(**node);
  EXPECT_EQ(errors.size(), changing_symbols.size());
  for (const auto& error : errors) {
    EXPECT_EQ(error.code, node::err_no_permission);
    EXPECT_EQ(error.text, "driver text for 4 (GPUSLICE_LOCAL=readonly: this driver is read-only)");
  }
  const auto time_slice = (*node)->modes().set_time_slice(GpuIndex{0}, 1);  // nvidia-smi is not run either
  ASSERT_FALSE(time_slice);
  EXPECT_TRUE(time_slice.error().text.ends_with("(GPUSLICE_LOCAL=readonly: this driver is read-only)"));
  EXPECT_EQ(driver->told, "");
  for (const auto& symbol : changing_symbols) EXPECT_FALSE(looked_up(symbol)) << symbol;
  EXPECT_EQ((*node)->identity().name({GpuIndex{1}, {}}), "Fake GPU 1");  // reading still works
}

TEST(Readonly, ASimulatedDriverMayStillBeChanged) {
  const FakeDriver driver;
  driver->simulated_node = "/nodes/demo";
  auto options = driver.options();
  options.readonly = true;
  const auto node = open(options);
  ASSERT_TRUE(node) << node.error().message();
  static_cast<void>(change_all(**node));
  EXPECT_EQ(driver->told, all_told);
}

TEST(Readonly, WithoutTheOptionALocalDriverIsChanged) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto errors = change_all(*node);
  EXPECT_EQ(driver->told, all_told);
  for (const auto& symbol : changing_symbols) EXPECT_TRUE(looked_up(symbol)) << symbol;
  // The driver itself refuses one change, and this library lacks the function for another.
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].code, node::err_in_use);
  EXPECT_EQ(errors[0].text, "driver text for 19");
  EXPECT_EQ(errors[1].code, abi::NVML_ERROR_FUNCTION_NOT_FOUND);
}

TEST(Adapter, AFunctionThatTheLibraryLacksReturnsFunctionNotFound) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto bar1 = node->readings().bar1({GpuIndex{0}, {}});
  ASSERT_FALSE(bar1);
  EXPECT_EQ(bar1.error().code, abi::NVML_ERROR_FUNCTION_NOT_FOUND);
  EXPECT_EQ(bar1.error().text, "driver text for 13");
}

TEST(Adapter, EachSymbolIsLookedUpOnce) {
  const FakeDriver driver;
  const auto node = driver.open();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(node->identity().name({GpuIndex{0}, {}}));
  EXPECT_EQ(std::ranges::count(FakeDriver::looked_up(), "nvmlDeviceGetName"), 1);
  EXPECT_EQ(driver->handles_asked, 1);
}

TEST(Adapter, ACurrentDriverIsCalledByTheNewestNames) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto memory = node->readings().memory({GpuIndex{0}, {}});
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->total, 100U);
  EXPECT_EQ(memory->reserved, 10U);
  EXPECT_EQ(memory->free, 60U);
  EXPECT_EQ(memory->used, 30U);
  EXPECT_EQ(node->readings().read(GpuIndex{0}, fields::Reading::temperature_gpu)->number(), 31U);
  const auto system = node->identity().system();
  ASSERT_TRUE(system);
  EXPECT_EQ(system->driver_version, "580.159.04");
  EXPECT_EQ(system->nvml_version, "13.580.159.04");
  EXPECT_EQ(system->cuda_version, 13000);
}

TEST(Adapter, AnOldDriverIsCalledByTheNamesItHas) {
  const FakeDriver driver(FakeDriver::Age::old);
  const auto node = driver.open();
  EXPECT_EQ(node->identity().gpu_count(), 2U);
  const auto memory = node->readings().memory({GpuIndex{0}, {}});
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->total, 100U);
  EXPECT_EQ(memory->free, 60U);
  EXPECT_EQ(memory->used, 40U);
  EXPECT_FALSE(memory->reserved);
  EXPECT_EQ(node->readings().read(GpuIndex{0}, fields::Reading::temperature_gpu)->number(), 40U);
  const auto system = node->identity().system();
  ASSERT_TRUE(system);
  EXPECT_EQ(system->nvml_version, "");
  EXPECT_FALSE(system->cuda_version);
  const auto subject = node->identity().by_uuid("GPU-1");  // has no MIG handles
  ASSERT_TRUE(subject);
  EXPECT_EQ(subject->gpu, GpuIndex{1});
  EXPECT_FALSE(subject->mig_index);
}

TEST(Adapter, ARefusalIsNotMistakenForAMissingFunction) {
  const FakeDriver driver;
  driver->error = abi::NVML_ERROR_NO_PERMISSION;
  const auto memory = driver.open()->readings().memory({GpuIndex{0}, {}});
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.error().code, node::err_no_permission);
  EXPECT_FALSE(looked_up("nvmlDeviceGetMemoryInfo"));
}

TEST(Adapter, TheTimeSliceOfASimulatedDriverIsReadThroughItsOwnTable) {
  const FakeDriver driver;
  driver->simulated_node = "/nodes/demo";
  const auto node = driver.open();
  EXPECT_TRUE(node->modes().set_time_slice(GpuIndex{0}, 3));
  EXPECT_EQ(node->modes().time_slice(GpuIndex{0}), 3U);
  const auto other = node->modes().time_slice(GpuIndex{1});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, node::err_not_supported);
  const auto refused = node->modes().set_time_slice(GpuIndex{1}, 3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, node::err_no_permission);
  EXPECT_EQ(refused.error().text, "driver text for 4");
}

TEST(Adapter, FindsGpusAndMigDevicesByUuid) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(node->identity().gpu_by_uuid("GPU-1"), GpuIndex{1});
  const auto mig_device = node->identity().by_uuid("MIG-3");
  ASSERT_TRUE(mig_device);
  EXPECT_EQ(mig_device->gpu, GpuIndex{0});
  EXPECT_EQ(mig_device->mig_index, 3U);
  for (const auto* uuid : {"MIG-3", "GPU-nobody"}) {  // a MIG device is not a GPU
    const auto gpu = node->identity().gpu_by_uuid(uuid);
    ASSERT_FALSE(gpu) << uuid;
    EXPECT_EQ(gpu.error().code, node::err_not_found) << uuid;
  }
}

TEST(Adapter, AMissingGpuIsRefusedWithTheDriversText) {
  const FakeDriver driver;
  const auto name = driver.open()->identity().name({GpuIndex{2}, {}});
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().code, node::err_invalid_argument);
  EXPECT_EQ(name.error().text, "driver text for 2");
}

TEST(Adapter, AnUnterminatedTextEndsWithItsBuffer) {
  const FakeDriver driver;
  driver->mig_devices = {{0, 0}};
  EXPECT_EQ(driver.open()->identity().name({GpuIndex{0}, 0U}), std::string(96, 'x'));
}

TEST(Adapter, EccErrorsAreTheTotalOfAGpuAndTheSramOfAMigDevice) {
  const FakeDriver driver;
  driver->mig_devices = {{0, 0}};
  const auto node = driver.open();
  EXPECT_EQ(node->readings().uncorrected_ecc_errors({GpuIndex{0}, {}}), 11U);
  EXPECT_EQ(node->readings().uncorrected_ecc_errors({GpuIndex{0}, 0U}), 12U);
  EXPECT_EQ(driver->ecc, "total(1,0) mig(1,0,7) ");
}

// Symbols and handles are cached, so at first all threads look them up at the same time.
TEST(Adapter, MayBeUsedBySeveralThreadsAtOnce) {
  const FakeDriver driver;
  const auto node = driver.open();
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        const GpuIndex gpu{i % 2};
        for (int again = 0; again < 100; ++again)
          if (node->identity().gpu_count() && node->identity().name(gpu) && node->identity().reachable(gpu)) ++right;
      });
  }
  EXPECT_EQ(right, 800);
}

}  // namespace
}  // namespace gpuslice::nvml
