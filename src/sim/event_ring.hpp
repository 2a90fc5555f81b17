// The latest events of a node, in memory shared by its processes. Events are numbered from 1 over the node's life.
//
// One process at a time writes events (it holds the node's lock); any number of processes read without a lock. The ring
// does not know which numbers are valid: the node's state holds the number of the last event, and it is committed after
// the events are written. So if a writer is killed before it commits, no reader asks for its numbers, and the next
// writer reuses them. The disadvantage: an event is lost as soon as the event with a number 256 higher is written, even
// if that one is never committed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sim/events.hpp"

namespace gpuslice::sim {

inline constexpr std::size_t event_slots = 256;

struct EventRing {
  struct Slot {
    std::uint64_t number{};  // 0: being written, or never used
    std::array<std::uint64_t, sizeof(Event) / 8> words{};
    std::uint64_t sum{};  // checksum of number and words
  };
  std::array<Slot, event_slots> slots{};

  void put(std::uint64_t number, const Event& event);
  // Returns nullopt if the event is no longer in the ring, or is damaged. Safe while a writer runs.
  [[nodiscard]] std::optional<Event> get(std::uint64_t number) const;
  // False when an event that is still in the ring, up to number `last`, is damaged. Safe while a writer runs.
  [[nodiscard]] bool sound(std::uint64_t last) const;
  // Copies the events that are still in the ring, up to number `last`, into `into`. Safe while a writer of this ring
  // runs.
  void copy_to(EventRing& into, std::uint64_t last) const;
};
static_assert(sizeof(Event) % 8 == 0 && sizeof(EventRing) % 8 == 0);

}  // namespace gpuslice::sim
