// `nvidia-smi compute-policy` on several GPUs, and with arguments for which no node is opened.

#include <gtest/gtest.h>

#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

Ran run_policy(const FakeNode& node, std::vector<std::string> args) {
  args.insert(args.begin(), "compute-policy");
  return run_smi(node, args);
}

// The recordings (testing/recorded/compute-policy.txt) do not cover two GPUs with different policies, and changes.
TEST(ComputePolicy, IsSetAndListedPerGpu) {
  FakeNode node;
  node.gpus.push_back(node.gpus.front());
  EXPECT_EQ(run_policy(node, {"-i", "1", "--set-timeslice=3"}).out,
            "Successfully set timeslice policy with value Long for GPU 1\n");
  EXPECT_EQ(run_policy(node, {"-l"}).out,
            "+-------------------------------------+\n| GPU compute policies:               |\n"
            "| GPU     Name           Value        |\n|=====================================|\n"
            "|   0   Timeslice       Default       |\n+-------------------------------------+\n"
            "|   1   Timeslice       Long          |\n+-------------------------------------+\n");
  EXPECT_EQ(run_policy(node, {"--set-timeslice", "1"}).out,
            "Successfully set timeslice policy with value Short for GPU 0\n"
            "Successfully set timeslice policy with value Short for GPU 1\n");
  EXPECT_EQ(node.gpus[1].time_slice, 1U);
  EXPECT_EQ(node.journal, (Journal{"time slice 3", "time slice 1", "time slice 1"}));
}

TEST(ComputePolicy, EndsAtTheFirstGpuThatRefuses) {
  FakeNode node;
  node.gpus.assign(3, node.gpus.front());
  node.gpus[1].refuse_set_time_slice = node.gpus[1].refuse_time_slice = 3;
  const auto set = run_policy(node, {"--set-timeslice=2"});
  EXPECT_EQ(set.status, 3);
  EXPECT_EQ(set.out,
            "Successfully set timeslice policy with value Medium for GPU 0\n"
            "Failed to set timeslice policy with value Medium for GPU 1 : Not Supported\n"
            "Failed to set timeslice for requested devices : Not Supported\n");
  EXPECT_EQ(node.gpus[2].time_slice, 0U);
  const auto list = run_policy(node, {"--list"});
  EXPECT_EQ(list.status, 3);
  EXPECT_TRUE(
      list.out.ends_with("|   0   Timeslice       Medium        |\n+-------------------------------------+\n"
                         "Failed to get compute policies for GPU 1 : Not Supported\n"
                         "Failed to retrieve compute policies for requested devices : Not Supported\n"));
}

TEST(ComputePolicy, AnEmptyListOfGpusIsRefused) {
  const FakeNode node;
  for (const char* list : {"", ",", ",,"}) {
    const auto ran = run_policy(node, {"-i", list, "-l"});
    EXPECT_EQ(ran.out, "Failed to parse device string on command line") << list;
    EXPECT_EQ(ran.status, 255);
  }
  EXPECT_EQ(run_policy(node, {"-i", "0,", "-l"}).status, 0);
}

TEST(ComputePolicy, WithoutACommandHelpIsPrintedAndNoNodeIsOpened) {
  std::ostringstream out, err;
  const NodeFactory none = [] -> Result<std::unique_ptr<node::Node>> {
    ADD_FAILURE() << "a node was opened";
    return std::make_unique<FakeNode>();
  };
  for (const std::vector<std::string>& args :
       std::vector<std::vector<std::string>>{{}, {"-h"}, {"-i", "9"}, {"-l", "--help"}}) {
    out.str("");
    auto words = args;
    words.insert(words.begin(), "compute-policy");
    EXPECT_EQ(run(none, words, out, err, fixed_environment()), 0);
    EXPECT_TRUE(out.str().starts_with("\n    compute-policy -- "));
  }
}

}  // namespace
}  // namespace gpuslice::smi::testing
