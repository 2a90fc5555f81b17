#include "base/driver_codes.hpp"
#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::found;
using testing::healthy;
using testing::hints;
using testing::Words;

NodeFacts without_driver(int code) {
  NodeFacts facts;
  facts.no_driver = Error{ErrorKind::unknown, "libnvidia-ml.so.1", "cannot be loaded", {}, code, ""};
  return facts;
}

TEST(DriverLoaded, SaysThatTheModuleIsMissing) {
  auto facts = without_driver(driver_code("DRIVER_NOT_LOADED"));
  EXPECT_EQ(found(facts), Words{"driver-loaded driver: the nvidia kernel module is not loaded"});
  EXPECT_EQ(hints(facts), Words{"sudo modprobe nvidia"});
  facts.versions->nouveau = true;
  EXPECT_EQ(found(facts),
            Words{"driver-loaded driver: the nvidia kernel module is not loaded; nouveau has the GPUs instead"});
}

TEST(DriverLibrary, SaysThatItIsMissing) {
  auto facts = without_driver(driver_code("LIBRARY_NOT_FOUND"));
  EXPECT_EQ(found(facts), Words{"driver-library driver: cannot be loaded"});
  EXPECT_EQ(hints(facts), Words{"ldconfig -p | grep libnvidia-ml"});
  facts.container = true;
  EXPECT_EQ(hints(facts), Words{"start the container with the GPUs of the host: docker run --gpus all"});
}

TEST(DriverVersion, NamesThePartsThatDiffer) {
  auto facts = without_driver(driver_code("LIB_RM_VERSION_MISMATCH"));
  facts.versions->kernel = "570.86.15";
  facts.versions->installed = {"580.126.09"};
  EXPECT_EQ(found(facts), Words{"driver-version driver: library and kernel module have different versions: library "
                                "580.126.09, loaded driver 570.86.15"});
  EXPECT_EQ(hints(facts), Words{"sudo reboot"});
  facts = healthy();
  facts.versions->uvm = "570.86.15";
  EXPECT_EQ(found(facts),
            Words{"driver-version driver: its parts have different versions: library 580.126.09, NVML's answer "
                  "580.126.09, loaded driver 580.126.09, nvidia module 580.126.09, nvidia_uvm module 570.86.15"});
  facts.versions->uvm.clear();
  EXPECT_EQ(found(facts), Words{}) << "not loaded";
}

TEST(DriverTooOld, SaysWhichDriverKnowsTheGpu) {
  auto facts = healthy("h200");
  facts.versions->library = facts.versions->driver = facts.versions->kernel = facts.versions->module =
      facts.versions->uvm = "450.80.02";
  const auto all = found(facts);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].starts_with("driver-too-old GPU 0: driver 450.80.02 is older than ")) << all[0];
}

}  // namespace
}  // namespace gpuslice::doctor
