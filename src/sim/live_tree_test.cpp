#include "sim/live_tree.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <set>

#include "sim/testing/temp_node.hpp"
#include "sim/trees.hpp"

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

// A node whose files stand in its directory.
struct Node : testing::TempNode {
  std::unique_ptr<Driver> driver;
  explicit Node(const std::vector<std::uint32_t>& host_majors = {}) : TempNode({{"a100-40gb"}, {"a100-40gb"}}) {
    for (auto i : {0U, 1U}) start.gpus[i].mig.mode = start.gpus[i].mig.pending = true;
    const auto made = StateFile::create(dir.path("state"), config, start);
    EXPECT_TRUE(made);
    dir.write("clients", std::string(max_clients, '\0'));
    const auto tree = LiveTree(dir.path()).make(config, start, host_majors);
    EXPECT_TRUE(tree) << tree.error().message();
    driver = open();
  }

  // Of the capabilities of instances: the directories in /proc and the devices.
  [[nodiscard]] std::set<std::string> standing() const {
    std::set<std::string> found;
    const auto root = dir.path() + "/proc/driver/nvidia/capabilities";
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.path().filename() == "access") found.insert(entry.path().string().substr(root.size() + 1));
    for (const auto& entry : fs::directory_iterator(dir.path() + "/dev/nvidia-caps"))
      if (const auto name = entry.path().filename().string(); name != "nvidia-cap1" && name != "nvidia-cap2")
        found.insert(name);
    return found;
  }
  // What the projection of the state says of the same.
  [[nodiscard]] std::set<std::string> projected() const {
    std::set<std::string> wanted;
    const std::string caps = "/proc/driver/nvidia/capabilities/", devices = "/dev/nvidia-caps/nvidia-cap";
    for (const auto& entry : trees(driver->config(), driver->state().read(), 1)) {
      if (entry.path.starts_with(caps) && entry.path.ends_with("/access"))
        wanted.insert(entry.path.substr(caps.size()));
      if (entry.path.starts_with(devices) && entry.path != devices + "1" && entry.path != devices + "2")
        wanted.insert("nvidia-cap" + entry.path.substr(devices.size()));
    }
    return wanted;
  }
  [[nodiscard]] bool marked() const { return (driver->watch() & watch_tree) != 0; }
};

TEST(LiveTree, FilesComeAndGoWithInstances) {
  Node node;
  EXPECT_EQ(node.standing(), (std::set<std::string>{}));
  const auto gi = node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4});
  ASSERT_TRUE(gi);
  ASSERT_TRUE(node.driver->create_ci(0, gi->id, mig::CiProfileId{0}, std::nullopt));
  EXPECT_EQ(node.standing(),
            (std::set<std::string>{"gpu0/mig/gi2/access", "gpu0/mig/gi2/ci0/access", "nvidia-cap21", "nvidia-cap22"}));
  ASSERT_TRUE(node.driver->create_gi(1, mig::GiProfileId{19}, std::nullopt));
  EXPECT_EQ(node.standing(), node.projected());
  EXPECT_EQ(node.standing().size(), 6U);
  ASSERT_TRUE(node.driver->destroy_ci(0, gi->id, mig::CiId{0}));
  ASSERT_TRUE(node.driver->destroy_gi(0, gi->id));
  EXPECT_EQ(node.standing(), node.projected());
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));  // and again
  EXPECT_EQ(node.standing(), node.projected());
  EXPECT_FALSE(node.marked());
}

TEST(LiveTree, ARebootAndAResetEndThem) {
  Node node;
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, std::nullopt));
  ASSERT_TRUE(node.driver->create_gi(1, mig::GiProfileId{9}, std::nullopt));
  ASSERT_TRUE(node.driver->reset(1));
  EXPECT_EQ(node.standing().size(), 2U);
  EXPECT_EQ(node.standing(), node.projected());
  ASSERT_TRUE(node.driver->reboot());
  EXPECT_EQ(node.standing(), (std::set<std::string>{}));
}

