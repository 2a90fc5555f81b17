#include "sim/event_ring.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

namespace gpuslice::sim {
namespace {

// An event in which every field holds the number, so that a mixture of two events is detected.
Event numbered(std::uint64_t number) {
  return {.type = EventType::xid,
          .data = number,
          .gpu = static_cast<std::uint32_t>(number),
          .gi = static_cast<std::int32_t>(number),
          .ci = static_cast<std::int32_t>(number)};
}

TEST(EventRing, KeepsTheLatestEvents) {
  const auto ring = std::make_unique<EventRing>();
  EXPECT_FALSE(ring->get(1));
  for (std::uint64_t n = 1; n <= event_slots; ++n) ring->put(n, numbered(n));
  for (std::uint64_t n = 1; n <= event_slots; ++n) EXPECT_EQ(ring->get(n), numbered(n));
  EXPECT_FALSE(ring->get(event_slots + 1));
  ring->put(event_slots + 1, numbered(event_slots + 1));
  EXPECT_FALSE(ring->get(1)) << "the oldest event was overwritten";
  EXPECT_EQ(ring->get(2), numbered(2));
  EXPECT_EQ(ring->get(event_slots + 1), numbered(event_slots + 1));
}

// The number of an event whose writer was killed before its commit is reused for another event.
TEST(EventRing, ANumberThatWasNotCommittedIsReused) {
  const auto ring = std::make_unique<EventRing>();
  ring->put(1, numbered(1));
  ring->put(2, numbered(99));
  ring->put(2, numbered(2));
  EXPECT_EQ(ring->get(1), numbered(1));
  EXPECT_EQ(ring->get(2), numbered(2));
}

TEST(EventRing, ADamagedEventIsDetectedAndNotReturned) {
  for (std::size_t word = 0; word < 4; ++word) {
    const auto ring = std::make_unique<EventRing>();
    for (std::uint64_t n = 1; n <= 3; ++n) ring->put(n, numbered(n));
    EXPECT_TRUE(ring->sound(3));
    ring->slots[2].words[word] ^= 4;
    EXPECT_FALSE(ring->get(2));
    EXPECT_EQ(ring->get(3), numbered(3));
    EXPECT_FALSE(ring->sound(3));
    EXPECT_FALSE(ring->sound(2));
    EXPECT_TRUE(ring->sound(1)) << "it was not raised";
  }
}

TEST(EventRing, CopiedEventsKeepTheirNumbers) {
  const auto ring = std::make_unique<EventRing>();
  const auto copy = std::make_unique<EventRing>();
  for (std::uint64_t n = 1; n <= event_slots + 3; ++n) ring->put(n, numbered(n));
  ring->slots[5].words[1] ^= 4;
  ring->copy_to(*copy, event_slots + 2);
  for (std::uint64_t n = 4; n <= event_slots + 2; ++n)
    EXPECT_EQ(copy->get(n), n == 5 ? std::nullopt : std::optional(numbered(n))) << n;
  EXPECT_FALSE(copy->get(event_slots + 3)) << "it was not raised";
}

TEST(EventRing, ReadersNeverSeeAPartlyWrittenEvent) {
  const auto ring = std::make_unique<EventRing>();
  constexpr std::uint64_t count = 200'000;
  std::atomic<std::uint64_t> last{0}, wrong{0};
  std::thread writer([&] {
    for (std::uint64_t n = 1; n <= count; ++n) {
      ring->put(n, numbered(n));
      last.store(n, std::memory_order_release);
    }
  });
  std::uint64_t got = 0;
  const auto read = [&](std::uint64_t n) {
    const auto event = n > 0 ? ring->get(n) : std::nullopt;
    if (event && *event != numbered(n)) ++wrong;
    got += event ? 1 : 0;
  };
  while (last.load(std::memory_order_acquire) < count) {
    const auto newest = last.load(std::memory_order_acquire);
    read(newest);
    read(newest > event_slots ? newest - event_slots + 1 : newest);  // the next event to be overwritten
  }
  writer.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(ring->get(count), numbered(count));
}

}  // namespace
}  // namespace gpuslice::sim
