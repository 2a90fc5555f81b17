// Each event is raised in the transaction of the change that caused it.
#include <sched.h>

#include <csignal>

#include "sim/testing/state_file_fixture.hpp"

namespace gpuslice::sim {
namespace {

using namespace testing;

Event numbered(std::uint64_t number) {
  return {.type = EventType::xid, .data = number, .gpu = static_cast<std::uint32_t>(number % gpus)};
}

TEST_F(StateFileTest, AnEventIsRaisedOnlyIfItsChangeIsCommitted) {
  const auto file = open();
  const auto reader = open(Access::read_only);
  EXPECT_EQ(reader->last_event(), 0u);
  EXPECT_FALSE(reader->event(1));
  const auto raise_two = [&](bool commit) {
    return file->transact([&](NodeDynamic& state) {
      stamp(state, state.boot + 1);
      file->raise(numbered(state.boot * 10));
      file->raise(numbered(state.boot * 10 + 1));
      return commit;
    });
  };
  ASSERT_TRUE(raise_two(false));
  EXPECT_EQ(reader->last_event(), 0u);
  EXPECT_EQ(reader->wake_word(), 0u);
  ASSERT_TRUE(raise_two(true));
  EXPECT_EQ(reader->last_event(), 2u);
  EXPECT_EQ(reader->event(1), numbered(20));
  EXPECT_EQ(reader->event(2), numbered(21));
  EXPECT_FALSE(reader->event(3));
  EXPECT_EQ(reader->wake_word(), 1u);
  ASSERT_TRUE(file->transact(count_up));
  EXPECT_EQ(reader->last_event(), 2u);
  EXPECT_EQ(reader->wake_word(), 1u) << "no event was raised";
  ASSERT_TRUE(file->transact([&](NodeDynamic&) {
    file->announce();
    return true;
  }));
  EXPECT_EQ(reader->last_event(), 2u);
  EXPECT_EQ(reader->wake_word(), 2u);
}

// A change may overwrite the whole state, even with an older one: event numbers still only increase, and none is used
// twice.
TEST_F(StateFileTest, NumbersOfEventsOnlyIncrease) {
  const auto file = open();
  for (std::uint64_t n = 1; n <= 3; ++n) {
    ASSERT_TRUE(file->transact([&](NodeDynamic& state) {
      file->raise(numbered(n));
      state = start;
      return true;
    }));
    EXPECT_EQ(file->last_event(), n);
    EXPECT_EQ(file->read().events, n);
  }
}

// The child has read-only access and is woken by a commit of another process. Whether or not it already sleeps at the
// commit, it must return long before its time limit, and find the event.
TEST_F(StateFileTest, AWaiterIsWokenAfterTheCommit) {
  const auto file = open();
  int up[2];
  ASSERT_EQ(::pipe(up), 0);
  const auto pid = ::fork();
  if (pid == 0) {
    const auto own = open(Access::read_only);
    for (std::uint64_t n = 1; n <= 200; ++n) {
      for (;;) {
        const auto word = own->wake_word();
        if (own->last_event() >= n) break;
        if (n == 1 && ::write(up[1], "x", 1) != 1) ::_exit(2);
        if (!own->sleep(word, std::chrono::minutes(10))) ::_exit(3);
      }
      if (own->event(n) != numbered(n)) ::_exit(4);
    }
    ::_exit(0);
  }
  char byte{};
  ASSERT_EQ(::read(up[0], &byte, 1), 1);
  for (std::uint64_t n = 1; n <= 200; ++n) {
    ASSERT_TRUE(file->transact([&](NodeDynamic&) {
      file->raise(numbered(n));
      return true;
    }));
    if (n % 3 == 0) ::sched_yield();
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(ended_with(status, 0)) << status;
}

// After a kill at any point, also between an event and its commit, all events that the state counts are in the ring,
// each with its own number, without gaps.
TEST_F(StateFileTest, KilledWritersLeaveNoPartlyWrittenEvent) {
  const auto file = open();
  std::uint64_t checked = 0;
  for (int round = 0; round < 40; ++round) {
    const auto before = file->last_event();
    const auto pid = ::fork();
    if (pid == 0) {
      const auto own = open();
      for (;;) {
        (void)own->transact([&](NodeDynamic& state) {
          own->raise(numbered(state.events + 1));
          own->raise(numbered(state.events + 2));
          return true;
        });
      }
    }
    while (file->last_event() < before + 20 + static_cast<std::uint64_t>(round)) {
      const auto last = file->last_event();
      if (last > 0) {
        const auto event = file->event(last);
        EXPECT_TRUE(!event || *event == numbered(last)) << last;
      }
    }
    ASSERT_EQ(::kill(pid, SIGKILL), 0);
    ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
    const auto last = file->last_event();
    EXPECT_EQ(last % 2, 0u) << "each change raises two events";
    EXPECT_EQ(file->read().events, last);
    // The killed writer may have started to overwrite two more.
    for (auto n = last > event_slots - 2 ? last - (event_slots - 2) + 1 : 1; n <= last; ++n, ++checked)
      ASSERT_EQ(file->event(n), numbered(n)) << last;
    ASSERT_TRUE(file->transact(count_up)) << "a killed writer must not keep the lock";
  }
  EXPECT_GT(checked, 40u * 20u);
}

}  // namespace
}  // namespace gpuslice::sim