TEST(LiveTree, TheAccessFileSaysWhichDevice) {
  Node node;
  ASSERT_TRUE(node.driver->create_gi(1, mig::GiProfileId{9}, mig::Placement{0, 4}));
  EXPECT_EQ(node.dir.read("proc/driver/nvidia/capabilities/gpu1/mig/gi1/access"),
            "DeviceFileMinor: 147\nDeviceFileMode: 292\nDeviceFileModify: 1\n");
}

// The device's file is there before the directory in /proc, which cannot be made here.
TEST(LiveTree, AChangeThatIsNotMadeLeavesNoFile) {
  Node node;
  fs::remove_all(node.dir.path("proc/driver/nvidia/capabilities/gpu0/mig"));
  node.dir.write("proc/driver/nvidia/capabilities/gpu0/mig", "no directory");
  const auto refused = node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Denial::Kind::system);
  EXPECT_TRUE(node.driver->gpu(0).mig.partition.instances.empty());
  EXPECT_EQ(node.standing(), (std::set<std::string>{}));
  EXPECT_FALSE(node.marked());
}

TEST(LiveTree, WhatAKilledWriterLeftIsMendedByWhoeverComesNext) {
  Node node;
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));
  // As after a kill between the commit and the files: one too many, one missing, and the mark.
  fs::rename(node.dir.path("proc/driver/nvidia/capabilities/gpu0/mig/gi2"), node.dir.path("pool/access21"));
  fs::create_directories(node.dir.path("proc/driver/nvidia/capabilities/gpu1/mig/gi5/ci0"));
  node.dir.write("dev/nvidia-caps/nvidia-cap40", "");
  EXPECT_NE(node.standing(), node.projected());
  node.driver->state().mark_tree(true);
  const auto next = node.open();
  EXPECT_EQ(node.standing(), node.projected());
  EXPECT_FALSE(fs::exists(node.dir.path("proc/driver/nvidia/capabilities/gpu1/mig/gi5")));
  EXPECT_FALSE(node.marked());
}

TEST(LiveTree, DevicesAreNoneOfTheHosts) {
  const auto is_device = [](const Node& node, const std::string& name) {
    struct stat info{};
    EXPECT_EQ(::lstat(node.dir.path("dev/" + name).c_str(), &info), 0) << name;
    return S_ISCHR(info.st_mode);
  };
  const Node beside_a_driver({1, 195});
  EXPECT_FALSE(is_device(beside_a_driver, "nvidiactl"));
  EXPECT_FALSE(is_device(beside_a_driver, "nvidia-caps/nvidia-cap1"));
  EXPECT_TRUE(beside_a_driver.driver->may_configure());

  Node alone({1, 4});
  if (!is_device(alone, "nvidiactl")) GTEST_SKIP() << "this user may not make devices";
  EXPECT_TRUE(alone.driver->may_configure());
  ASSERT_TRUE(alone.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));
  EXPECT_TRUE(is_device(alone, "nvidia-caps/nvidia-cap21"));
  alone.dir.write("views/1/dev/nvidiactl", "");
  // The host loads a driver that gets the number.
  ASSERT_TRUE(LiveTree(alone.dir.path()).yield_to_host(alone.config, {1, alone.config.caps_major}));
  EXPECT_FALSE(fs::exists(alone.dir.path("views"))) << "they hold the same devices";
  for (const auto* name : {"nvidiactl", "nvidia0", "nvidia-uvm", "nvidia-caps/nvidia-cap1", "nvidia-caps/nvidia-cap21"})
    EXPECT_FALSE(is_device(alone, name)) << name;
  ASSERT_TRUE(alone.driver->create_gi(0, mig::GiProfileId{19}, std::nullopt));
  for (const auto& entry : fs::directory_iterator(alone.dir.path("dev/nvidia-caps")))
    EXPECT_FALSE(is_device(alone, "nvidia-caps/" + entry.path().filename().string()));
  EXPECT_EQ(alone.standing(), alone.projected());
}

}  // namespace
}  // namespace gpuslice::sim
