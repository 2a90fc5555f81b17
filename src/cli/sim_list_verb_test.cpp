// `gpuslice sim list`, run as a user runs it: which stream it writes to, and how it shows a node that cannot be read.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/testing/temp_dir.hpp"
#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

using testing::run;

class SimList : public ::testing::Test {
 protected:
  SimList() { ::setenv("GPUSLICE_SIM_DIR", nodes_.path().c_str(), 1); }
  ~SimList() override { ::unsetenv("GPUSLICE_SIM_DIR"); }

  gpuslice::testing::TempDir nodes_;
};

TEST_F(SimList, WithoutNodesSaysHowToCreateOne) {
  const auto table = run({"sim", "list"});
  EXPECT_EQ(table.status, 0);
  EXPECT_EQ(table.out, "");
  EXPECT_EQ(table.err, "there is no simulated node; create one: gpuslice sim create demo --gpus 8xa100-40gb\n");
  EXPECT_EQ(run({"sim", "list", "--output", "json"}).out, "[]\n");
  EXPECT_EQ(run({"sim", "list", "--output", "csv"}).out,
            "name,driver,gpus,gpu_count,mig_gpus,gpu_instances,compute_instances,clients,unreproduced_views,directory,"
            "problem\n");
}

TEST_F(SimList, ShowsTheProblemOfANodeThatCannotBeRead) {
  nodes_.write("broken/state", "no state\n");
  const auto listed = nlohmann::json::parse(run({"sim", "list", "--output", "json"}).out);
  ASSERT_EQ(listed.size(), 1U);
  const auto& node = listed[0];
  EXPECT_EQ(node.at("name"), "broken");
  EXPECT_EQ(node.at("directory"), nodes_.path("broken"));
  EXPECT_EQ(node.at("driver"), nullptr);
  EXPECT_EQ(node.at("clients"), nullptr);
  const auto problem = node.at("problem").get<std::string>();
  EXPECT_TRUE(problem.starts_with("is ")) << problem;
  const auto table = run({"sim", "list"});
  EXPECT_EQ(table.status, 4);
  EXPECT_EQ(table.err, "");
  EXPECT_TRUE(table.out.starts_with("NODE")) << table.out;
  EXPECT_NE(table.out.find("  PROBLEM\n"), std::string::npos) << table.out;
  EXPECT_TRUE(table.out.ends_with("  " + problem + "\n")) << table.out;
}

}  // namespace
}  // namespace gpuslice::cli
