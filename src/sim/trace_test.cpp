#include "sim/trace.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::sim {
namespace {

TracedCall a_call() {
  TracedCall call;
  call.time_us = 1'700'000'000'123'456;
  call.duration_us = 27;
  call.pid = 4711;
  call.program = "nvidia-smi";
  call.function = "nvmlDeviceCreateGpuInstance";
  call.mutating = true;
  call.gpu = 3;
  call.code = 19;
  call.fault = 2;
  call.arguments = "profile=9 start=0 size=4";
  return call;
}

std::optional<TracedCall> there_and_back(const TracedCall& call) {
  const auto line = trace_line(call);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  return parse_trace_line(std::string_view(line).substr(0, line.size() - 1));
}

TEST(TraceLine, HasAllFieldsOfACall) {
  auto call = a_call();
  EXPECT_EQ(there_and_back(call), call);
  call.gi = 2;
  call.ci = 0;
  call.end = CallEnd::killed_after;
  EXPECT_EQ(there_and_back(call), call);
  call.end = CallEnd::killed_before;
  call.code = 0;
  EXPECT_EQ(there_and_back(call), call);
  call.gpu = call.gi = call.ci = std::nullopt;
  call.mutating = false;
  call.arguments.clear();
  call.end = CallEnd::answered;
  EXPECT_EQ(there_and_back(call), call);
}

TEST(TraceLine, StaysOneLineWhateverTheProgramsName) {
  auto call = a_call();
  call.program = "a\tb\nc\x7f";
  const auto back = there_and_back(call);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->program, "a b c ");
}

TEST(TraceLine, ATruncatedLineIsNotACall) {
  const auto line = trace_line(a_call());
  for (std::size_t length = 0; length <= line.rfind('\t'); ++length)
    EXPECT_FALSE(parse_trace_line(std::string_view(line).substr(0, length))) << length;
  EXPECT_FALSE(parse_trace_line(line.substr(0, line.size() - 1) + "\tmore"));
}

class TraceFile : public ::testing::Test {
 protected:
  [[nodiscard]] Trace read() const {
    auto trace = read_trace(dir.path());
    EXPECT_TRUE(trace);
    return trace.value_or(Trace{});
  }
  gpuslice::testing::TempDir dir;
};

TEST_F(TraceFile, WithoutAFileNothingIsWrittenOrRead) {
  append_trace(dir.path(), a_call());
  EXPECT_FALSE(std::filesystem::exists(dir.path("trace")));
  EXPECT_TRUE(read().lines.empty());
  EXPECT_TRUE(clear_trace(dir.path()));
}

TEST_F(TraceFile, NumbersCallsFromOneAndAgainAfterClearing) {
  ASSERT_TRUE(open_trace(dir.path()));
  append_trace(dir.path(), a_call());
  auto other = a_call();
  other.function = "nvmlShutdown";
  append_trace(dir.path(), other);
  ASSERT_TRUE(open_trace(dir.path()));  // keeps the existing content
  const auto trace = read();
  ASSERT_EQ(trace.lines.size(), 2U);
  EXPECT_EQ(trace.lines[0].number, 1U);
  EXPECT_EQ(trace.lines[0].call, a_call());
  EXPECT_EQ(trace.lines[1].number, 2U);
  EXPECT_EQ(trace.lines[1].call, other);
  ASSERT_TRUE(clear_trace(dir.path()));
  append_trace(dir.path(), other);
  ASSERT_EQ(read().lines.size(), 1U);
  EXPECT_EQ(read().lines[0].number, 1U);
}

TEST_F(TraceFile, ADamagedLineIsCountedAndTheOthersAreRead) {
  ASSERT_TRUE(open_trace(dir.path()));
  append_trace(dir.path(), a_call());
  std::ofstream(dir.path("trace"), std::ios::app) << "half a li\n";
  append_trace(dir.path(), a_call());
  const auto trace = read();
  EXPECT_EQ(trace.unreadable, 1U);
  ASSERT_EQ(trace.lines.size(), 2U);
  EXPECT_EQ(trace.lines[1].number, 3U);
}

TEST_F(TraceFile, LinesOfManyProcessesStayWhole) {
  constexpr std::uint32_t processes = 6;
  constexpr std::uint32_t calls = 300;
  ASSERT_TRUE(open_trace(dir.path()));
  for (std::uint32_t i = 0; i < processes; ++i)
    if (::fork() == 0) {
      auto call = a_call();
      call.pid = i;
      for (call.fault = 0; call.fault < calls; ++call.fault) append_trace(dir.path(), call);
      ::_exit(0);
    }
  while (::wait(nullptr) > 0) {
  }
  const auto trace = read();
  EXPECT_EQ(trace.unreadable, 0U);
  EXPECT_EQ(trace.lines.size(), processes * calls);
  std::vector<std::uint32_t> next(processes, 0);  // the calls of each process must be in order
  for (const auto& line : trace.lines) {
    ASSERT_LT(line.call.pid, processes);
    EXPECT_EQ(line.call.fault, next[line.call.pid]++);
  }
}

TEST_F(TraceFile, StopsGrowingWhenItIsFull) {
  ASSERT_TRUE(open_trace(dir.path()));
  append_trace(dir.path(), a_call());
  EXPECT_FALSE(read().full);
  ASSERT_EQ(::truncate(dir.path("trace").c_str(), static_cast<off_t>(trace_limit_bytes - 10)), 0);
  append_trace(dir.path(), a_call());
  EXPECT_EQ(std::filesystem::file_size(dir.path("trace")), trace_limit_bytes - 10);
  const auto trace = read();
  EXPECT_TRUE(trace.full);
  EXPECT_EQ(trace.lines.size(), 1U);
}

}  // namespace
}  // namespace gpuslice::sim
