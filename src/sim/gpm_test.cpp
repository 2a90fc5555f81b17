#include "sim/gpm.hpp"

#include <gtest/gtest.h>

namespace gpuslice::sim {
namespace {

Client client(std::uint32_t sm, std::uint64_t started_us) {
  Client one;
  one.started_us = started_us;
  one.load = {.sm = sm, .memory = 20};
  return one;
}

GpmSample sample(std::span<const Client> clients, std::uint64_t now_us) {
  return take_sample({}, {}, clients, std::nullopt, std::nullopt, now_us);
}

TEST(Gpm, IsTheMeanBetweenTheSamples) {
  const std::vector<Client> one = {client(40, 0)}, both = {client(40, 0), client(60, 1'500'000)};
  const auto first = sample(one, 1'000'000), second = sample(both, 2'000'000);
  EXPECT_EQ(metric(first, second, 2, 0), 70.0);   // 40 all the time, and 60 for half of it
  EXPECT_EQ(metric(first, second, 10, 0), 30.0);  // 20, and 20 for half
  EXPECT_EQ(metric(first, second, 30, 0), 0.0);
}

TEST(Gpm, IfAClientEndedTheLaterSampleCounts) {
  const std::vector<Client> both = {client(40, 0), client(60, 0)}, one = {client(40, 0)};
  EXPECT_EQ(metric(sample(both, 1'000'000), sample(one, 1'100'000), 2, 0), 40.0);
}

TEST(Gpm, IsUnknownForInstructionsAndMissingLinks) {
  const auto now = sample({}, 1);
  const std::vector<Client> one = {client(40, 0)};
  const auto busy = sample(one, 1'000'000);
  for (const auto number : {3U, 5U, 9U, 12U}) {
    EXPECT_EQ(metric(now, busy, number, 18), std::nullopt) << number;
    EXPECT_EQ(metric(now, now, number, 18), 0.0) << number;
  }
  EXPECT_EQ(metric(now, now, 160, 18), std::nullopt);
  EXPECT_EQ(metric(now, now, 60, 0), std::nullopt);
  EXPECT_EQ(metric(now, now, 97, 18), 0.0);
  EXPECT_EQ(metric(now, now, 97, 12), std::nullopt);
}

}  // namespace
}  // namespace gpuslice::sim
