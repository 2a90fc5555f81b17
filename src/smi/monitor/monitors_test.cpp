// dmon and pmon with several samples and GPUs: cases that the recordings of one idle GPU do not cover.
#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "smi/testing/monitored_gpu.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

using fields::Reading;
using fields::Value;

FakeNode busy(std::size_t gpus = 1) {
  FakeNode node;
  apply_monitored_gpu(node, "busy,342,43,35");
  for (std::size_t i = 1; i < gpus; ++i) node.gpus.push_back(node.gpus.front());
  return node;
}

std::string without_header(const std::string& text) { return text.substr(text.find('\n', text.find('\n') + 1) + 1); }

TEST(Dmon, RunsUntilInterruptedAndShowsOneMoreRound) {
  const auto ran = run_smi(busy(), {"dmon", "-s", "p", "-o", "T", "-d", "3"}, 2);
  EXPECT_EQ(without_header(ran.out),
            " 21:00:53       0    342     43     35 \n 21:00:56       0    342     43     35 \n"
            " 21:00:59       0    342     43     35 \n 21:01:02       0    342     43     35 \n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.pauses, std::vector<std::chrono::milliseconds>(3, std::chrono::seconds(3)));
}

TEST(Dmon, DoesNotWaitAfterTheLastSample) {
  const auto ran = run_smi(busy(2), {"dmon", "-s", "p", "-c", "2"});
  EXPECT_EQ(ran.pauses.size(), 1U);
  EXPECT_EQ(without_header(ran.out),
            "    0    342     43     35 \n    1    342     43     35 \n"
            "    0    342     43     35 \n    1    342     43     35 \n");
}

TEST(Dmon, ShowsAtMostSixteenGpus) {
  const auto ran = run_smi(busy(20), {"dmon", "-s", "c", "-c", "1"});
  EXPECT_NE(ran.out.find("\n   15   3201   1980 \n"), std::string::npos);
  EXPECT_EQ(ran.out.find("\n   16 "), std::string::npos);
}

TEST(Dmon, RefusedFiguresAreDashes) {
  const auto node = busy();
  node.gpus[0].readings.erase(Reading::temperature_memory);
  EXPECT_EQ(without_header(run_smi(node, {"dmon", "-s", "p", "-c", "1"}).out), "    0    342     43      - \n");
}

TEST(Dmon, ThrottlingIsCountedFromLineToLine) {
  const auto node = busy();
  auto& readings = node.gpus[0].readings;
  readings[Reading::reason_time_power_cap] = Value(std::uint64_t{5'000'000'000});
  std::ostringstream out, err;
  auto environment = fixed_environment();
  std::uint64_t round = 0;
  environment.pause = [&](Environment&, std::chrono::milliseconds, Environment::Interrupt) {
    ++round;
    readings[Reading::reason_time_power_cap] = Value(5'000'000'000 + round * 250'000'000);
    readings[Reading::reason_time_sw_thermal] = Value(round > 1 ? std::uint64_t{1000} : std::uint64_t{0});
    return true;
  };
  run([&]() -> Result<std::unique_ptr<node::Node>> { return node.opened(); }, {"dmon", "-s", "v", "-c", "4"}, out, err,
      environment);
  EXPECT_EQ(without_header(out.str()),
            "    0      0      0 \n    0     25      0 \n    0     25      1 \n    0     25      0 \n");
}

// From a published transcript: two lines of dashes, then figures.
TEST(Dmon, MetricsNeedTwoSamplesBeforeTheirLine) {
  const auto node = busy();
  node.gpus[0].performance = {{1, 9.4}, {13, 0}};
  const auto ran = run_smi(node, {"dmon", "-s", "c", "-c", "3", "--gpm-metrics", "1,2,13"});
  EXPECT_EQ(
      ran.out,
      "# gpu   mclk   pclk      gract     smutil       fp16 \n# Idx    MHz    MHz      GPM:%      GPM:%      GPM:% \n"
      "    0   3201   1980          -          -          - \n    0   3201   1980          -          -          - \n"
      "    0   3201   1980          9          -          0 \n");
}

TEST(Dmon, MetricsHaveALineForEachMigDevice) {
  const auto node = busy();
  auto& gpu = node.gpus[0];
  gpu.mig = {true, true};
  gpu.profiles = h200_profiles();
  gpu.performance = {{1, 50}};
  gpu.instances = {{{mig::GiId{3}, mig::GiProfileId{14}, 0, 2}, {{{mig::CiId{0}, mig::CiProfileId{1}, 0, 2}}}},
                   {{mig::GiId{5}, mig::GiProfileId{14}, 2, 2}, {{{mig::CiId{0}, mig::CiProfileId{1}, 0, 2}}}}};
  const auto ran = run_smi(node, {"dmon", "-c", "3", "--gpm-metrics", "1", "--gpm-options", "m"});
  EXPECT_TRUE(
      ran.out.ends_with("    0          0          3          0         50 \n"
                        "    0          1          5          0         50 \n"))
      << ran.out;
}

TEST(Dmon, NamesMetricsAsTheDriverDoes) {
  const auto ran =
      run_smi(busy(), {"dmon", "-c", "1", "--gpm-metrics", "20,37,63,97,159,169,174,209", "--gpm-options", "d"});
  EXPECT_EQ(ran.status, 0);
  for (const char* name :
       {" pcitx ", " nvdec7 ", " nvl0tx ", " nvl17tx ", " c2c13drx ", " nvenc3 ", " cs0actpt ", " id=209 "})
    EXPECT_NE(ran.out.find(name), std::string::npos) << name;
  EXPECT_EQ(run_smi(busy(), {"dmon", "--gpm-metrics", "210"}).status, 255);
  EXPECT_TRUE(run_smi(busy(), {"dmon", "--gpm-metrics", "1,x"}).out.starts_with("Found offending character: x\n"));
}

TEST(Monitors, WriteOnlyToTheFile) {
  const std::string path = ::testing::TempDir() + "gpuslice-monitor-" + std::to_string(::getpid());
  const auto ran = run_smi(busy(), {"dmon", "-s", "p", "-c", "1", "-f", path});
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.status, 0);
  std::ifstream in(path);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(without_header(text), "    0    342     43     35 \n");
  std::remove(path.c_str());
}

TEST(Monitors, AFileThatCannotBeCreatedOrWrittenIsReported) {
  for (const char* view : {"dmon", "pmon"}) {
    const auto none = run_smi(busy(), {view, "-c", "1", "-f", "/nonexistent/x"});
    EXPECT_EQ(none.out, "Failed to create the log file /nonexistent/x\n\n");
    EXPECT_EQ(none.status, 255);
    const auto full = run_smi(busy(), {view, "-c", "1", "-f", "/dev/full"});
    EXPECT_EQ(full.out, "");
    EXPECT_EQ(full.err,
              "gpuslice smi: /dev/full: cannot be written: No space left on device\n  try: a place with room for it\n");
    EXPECT_EQ(full.status, 255);
  }
}

TEST(Pmon, ShowsUsedEnginesAndDashesWithoutASample) {
  const auto node = busy();
  auto& gpu = node.gpus[0];
  gpu.processes = {{30, 1, "/usr/bin/ffmpeg", 300 * 1048576, {}, {}},
                   {31, 3, "a-name-of-more-than-fifteen", {}, {}, {}}};
  gpu.process_use = {{30, 1'000'000, 7, 4, 12, 28, 0, 3}};
  EXPECT_EQ(without_header(run_smi(node, {"pmon", "-c", "1", "-s", "um"}).out),
            "    0         30     C      7      4     12     28      -      3    300      0    ffmpeg         \n"
            "    0         31   C+G      -      -      -      -      -      -      -      -    a-name-of-more-\n");
}

TEST(Pmon, ShowsEveryGpu) {
  const auto ran = run_smi(busy(6), {"pmon", "-c", "1", "-s", "m"});
  EXPECT_NE(ran.out.find("\n    5      10052"), std::string::npos);
}

}  // namespace
}  // namespace gpuslice::smi::testing
