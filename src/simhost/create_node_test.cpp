// The directory of a node: creation (all or nothing), listing and deletion.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing/temp_dir.hpp"
#include "sim/driver.hpp"
#include "simhost/create_node.hpp"
#include "simhost/summarise.hpp"
#include "simhost/testing/node_specs.hpp"

namespace gpuslice::simhost {
namespace {

using gpuslice::testing::TempDir;
using testing::gpu;
using testing::node;

class CreateNode : public ::testing::Test {
 protected:
  CreateNode() {
    parts.library = sources.write("libnvidia-ml.so.1", "library");
    parts.program = sources.write("gpuslice", "program");
  }
  Result<CreatedNode> create(const std::string& name, const NodeSpec& spec) {
    return create_node(nodes.path(), name, spec, parts);
  }

  static unsigned mode(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
  }

  TempDir sources, nodes;
  NodeParts parts;
};

TEST_F(CreateNode, CreatesAllFilesOfTheNode) {
  const auto made = create("demo", node({gpu("a100", 8)}));
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(made->directory, nodes.path("demo"));
  EXPECT_EQ(nodes.names(), (std::vector<std::string>{"demo"}));
  EXPECT_EQ(nodes.names("demo"), (std::vector<std::string>{"bin", "boot.d", "clients", "dev", "lib", "pool", "proc",
                                                           "space", "state", "state.lock", "sys"}));
  EXPECT_EQ(nodes.names("demo/dev/nvidia-caps"),
            (std::vector<std::string>{"nvidia-cap0", "nvidia-cap1", "nvidia-cap2"}));
  EXPECT_EQ(mode(nodes.path("demo/dev/nvidia-caps/nvidia-cap1")), 0400u);  // mig/config: only the owner may change
  EXPECT_EQ(mode(nodes.path("demo/dev/nvidia-caps/nvidia-cap2")), 0444u);  // mig/monitor: all users may see
  EXPECT_EQ(nodes.read("demo/lib/libnvidia-ml.so.1"), "library");
  EXPECT_EQ(nodes.names("demo/lib"),
            (std::vector<std::string>{"libnvidia-ml.so", "libnvidia-ml.so.1", "libnvidia-ml.so.580.126.09"}));
  EXPECT_EQ(nodes.read("demo/lib/libnvidia-ml.so"), "library");
  EXPECT_EQ(nodes.names("demo/bin"),
            (std::vector<std::string>{"displaymodeselector", "halt", "nvidia-modprobe", "nvidia-smi", "poweroff",
                                      "reboot", "shutdown", "systemctl", "telinit"}));
  EXPECT_EQ(nodes.read("demo/bin/nvidia-smi"), "program");
  EXPECT_EQ(nodes.read("demo/bin/displaymodeselector"), "program");
  const auto driver = sim::Driver::open(made->directory, made->directory);
  ASSERT_TRUE(driver) << driver.error().message();
  EXPECT_EQ((*driver)->gpu_count(), 8u);
  EXPECT_TRUE((*driver)->may_configure());
  EXPECT_TRUE((*driver)->set_mig_mode(0, true));

  const auto summary = summarise_nodes(nodes.path());
  ASSERT_EQ(summary.size(), 1u);
  EXPECT_EQ(summary[0].name, "demo");
  EXPECT_EQ(summary[0].gpus, "8x a100-40gb");
  EXPECT_EQ(summary[0].driver, "580.126.09");
  EXPECT_EQ(summary[0].mig_gpus, 1u);
  EXPECT_EQ(summary[0].problem, "");
}

// As in distributions that have libnvidia-ml.so only in a development package.
TEST_F(CreateNode, LeavesOutTheUnversionedLibrariesIfTheRecipeSaysSo) {
  parts.cuda = sources.write("libcuda.so.1", "stub");
  auto spec = node({gpu("a100")});
  ASSERT_TRUE(create("with", spec));
  EXPECT_EQ(nodes.names("with/lib"),
            (std::vector<std::string>{"libcuda.so", "libcuda.so.1", "libcuda.so.580.126.09", "libnvidia-ml.so",
                                      "libnvidia-ml.so.1", "libnvidia-ml.so.580.126.09"}));
  spec.unversioned_library = false;
  ASSERT_TRUE(create("without", spec));
  EXPECT_EQ(nodes.names("without/lib"), (std::vector<std::string>{"libcuda.so.1", "libcuda.so.580.126.09",
                                                                  "libnvidia-ml.so.1", "libnvidia-ml.so.580.126.09"}));
}

TEST_F(CreateNode, RefusesAnExistingName) {
  ASSERT_TRUE(create("demo", node({gpu("a100")})));
  const auto state = nodes.read("demo/state");
  const auto again = create("demo", node({gpu("a30")}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::exists);
  EXPECT_EQ(again.error().message(), "node demo: already exists, in " + nodes.path("demo"));
  EXPECT_EQ(again.error().hint, Hint::gpuslice({"sim", "list"}));
  EXPECT_EQ(nodes.read("demo/state"), state);
}

TEST_F(CreateNode, CreatesNothingIfTheSpecificationIsRefused) {
  EXPECT_FALSE(create("demo", node({gpu("thor")})));
  EXPECT_EQ(create("../demo", node({gpu("a100")})).error().kind, ErrorKind::usage);
  EXPECT_TRUE(nodes.names().empty());
}

TEST_F(CreateNode, LeavesNoPartialNode) {
  for (auto* part : {&parts.library, &parts.program}) {
    const auto good = *part;
    *part = sources.path("not-there");
    const auto made = create("demo", node({gpu("a100")}));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::io);
    EXPECT_NE(made.error().what.find("cannot copy " + *part + ": No such file or directory"), std::string::npos)
        << made.error().what;
    EXPECT_TRUE(nodes.names().empty());
    *part = good;
  }
  EXPECT_TRUE(create("demo", node({gpu("a100")})));
}

TEST_F(CreateNode, WithoutADirectoryForNodesTheHintNamesTheVariable) {
  sources.write("a-file", "");
  const auto made = create_node(sources.path("a-file/nodes"), "demo", node({gpu("a100")}), parts);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::io);
  EXPECT_EQ(made.error().hint, "export GPUSLICE_SIM_DIR=/a/directory/of/yours");
}

TEST_F(CreateNode, DeletesTheWholeNode) {
  ASSERT_TRUE(create("demo", node({gpu("a100")})));
  ASSERT_TRUE(create("other", node({gpu("a30")})));
  EXPECT_TRUE(delete_node(nodes.path(), "demo"));
  EXPECT_EQ(nodes.names(), (std::vector<std::string>{"other"}));
  const auto again = delete_node(nodes.path(), "demo");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message(), "node demo: does not exist; existing nodes: other");
}

