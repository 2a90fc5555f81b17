#include "nvml/device_tree.hpp"

#include <gtest/gtest.h>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::nvml {
namespace {

using node::DeviceNode;
using Of = DeviceNode::Of;
constexpr std::uint32_t minor = 3;
constexpr mig::GiId gi{2};
constexpr mig::CiId ci{1};

class OfAHost : public ::testing::Test {
 protected:
  OfAHost() {
    root_.write("proc/devices",
                "Character devices:\n195 nvidia\n508 nvidia-uvm\n510 nvidia-caps\n\nBlock devices:\n  7 loop\n");
    root_.write(capabilities + "/gi2/access", "DeviceFileMinor: 426\nDeviceFileMode: 292\nDeviceFileModify: 1\n");
    root_.write(capabilities + "/gi2/ci1/access", "DeviceFileMinor: 428\nDeviceFileMode: 292\nDeviceFileModify: 1\n");
  }
  const std::string capabilities = "proc/driver/nvidia/capabilities/gpu3/mig";
  gpuslice::testing::TempDir root_;
  DeviceTree tree_{root_.path()};
};

TEST_F(OfAHost, AGpuHasTheDriversMajorAndItsOwnMinor) {
  EXPECT_EQ(tree_.of_gpu(minor), (DeviceNode{Of::gpu, "/dev/nvidia3", 195, 3}));
}

TEST_F(OfAHost, AnOlderDriverCallsItsMajorFrontend) {
  root_.write("proc/devices", "Character devices:\n195 nvidia-frontend\n");
  EXPECT_EQ(tree_.of_gpu(minor).major, 195U);
}

TEST_F(OfAHost, InstancesHaveTheMinorsOfTheirCapabilities) {
  EXPECT_EQ(tree_.of_instance(minor, gi, {}),
            (DeviceNode{Of::gpu_instance, "/dev/nvidia-caps/nvidia-cap426", 510, 426}));
  EXPECT_EQ(tree_.of_instance(minor, gi, ci),
            (DeviceNode{Of::compute_instance, "/dev/nvidia-caps/nvidia-cap428", 510, 428}));
}

TEST_F(OfAHost, AMissingOrUnreadableCapabilityIsNone) {
  EXPECT_FALSE(tree_.of_instance(minor, mig::GiId{5}, {}));
  EXPECT_FALSE(tree_.of_instance(minor, gi, mig::CiId{0}));
  root_.write(capabilities + "/gi2/access", "DeviceFileMinor: many\n");
  EXPECT_FALSE(tree_.of_instance(minor, gi, {}));
}

TEST_F(OfAHost, AMajorThatIsNotListedIsUnknown) {
  root_.write("proc/devices", "Character devices:\n195 nvidia\n");
  const auto found = tree_.of_instance(minor, gi, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->major, std::nullopt);
  EXPECT_EQ(found->minor, 426U);
}

TEST_F(OfAHost, OfTheDriversOwnDevicesThoseThatExistAreListed) {
  EXPECT_TRUE(tree_.of_driver().empty());
  root_.write("dev/nvidiactl", "");
  root_.write("dev/nvidia-uvm", "");
  EXPECT_EQ(tree_.of_driver(), (std::vector<DeviceNode>{{Of::driver, "/dev/nvidiactl", 195, 255},
                                                        {Of::driver, "/dev/nvidia-uvm", 508, 0}}));
}

}  // namespace
}  // namespace gpuslice::nvml
