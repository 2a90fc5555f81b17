// Which node a command acts on.
#include "cli/node_choice.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

class ChosenNode : public ::testing::Test {
 protected:
  ~ChosenNode() override { ::unsetenv(node_variable); }
};

TEST_F(ChosenNode, OptionComesBeforeEnvironment) {
  ::unsetenv(node_variable);
  EXPECT_EQ(choose_node("").name, "");
  EXPECT_FALSE(choose_node("").from_environment);
  ::setenv(node_variable, "", 1);
  EXPECT_EQ(choose_node("").name, "");
  EXPECT_FALSE(choose_node("").from_environment);
  ::setenv(node_variable, "sim:demo", 1);
  EXPECT_EQ(choose_node("").spelled(), "GPUSLICE_NODE=sim:demo");
  EXPECT_EQ(choose_node("local").spelled(), "--node local");
}

TEST_F(ChosenNode, MessagesNameItAsItWasGiven) {
  ::setenv(node_variable, "far", 1);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"resolve", "0"}, {"list"}, {"enable", "--gpu", "0"}}) {
    const auto ran = testing::run(words);
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.err, "gpuslice: GPUSLICE_NODE=far: is neither local nor sim:NAME\n  try: gpuslice sim list\n");
  }
  EXPECT_EQ(testing::run({"--node", "wide", "list"}).err,
            "gpuslice: --node wide: is neither local nor sim:NAME\n  try: gpuslice sim list\n");
}

TEST_F(ChosenNode, FromTheEnvironmentIsIgnoredByCommandsWithoutANode) {
  ::setenv(node_variable, "far", 1);
  EXPECT_EQ(testing::run({"products"}).status, 0);
  EXPECT_EQ(testing::run({"profiles", "--for", "a100-40gb"}).status, 0);
}

TEST_F(ChosenNode, IsPartOfHints) {
  ::setenv(node_variable, "sim:demo", 1);
  EXPECT_EQ(testing::run({"lst"}).err,
            "gpuslice: lst: is not a command of gpuslice\n  try: gpuslice --node sim:demo list\n");
}

}  // namespace
}  // namespace gpuslice::cli
