#include "sim/latency.hpp"

#include <gtest/gtest.h>

namespace gpuslice::sim {
namespace {

// Wall times of `nvidia-smi mig` on an idle A100, medians in ms: the source of --like a100.
TEST(Latency, LikeAnA100MatchesTheMeasuredTimesOfOneAndSevenInstances) {
  const auto a100 = a100_latencies();
  const auto all = [&](CallKind kind, std::size_t count) {
    std::uint64_t us = 0;
    for (std::size_t i = 0; i < count; ++i) us += latency_us(a100, kind, kind == CallKind::create_gi ? i : count - i);
    return (us + 500) / 1000;
  };
  EXPECT_EQ(all(CallKind::create_gi, 1), 52U);
  EXPECT_EQ(all(CallKind::create_gi, 7), 132U);
  EXPECT_EQ(all(CallKind::destroy_gi, 1), 120U);
  EXPECT_EQ(all(CallKind::destroy_gi, 7), 167U);
}

TEST(Latency, UnmeasuredChangesTakeNoTime) {
  const auto a100 = a100_latencies();
  for (const auto kind : {CallKind::create_ci, CallKind::destroy_ci, CallKind::set_mig_mode, CallKind::reading})
    EXPECT_EQ(latency_us(a100, kind, 3), 0U);
  EXPECT_EQ(a100.reset, 0U);
}

TEST(Latency, EveryKindOfChangeHasItsOwnLatency) {
  const Latencies all{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(latency_us(all, CallKind::create_gi, 0), 1U);
  EXPECT_EQ(latency_us(all, CallKind::create_gi, 1), 2U);
  EXPECT_EQ(latency_us(all, CallKind::destroy_gi, 2), 3U);
  EXPECT_EQ(latency_us(all, CallKind::destroy_gi, 1), 4U);
  EXPECT_EQ(latency_us(all, CallKind::create_ci, 1), 5U);
  EXPECT_EQ(latency_us(all, CallKind::destroy_ci, 1), 6U);
  EXPECT_EQ(latency_us(all, CallKind::set_mig_mode, 0), 7U);
  for (const auto kind : {CallKind::set_compute_mode, CallKind::set_persistence, CallKind::reading})
    EXPECT_EQ(latency_us(all, kind, 1), 0U);
}

TEST(Duration, IsANumberWithAUnit) {
  EXPECT_EQ(parse_duration_us("200ms"), 200'000U);
  EXPECT_EQ(parse_duration_us("1.5s"), 1'500'000U);
  EXPECT_EQ(parse_duration_us("0.0255ms"), 25U);  // fractions of a microsecond are dropped
  EXPECT_EQ(parse_duration_us("40us"), 40U);
  EXPECT_EQ(parse_duration_us("0"), 0U);
  EXPECT_EQ(parse_duration_us("3600s"), 3'600'000'000U);
}

TEST(Duration, AnInvalidOneIsRefusedWithTheReason) {
  const auto why = [](const char* text) {
    const auto parsed = parse_duration_us(text);
    return parsed ? std::string("parsed") : parsed.error().message();
  };
  EXPECT_EQ(why("5"), "duration \"5\": needs a unit: us, ms or s");
  EXPECT_EQ(why("5m"), "duration \"5m\": needs a unit: us, ms or s");
  EXPECT_EQ(why(""), "duration \"\": is not a number with us, ms or s");
  EXPECT_EQ(why("-5ms"), "duration \"-5ms\": is not a number with us, ms or s");
  EXPECT_EQ(why("nan"), "duration \"nan\": is not a number with us, ms or s");
  EXPECT_EQ(why("1.s"), "duration \"1.s\": is not a number with us, ms or s");
  EXPECT_EQ(why("99999999999999999999999s"), "duration \"99999999999999999999999s\": is more than an hour");
  EXPECT_EQ(why("inf s"), "duration \"inf s\": is not a number with us, ms or s");
  EXPECT_EQ(why("3601s"), "duration \"3601s\": is more than an hour");
}

TEST(Duration, IsWrittenInTheLargestWholeUnit) {
  EXPECT_EQ(duration_text(0), "0");
  EXPECT_EQ(duration_text(2'000'000), "2s");
  EXPECT_EQ(duration_text(1'500'000), "1500ms");
  EXPECT_EQ(duration_text(13'333), "13333us");
}

}  // namespace
}  // namespace gpuslice::sim
