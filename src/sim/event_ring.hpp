// The last events of a node, numbered from 1 over its life, in the memory that its processes share.
//
// One process at a time puts events in (it holds the node's lock); any number read, without a lock. Which numbers are
// valid the ring does not know: the node's state says how many were raised, and is committed after they were put in. So
// a writer killed before it committed leaves numbers that nobody asks for, and the next writer puts its own there.
// What it costs is the oldest: an event is gone once the number that far behind it is put in, committed or not.
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
    std::uint64_t sum{};  // of both
  };
  std::array<Slot, event_slots> slots{};

  void put(std::uint64_t number, const Event& event);
  // Nothing when it is not there any more, or is damaged. Safe beside a writer.
  [[nodiscard]] std::optional<Event> get(std::uint64_t number) const;
  // False when an event up to number `last` that can still be had is damaged. Safe beside a writer.
  [[nodiscard]] bool sound(std::uint64_t last) const;
  // Puts the events up to number `last` that can still be had into `into`. Safe beside a writer of this ring.
  void copy_to(EventRing& into, std::uint64_t last) const;
};
static_assert(sizeof(Event) % 8 == 0 && sizeof(EventRing) % 8 == 0);

}  // namespace gpuslice::sim
