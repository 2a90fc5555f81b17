#include "sim/live_tree.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <set>

#include "sim/inner_devices.hpp"
#include "sim/testing/temp_node.hpp"
#include "sim/trees.hpp"

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

// A node with its driver's files in its directory.
struct Node : testing::TempNode {
  std::unique_ptr<Driver> driver;
  Node() : TempNode({{"a100-40gb"}, {"a100-40gb"}}) {
    for (auto i : {0U, 1U}) start.gpus[i].mig.mode = start.gpus[i].mig.pending = true;
    const auto made = StateFile::create(dir.path("state"), config, start);
    EXPECT_TRUE(made);
    dir.write("clients", std::string(max_clients, '\0'));
    const auto tree = LiveTree(dir.path()).make(config, start);
    EXPECT_TRUE(tree) << tree.error().message();
    driver = open();
  }

  // The capabilities of instances that exist in the directory: their directories in /proc and their devices.
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
  // The same as projected from the state.
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

TEST(LiveTree, FilesAreAddedAndRemovedWithInstances) {
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
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));  // and create it again
  EXPECT_EQ(node.standing(), node.projected());
  EXPECT_FALSE(node.marked());
}

TEST(LiveTree, ARebootAndAResetRemoveThem) {
  Node node;
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, std::nullopt));
  ASSERT_TRUE(node.driver->create_gi(1, mig::GiProfileId{9}, std::nullopt));
  ASSERT_TRUE(node.driver->reset(1));
  EXPECT_EQ(node.standing().size(), 2U);
  EXPECT_EQ(node.standing(), node.projected());
  ASSERT_TRUE(node.driver->reboot());
  EXPECT_EQ(node.standing(), (std::set<std::string>{}));
}

TEST(LiveTree, TheAccessFileNamesTheDevice) {
  Node node;
  ASSERT_TRUE(node.driver->create_gi(1, mig::GiProfileId{9}, mig::Placement{0, 4}));
  EXPECT_EQ(node.dir.read("proc/driver/nvidia/capabilities/gpu1/mig/gi1/access"),
            "DeviceFileMinor: 147\nDeviceFileMode: 292\nDeviceFileModify: 1\n");
}

// The device file is added before the directory in /proc; in this test, creating the directory fails.
TEST(LiveTree, AFailedChangeLeavesNoFile) {
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

TEST(LiveTree, TheNextProcessRepairsTheFilesAfterAKilledWriter) {
  Node node;
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));
  // As after a kill between the commit and the update of the files: one file too many, one missing, and the mark set.
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

// Removing an instance's directory also moves its content, so its compute instances must be removed first: otherwise
// the next instance with that id shows the compute instances of the previous one.
TEST(LiveTree, ANewInstanceDoesNotShowThePreviousOneWithItsId) {
  Node node;
  const auto make = [&] { return node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}); };
  const auto first = make();
  ASSERT_TRUE(first);
  ASSERT_TRUE(node.driver->create_ci(0, first->id, mig::CiProfileId{0}, std::nullopt));
  ASSERT_TRUE(node.driver->create_ci(0, first->id, mig::CiProfileId{0}, std::nullopt));
  ASSERT_TRUE(node.driver->reset(0));
  EXPECT_EQ(node.standing(), (std::set<std::string>{}));
  const auto second = make();
  ASSERT_TRUE(second);
  ASSERT_EQ(second->id, first->id);
  EXPECT_EQ(node.standing(), (std::set<std::string>{"gpu0/mig/gi2/access", "nvidia-cap21"}));
  // The same holds after a reboot and after the files are repaired.
  ASSERT_TRUE(node.driver->create_ci(0, second->id, mig::CiProfileId{0}, std::nullopt));
  ASSERT_TRUE(node.driver->reboot());
  EXPECT_EQ(node.standing(), (std::set<std::string>{}));
  ASSERT_TRUE(make());
  EXPECT_EQ(node.standing(), (std::set<std::string>{"gpu0/mig/gi2/access", "nvidia-cap21"}));
}

bool is_device(const std::string& path) {
  struct stat info{};
  EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
  return S_ISCHR(info.st_mode);
}

TEST(LiveTree, NoFileOfANodeIsADevice) {
  Node node;
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));
  for (const auto& entry : fs::recursive_directory_iterator(node.dir.path()))
    EXPECT_FALSE(entry.is_character_file()) << entry.path();
  EXPECT_TRUE(node.driver->may_configure());
}

TEST(LiveTree, DevicesOfAnEarlierVersionAreReplacedByFiles) {
  Node node;
  const auto device = [&](const std::string& name) {
    const auto path = node.dir.path(name);
    fs::remove(path);
    return ::mknod(path.c_str(), S_IFCHR | 0444, ::makedev(4000, 1)) == 0;
  };
  if (!device("dev/nvidiactl")) GTEST_SKIP() << "this user may not create devices";
  ASSERT_TRUE(device("dev/nvidia-caps/nvidia-cap1"));
  ASSERT_TRUE(device("pool/nvidia-cap40"));
  node.dir.write("views/1/dev/nvidiactl", "");
  ASSERT_TRUE(LiveTree(node.dir.path()).become_files());
  EXPECT_FALSE(fs::exists(node.dir.path("views"))) << "views contain the same devices";
  for (const auto* name : {"dev/nvidiactl", "dev/nvidia-caps/nvidia-cap1", "pool/nvidia-cap40"})
    EXPECT_FALSE(is_device(node.dir.path(name))) << name;
}

// The devices of a namespace follow the instances; in this test a directory replaces the namespace's file system.
TEST(LiveTree, DevicesInsideAreAddedAndRemovedWithInstances) {
  Node node;
  const InnerDevices inner(node.dir.path("space"));
  fs::create_directories(node.dir.path("space/dev/nvidia-caps"));
  for (const auto* name : {"nvidia-cap1", "nvidia-cap2"})
    node.dir.write(std::string("space/dev/nvidia-caps/") + name, "");
  if (!inner.make_pool(node.config)) GTEST_SKIP() << "this user may not create devices";
  ASSERT_EQ(node.dir.names("space/pool").size(), 2U * 135);
  note_entered(node.dir.path());
  const auto shown = [&] { return node.dir.names("space/dev/nvidia-caps"); };
  const std::vector<std::string> none = {"nvidia-cap1", "nvidia-cap2"};
  ASSERT_TRUE(node.driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));
  ASSERT_TRUE(node.driver->create_ci(0, mig::GiId{2}, mig::CiProfileId{0}, std::nullopt));
  EXPECT_EQ(shown(), (std::vector<std::string>{"nvidia-cap1", "nvidia-cap2", "nvidia-cap21", "nvidia-cap22"}));
  EXPECT_TRUE(is_device(node.dir.path("space/dev/nvidia-caps/nvidia-cap22")));
  ASSERT_TRUE(node.driver->reset(0));
  EXPECT_EQ(shown(), none);
  // Devices that are wrong after a kill are repaired by the next process that changes something.
  inner.show(30);
  ASSERT_TRUE(node.driver->create_gi(1, mig::GiProfileId{9}, mig::Placement{0, 4}));
  inner.hide(147);
  node.driver->settle_inside();
  EXPECT_EQ(shown(), (std::vector<std::string>{"nvidia-cap1", "nvidia-cap147", "nvidia-cap2"}));
}

}  // namespace
}  // namespace gpuslice::sim
