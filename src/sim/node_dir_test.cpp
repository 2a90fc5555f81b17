#include "sim/node_dir.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::sim {
namespace {

using gpuslice::testing::TempDir;

TEST(NodesDirectory, FollowsTheEnvironment) {
  const struct {
    const char* what;
    Home home;
    const char* expected;
  } rows[] = {
      {"named", {"/srv/nodes", "/s", "/h", true}, "/srv/nodes"},
      {"root", {"", "/s", "/root", true}, "/var/lib/gpuslice/nodes"},
      {"state home", {"", "/s", "/h", false}, "/s/gpuslice/nodes"},
      {"home", {"", "", "/h", false}, "/h/.local/state/gpuslice/nodes"},
  };
  for (const auto& row : rows) EXPECT_EQ(nodes_directory(row.home), row.expected) << row.what;
  // A relative name is relative to the program's working directory; the result is absolute, for the node's programs
  // too.
  EXPECT_EQ(nodes_directory({"my/nodes", "", "", false}), (std::filesystem::current_path() / "my/nodes").string());
  const auto none = nodes_directory({});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message(), "the directory of simulated nodes: neither GPUSLICE_SIM_DIR nor HOME is set");
  EXPECT_EQ(none.error().hint, "export GPUSLICE_SIM_DIR=/some/directory");
}

TEST(NodeName, MayContainOnlySafeCharacters) {
  for (const std::string good : {"a", "demo", "A100_node-1.x", "0"}) EXPECT_TRUE(check_node_name(good)) << good;
  EXPECT_TRUE(check_node_name(std::string(63, 'x')));
  for (const std::string bad : {"", ".", "..", ".hidden", "-f", "a/b", "../a", "a b", "a\n", "é", "a:b"}) {
    const auto checked = check_node_name(bad);
    ASSERT_FALSE(checked) << bad;
    EXPECT_EQ(checked.error().kind, ErrorKind::usage);
    EXPECT_EQ(
        checked.error().message(),
        "node name \"" + bad + "\": must be 1 to 63 letters, digits, '.', '_' or '-', and not start with '.' or '-'");
  }
  EXPECT_FALSE(check_node_name(std::string(64, 'x')));
  EXPECT_FALSE(check_node_name(std::string("a\0b", 3)));
}

TEST(FindNode, IgnoresDirectoriesThatAreNoNodes) {
  const TempDir nodes;
  nodes.write("b-node/state", "");
  nodes.write("a-node/state", "");
  nodes.write("no-node/other", "");
  nodes.write("a-file", "");
  std::filesystem::create_directories(nodes.path("odd/state"));  // a directory is not a state file
  EXPECT_EQ(list_nodes(nodes.path()), (std::vector<std::string>{"a-node", "b-node"}));
  EXPECT_EQ(find_node(nodes.path(), "a-node"), nodes.path("a-node"));
  for (const std::string absent : {"no-node", "a-file", "odd", "c"}) {
    const auto found = find_node(nodes.path(), absent);
    ASSERT_FALSE(found) << absent;
    EXPECT_EQ(found.error().kind, ErrorKind::not_found);
    EXPECT_EQ(found.error().message(), "node " + absent + ": does not exist; existing nodes: a-node, b-node");
    EXPECT_EQ(found.error().hint, Hint::gpuslice({"sim", "list"}));
  }
  EXPECT_EQ(find_node(nodes.path(), "../a-node").error().kind, ErrorKind::usage);
}

TEST(CheckOwner, RefusesANodeOfAnotherUser) {
  const TempDir nodes;
  nodes.write("demo/state", "");
  EXPECT_TRUE(check_owner(nodes.path("demo")));
  EXPECT_EQ(find_own_node(nodes.path(), "demo"), nodes.path("demo"));
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a node away";
  const auto give = [&](const std::string& path, uid_t uid) { ASSERT_EQ(::chown(path.c_str(), uid, 0), 0); };
  const auto refused = [&](const std::string& what) {
    const auto checked = find_own_node(nodes.path(), "demo");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, ErrorKind::permission);
    EXPECT_EQ(checked.error().message(), "node demo: " + what);
    EXPECT_EQ(checked.error().hint,
              "sudo -u '#4242' env GPUSLICE_SIM_DIR=" + nodes.path() + " GPUSLICE_LOCAL=readonly sh");
  };
  give(nodes.path("demo"), 4242);
  refused("belongs to user 4242: acting on it would run programs of user 4242 as root; act on it as user 4242");
  EXPECT_EQ(find_node(nodes.path(), "demo"), nodes.path("demo")) << "reading it needs no permission check";
  // The owner of the directory could replace the node.
  give(nodes.path("demo"), 0);
  give(nodes.path(), 4242);
  refused("its directory " + nodes.path() +
          " belongs to user 4242: acting on it would run programs of user 4242 as root; act on it as user 4242");
  give(nodes.path(), 0);
  EXPECT_TRUE(check_owner(nodes.path("demo")));
}

// Users paste the hint into a shell, so the directory's name must be quoted: it may contain shell syntax.
TEST(CheckOwner, TheHintQuotesTheDirectory) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a node away";
  const TempDir parent;
  const auto nodes = parent.path("q$(touch x)");
  parent.write("q$(touch x)/demo/state", "");
  ASSERT_EQ(::chown((nodes + "/demo").c_str(), 4242, 4242), 0);
  const auto checked = check_owner(nodes + "/demo");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().hint, "sudo -u '#4242' env GPUSLICE_SIM_DIR='" + nodes + "' GPUSLICE_LOCAL=readonly sh");
}

TEST(CheckOwner, RefusesANodeThatEveryUserMayWriteTo) {
  const TempDir nodes;
  nodes.write("demo/state", "");
  std::filesystem::permissions(nodes.path("demo"), std::filesystem::perms(0777));
  const auto checked = check_owner(nodes.path("demo"));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().hint, "chmod o-w " + nodes.path("demo"));
  std::filesystem::permissions(nodes.path("demo"), std::filesystem::perms(0755));
  std::filesystem::permissions(nodes.path(), std::filesystem::perms(0777));
  EXPECT_FALSE(check_owner(nodes.path("demo")));
  std::filesystem::permissions(nodes.path(), std::filesystem::perms(01777));  // sticky, like /tmp
  EXPECT_TRUE(check_owner(nodes.path("demo")));
}

// While a node is being created or deleted, its name starts with a dot, and it must not be found.
TEST(FindNode, IgnoresNodesThatAreBeingCreatedOrDeleted) {
  const TempDir nodes;
  nodes.write(".demo.123/state", "");
  EXPECT_EQ(list_nodes(nodes.path()), std::vector<std::string>{});
}

TEST(FindNode, WithoutAnyNodeTheErrorNamesTheDirectory) {
  const TempDir nodes;
  for (const auto& where : {nodes.path(), nodes.path("not-there")}) {
    EXPECT_EQ(list_nodes(where), std::vector<std::string>{});
    const auto found = find_node(where, "demo");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().message(), "node demo: does not exist; there are no nodes in " + where);
    EXPECT_EQ(found.error().hint, Hint::gpuslice({"sim", "list"}));
  }
}

}  // namespace
}  // namespace gpuslice::sim
