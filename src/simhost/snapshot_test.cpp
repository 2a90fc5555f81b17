#include "simhost/snapshot.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "sim/driver.hpp"
#include "simhost/testing/made_node.hpp"

namespace gpuslice::simhost {
namespace {

class SnapshotOfANode : public testing::MadeNode {
 protected:
  SnapshotOfANode() {
    const auto made = make();
    EXPECT_TRUE(made) << made.error().message();
    nodes.write("n/store/names.json", "before");
  }
  [[nodiscard]] std::unique_ptr<sim::Driver> open(const std::string& directory) const {
    auto driver = sim::Driver::open(directory, directory);
    EXPECT_TRUE(driver) << driver.error().message();
    return std::move(*driver);
  }
  [[nodiscard]] static sim::Sections others(const std::string& directory) {
    const auto state = sim::StateFile::open(directory + "/state", sim::Access::read_only);
    EXPECT_TRUE(state) << state.error().message();
    const auto contents = (*state)->contents();
    EXPECT_TRUE(contents) << contents.error().message();
    return contents->others;
  }
  [[nodiscard]] std::size_t instances(const std::string& directory) const {
    return open(directory)->gpu(0).mig.partition.instances.size();
  }
};

TEST_F(SnapshotOfANode, RestoresStateFilesAndRecords) {
  const auto driver = open(node());
  ASSERT_TRUE(driver->create_gi(0, mig::GiProfileId{9}, mig::Placement{4, 4}));
  const auto boot = driver->boot();
  ASSERT_TRUE(take_snapshot(node(), "one"));
  ASSERT_TRUE(driver->destroy_gi(0, mig::GiId{2}));
  nodes.write("n/store/names.json", "after");
  nodes.write("n/store/more", "");
  const auto done = restore_snapshot(node(), "one");
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(instances(node()), 1U);
  EXPECT_TRUE(std::filesystem::exists(nodes.path("n/proc/driver/nvidia/capabilities/gpu0/mig/gi2/access")));
  EXPECT_EQ(nodes.read("n/store/names.json"), "before");
  EXPECT_EQ(nodes.names("n/store"), (std::vector<std::string>{"changing", "history", "lock", "names.json"}));
  EXPECT_GT(driver->boot(), boot) << "handles from before must become invalid";
}

TEST_F(SnapshotOfANode, IsRefusedWhileAClientHoldsAGpuAndChangesNothing) {
  const auto driver = open(node());
  ASSERT_TRUE(take_snapshot(node(), "empty"));
  ASSERT_TRUE(driver->create_gi(0, mig::GiProfileId{9}, std::nullopt));
  sim::Client client;
  client.kinds = 2;
  client.name.set("Xorg");
  const auto held = sim::hold(driver->state(), node(), client);
  ASSERT_TRUE(held) << held.error().message();
  const auto refused = restore_snapshot(node(), "empty");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_NE(refused.error().message().find("(Xorg)"), std::string::npos) << refused.error().message();
  EXPECT_EQ(instances(node()), 1U);
  EXPECT_EQ(nodes.read("n/store/names.json"), "before");
  ::close(*held);
  EXPECT_TRUE(restore_snapshot(node(), "empty"));
  EXPECT_EQ(instances(node()), 0U);
}

TEST_F(SnapshotOfANode, CanBeListedAndDeletedAndNotOverwritten) {
  ASSERT_TRUE(take_snapshot(node(), "b"));
  ASSERT_TRUE(open(node())->create_gi(0, mig::GiProfileId{9}, std::nullopt));
  ASSERT_TRUE(take_snapshot(node(), "a"));
  EXPECT_EQ(take_snapshot(node(), "a").error().kind, ErrorKind::exists);
  EXPECT_EQ(take_snapshot(node(), "../a").error().kind, ErrorKind::usage);
  auto all = snapshots(node());
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((std::pair{(*all)[0].name, (*all)[0].gpu_instances}), (std::pair{std::string("a"), 1U}));
  EXPECT_EQ((std::pair{(*all)[1].name, (*all)[1].gpu_instances}), (std::pair{std::string("b"), 0U}));
  ASSERT_TRUE(delete_snapshot(node(), "a"));
  EXPECT_EQ(restore_snapshot(node(), "a").error().message(), "snapshot a: does not exist; existing snapshots: b");
  EXPECT_EQ(nodes.names("n/snapshots"), (std::vector<std::string>{"b"}));
}

TEST_F(SnapshotOfANode, ACloneHasTheSameIdentitiesAndChangesIndependently) {
  ASSERT_TRUE(open(node())->create_gi(0, mig::GiProfileId{9}, std::nullopt));
  const auto made = clone_node(nodes.path(), "n", "m");
  ASSERT_TRUE(made) << made.error().message();
  const auto driver = open(*made);
  EXPECT_EQ(driver->config(0).uuid, open(node())->config(0).uuid);
  EXPECT_EQ(driver->config().name.view(), "m");
  EXPECT_EQ(nodes.read("m/store/names.json"), "before");
  EXPECT_EQ(nodes.read("m/lib/libnvidia-ml.so.1"), "library");
  ASSERT_TRUE(driver->reset(0));
  EXPECT_EQ(instances(node()), 1U);
  EXPECT_EQ(clone_node(nodes.path(), "n", "m").error().kind, ErrorKind::exists);
  EXPECT_EQ(nodes.names(), (std::vector<std::string>{"m", "n"}));
}

// Sections that only this test knows, like sections that a later gpuslice may add.
class UnknownSections : public SnapshotOfANode {
 protected:
  UnknownSections() {
    added.push_back(section("test-items", sim::Storage::twofold, 3, 40));
    added.push_back(section("test-constant", sim::Storage::constant, 1, 16));
    auto contents = *sim::StateFile::open(node() + "/state", sim::Access::read_only).value()->contents();
    contents.others = added;
    EXPECT_EQ(::unlink((node() + "/state").c_str()), 0);
    EXPECT_TRUE(sim::StateFile::create(node() + "/state", contents));
  }
  static sim::Section section(const char* name, sim::Storage storage, std::uint32_t items, std::uint32_t item_bytes) {
    sim::Section made;
    made.shape.name.set(name);
    made.shape.version = 1;
    made.shape.storage = storage;
    made.shape.items = items;
    made.shape.item_bytes = item_bytes;
    for (std::size_t at = 0; at < made.shape.bytes(); ++at) made.bytes.push_back(static_cast<std::byte>(at + 1));
    return made;
  }
  // Changes the section as a program that knows it would.
  void change_items(const sim::Sections& to) const {
    const auto driver = open(node());
    EXPECT_TRUE(driver->state().transact([&](sim::NodeDynamic&) {
      driver->state().put_others(to);
      return true;
    }));
  }
  sim::Sections added;
};

TEST_F(UnknownSections, ArePreservedByCommitsSnapshotsRestoreAndClone) {
  ASSERT_TRUE(open(node())->create_gi(0, mig::GiProfileId{9}, std::nullopt));
  EXPECT_EQ(others(node()), added);
  ASSERT_TRUE(take_snapshot(node(), "one"));
  EXPECT_EQ(others(node() + "/snapshots/one"), added);
  auto later = added;
  later[0].bytes.assign(later[0].bytes.size(), std::byte{9});
  change_items(later);
  EXPECT_EQ(others(node()), later);
  const auto cloned = clone_node(nodes.path(), "n", "m");
  ASSERT_TRUE(cloned) << cloned.error().message();
  EXPECT_EQ(others(*cloned), later);
  const auto done = restore_snapshot(node(), "one");
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(others(node()), added);
  EXPECT_EQ(instances(node()), 1U);
}

TEST_F(UnknownSections, AreRestoredEvenIfOnlyTheSnapshotHasThem) {
  ASSERT_TRUE(take_snapshot(node(), "one"));
  auto contents = *sim::StateFile::open(node() + "/state", sim::Access::read_only).value()->contents();
  contents.others.clear();
  ASSERT_EQ(::unlink((node() + "/state").c_str()), 0);
  ASSERT_TRUE(sim::StateFile::create(node() + "/state", contents));
  const auto done = restore_snapshot(node(), "one");
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(others(node()), added);
}

}  // namespace
}  // namespace gpuslice::simhost
