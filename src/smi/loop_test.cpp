// -l, -lms and -f of the default view and of queries; -B on a node with excluded GPUs.
#include <algorithm>
#include <cstdio>
#include <fstream>

#include <unistd.h>

#include <gtest/gtest.h>

#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

using std::chrono::milliseconds;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Loop, ShowsTheViewAgainWithItsOwnTime) {
  const auto ran = run_smi(FakeNode{}, {"-l", "1"}, 2);
  EXPECT_EQ(count_of(ran.out, "NVIDIA-SMI 580.159.04"), 3U);
  EXPECT_TRUE(ran.out.starts_with("Fri Nov 20 21:00:53 2026       \n"));
  EXPECT_NE(
      ran.out.find("|\n+-----------------------------------------------------------------------------------------+\n"
                   "Fri Nov 20 21:00:54 2026       \n"),
      std::string::npos)
      << "there must be nothing between two rounds";
  EXPECT_EQ(ran.pauses, std::vector<milliseconds>(3, milliseconds(1000)));
  EXPECT_EQ(ran.status, 0);
}

TEST(Loop, HasTheHeaderOfAQueryOnce) {
  EXPECT_EQ(run_smi(FakeNode{}, {"--query-gpu=timestamp,index", "--format=csv", "-lms", "400"}, 2).out,
            "timestamp, index\n2026/11/20 21:00:53.007, 0\n2026/11/20 21:00:53.407, 0\n2026/11/20 21:00:53.807, 0\n");
  EXPECT_EQ(run_smi(FakeNode{}, {"--query-gpu=index", "--format=csv,noheader", "-lms", "900"}, 1).out, "0\n0\n");
}

TEST(Loop, IsFiveIfThereIsNoNumber) {
  for (const auto& words : {std::vector<std::string>{"-l"}, {"-l", "bogus"}, {"--loop"}, {"-l", "5"}})
    EXPECT_EQ(run_smi(FakeNode{}, words, 0).pauses, std::vector{milliseconds(5000)}) << words.back();
  EXPECT_EQ(run_smi(FakeNode{}, {"-lms", "bogus"}, 0).pauses, std::vector{milliseconds(5)});
  EXPECT_EQ(run_smi(FakeNode{}, {"--loop-ms=250"}, 0).pauses, std::vector{milliseconds(250)});
}

TEST(Loop, EndsWithTheFirstFailure) {
  const auto ran = run_smi(FakeNode{}, {"--query-gpu=bogus", "-l", "1"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_TRUE(ran.pauses.empty());
}

TEST(LogFile, GetsTheOutputOfEveryView) {
  const std::string path = ::testing::TempDir() + "gpuslice-log-" + std::to_string(::getpid());
  for (const auto& words :
       {std::vector<std::string>{"-f", path}, {"--query-gpu=index", "--format=csv", "--filename=" + path}}) {
    const auto ran = run_smi(FakeNode{}, words);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.status, 0);
    std::ifstream in(path);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    EXPECT_NE(text.find(words.size() == 2 ? "Driver Version: 580.159.04" : "index\n0\n"), std::string::npos) << text;
    std::remove(path.c_str());
  }
}

TEST(LogFile, IsAFailureIfTheDiskIsFull) {
  const auto ran = run_smi(FakeNode{}, {"-f", "/dev/full"});
  EXPECT_EQ(ran.status, 255);
  EXPECT_EQ(ran.err,
            "gpuslice smi: /dev/full: cannot be written: No space left on device\n  try: a place with room for it\n");
}

// The line is from published output of NVIDIA's nvidia-smi 580.65.06.
TEST(Excluded, GpusAreListed) {
  const FakeNode node;
  node.state().excluded = {{"00000000:4B:00.0", "GPU-b300b300-0000-0000-0000-000000000003"}};
  EXPECT_EQ(run_smi(node, {"-B"}).out,
            "Excluded GPU 0: 00000000:4B:00.0 (UUID: GPU-b300b300-0000-0000-0000-000000000003)\n");
}

TEST(Select, AnEmptyListIsRefused) {
  const auto ran = run_smi(FakeNode{}, {"-i", ""});
  EXPECT_EQ(ran.out, "Failed to parse device string on command line");
  EXPECT_EQ(ran.status, 255);
}

}  // namespace
}  // namespace gpuslice::smi::testing