TEST_F(CreateNode, DoesNotDeleteANodeInUse) {
  const auto made = create("demo", node({gpu("a100", 2)}));
  ASSERT_TRUE(made);
  auto driver = sim::Driver::open(made->directory, made->directory);
  ASSERT_TRUE(driver);
  sim::Client job;
  job.gpu = 1;
  job.kinds = 1;
  job.pid = 4321;
  job.name.set("train.py");
  const auto held = sim::hold((*driver)->state(), made->directory, job);
  ASSERT_TRUE(held) << held.error().message();
  const auto refused = delete_node(nodes.path(), "demo");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  EXPECT_EQ(refused.error().message(), "node demo: GPU 1 is held by process 4321 (train.py)");
  EXPECT_EQ(refused.error().hint, "end that process first");
  EXPECT_EQ(summarise_nodes(nodes.path())[0].clients, 1u);
  ::close(*held);
  EXPECT_TRUE(delete_node(nodes.path(), "demo"));
  EXPECT_TRUE(nodes.names().empty());
}

// A node whose state cannot be read must still be listed, with the reason, and be deletable.
TEST_F(CreateNode, ADamagedNodeIsListedAndDeleted) {
  nodes.write("broken/state", "?");
  const auto summary = summarise_nodes(nodes.path());
  ASSERT_EQ(summary.size(), 1u);
  EXPECT_TRUE(summary[0].problem.starts_with("is damaged: its size is 1 bytes instead of ")) << summary[0].problem;
  EXPECT_TRUE(delete_node(nodes.path(), "broken"));
  EXPECT_TRUE(nodes.names().empty());
}

}  // namespace
}  // namespace gpuslice::simhost
