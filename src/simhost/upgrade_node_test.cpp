#include "simhost/upgrade_node.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/testing/temp_dir.hpp"
#include "sim/driver.hpp"
#include "sim/testing/recorded_state.hpp"
#include "simhost/snapshot.hpp"

namespace gpuslice::simhost {
namespace {

// A node with the recorded state of layout 6, and with libraries and programs whose content names their version.
class NodeOfLayout6 : public ::testing::Test {
 protected:
  NodeOfLayout6() {
    parts.library = sources.write("libnvidia-ml.so.1", "old library");
    parts.cuda = sources.write("libcuda.so.1", "old cuda");
    parts.program = sources.write("gpuslice", "old program");
    GpuSpec gpu;
    gpu.product = "a100-40gb";
    gpu.count = 2;
    NodeSpec spec;
    spec.gpus = {gpu};
    const auto made = create_node(nodes.path(), "old", spec, parts);
    EXPECT_TRUE(made) << made.error().message();
    nodes.write("old/state", recorded);
    sources.write("libnvidia-ml.so.1", "new library");
    sources.write("libcuda.so.1", "new cuda");
    sources.write("gpuslice", "new program");
  }
  [[nodiscard]] std::size_t instances() const {
    const auto driver = sim::Driver::open(node, node);
    EXPECT_TRUE(driver) << driver.error().message();
    return (*driver)->gpu(0).mig.partition.instances.size();
  }
  void expect_programs(const std::string& version) const {
    EXPECT_EQ(nodes.read("old/lib/libnvidia-ml.so.1"), version + " library");
    EXPECT_EQ(nodes.read("old/lib/libcuda.so.1"), version + " cuda");
    EXPECT_EQ(nodes.read("old/bin/nvidia-smi"), version + " program");
  }

  std::string recorded = sim::testing::recorded_layout6(GPUSLICE_RECORDED_LAYOUT6);
  testing::TempDir sources, nodes;
  NodeParts parts;
  std::string node = nodes.path("old");
};

TEST_F(NodeOfLayout6, IsUpgradedWithItsProgramsOnce) {
  const auto done = upgrade_node(node, parts);
  ASSERT_TRUE(done) << done.error().message();
  expect_programs("new");
  EXPECT_NE(nodes.read("old/state").size(), recorded.size());
  EXPECT_EQ(instances(), 2U);
  EXPECT_EQ(nodes.names("old/lib"),
            (std::vector<std::string>{"libcuda.so", "libcuda.so.1", "libcuda.so.580.126.09", "libnvidia-ml.so",
                                      "libnvidia-ml.so.1", "libnvidia-ml.so.580.126.09"}));
  sources.write("libnvidia-ml.so.1", "newer library");
  ASSERT_TRUE(upgrade_node(node, parts));
  expect_programs("new");
}

TEST_F(NodeOfLayout6, IsNotUpgradedWhileAClientHoldsAGpu) {
  sim::Client client;
  client.gpu = 1;
  client.kinds = 2;
  client.pid = 4711;
  client.name.set("Xorg");
  int held = -1;
  {
    // The lock of the client, and its record in a state of layout 6.
    const auto state = sim::StateFile::open(sources.write("state", recorded), sim::Access::read_write);
    ASSERT_TRUE(state) << state.error().message();
    const auto got = sim::hold(**state, node, client);
    ASSERT_TRUE(got) << got.error().message();
    held = *got;
    nodes.write("old/state", sim::testing::with_state(recorded, (*state)->read()));
  }
  const auto refused = upgrade_node(node, parts);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  EXPECT_EQ(refused.error().message(),
            "node old: was created by an earlier version of gpuslice and cannot be upgraded while its GPUs are in use: "
            "GPU 1 is held by process 4711 (Xorg)");
  expect_programs("old");
  ::close(held);
  EXPECT_TRUE(upgrade_node(node, parts));
  expect_programs("new");
}

TEST_F(NodeOfLayout6, ItsSnapshotsCanBeRestored) {
  nodes.write("old/snapshots/one/state", recorded);
  std::filesystem::create_directory(node + "/snapshots/one/store");
  ASSERT_TRUE(upgrade_node(node, parts));
  {
    const auto driver = sim::Driver::open(node, node);
    ASSERT_TRUE((*driver)->reset(0));
  }
  EXPECT_EQ(instances(), 0U);
  const auto all = snapshots(node);
  ASSERT_TRUE(all) << all.error().message();
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ((*all)[0].gpu_instances, 2U);
  const auto done = restore_snapshot(node, "one");
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(instances(), 2U);
}

}  // namespace
}  // namespace gpuslice::simhost
