#include "sim/event_ring.hpp"

#include <atomic>
#include <bit>

#include "base/checksum.hpp"

namespace gpuslice::sim {
namespace {

// Other processes read while one writes, so every word is accessed atomically. (C++23 has no std::atomic_ref of a const
// type, hence the cast; nothing is written through it.)
std::atomic_ref<std::uint64_t> shared(const std::uint64_t& word) {
  return std::atomic_ref(const_cast<std::uint64_t&>(word));
}

std::uint64_t sum_of(std::uint64_t number, const std::array<std::uint64_t, sizeof(Event) / 8>& words) {
  return checksum(words.data(), sizeof words) ^ number * checksum_detail::odd;
}

struct Taken {
  bool there{};  // false: the slot does not hold the number that was asked for
  bool sound{};
  Event event;
};
Taken take(const EventRing::Slot& slot, std::uint64_t number) {
  Taken taken;
  if (shared(slot.number).load(std::memory_order_acquire) != number) return taken;
  std::array<std::uint64_t, sizeof(Event) / 8> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = shared(slot.words[i]).load(std::memory_order_relaxed);
  const auto sum = shared(slot.sum).load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  if (shared(slot.number).load(std::memory_order_relaxed) != number) return taken;
  return {true, sum == sum_of(number, words), std::bit_cast<Event>(words)};
}

}  // namespace

void EventRing::put(std::uint64_t number, const Event& event) {
  auto& slot = slots[number % event_slots];
  const auto words = std::bit_cast<std::array<std::uint64_t, sizeof(Event) / 8>>(event);
  shared(slot.number).store(0, std::memory_order_relaxed);
  // A reader that sees any of the words written below must also see that the slot no longer holds the old number.
  std::atomic_thread_fence(std::memory_order_release);
  for (std::size_t i = 0; i < words.size(); ++i) shared(slot.words[i]).store(words[i], std::memory_order_relaxed);
  shared(slot.sum).store(sum_of(number, words), std::memory_order_relaxed);
  shared(slot.number).store(number, std::memory_order_release);
}

std::optional<Event> EventRing::get(std::uint64_t number) const {
  const auto taken = take(slots[number % event_slots], number);
  return taken.there && taken.sound ? std::optional(taken.event) : std::nullopt;
}

// An unexpected number is not damage: a writer that was killed had stored a later event there.
bool EventRing::sound(std::uint64_t last) const {
  for (std::uint64_t back = 0; back < event_slots && back < last; ++back) {
    const auto number = last - back;
    const auto taken = take(slots[number % event_slots], number);
    if (taken.there && !taken.sound) return false;
  }
  return true;
}

void EventRing::copy_to(EventRing& into, std::uint64_t last) const {
  for (std::uint64_t back = 0; back < event_slots && back < last; ++back)
    if (const auto event = get(last - back)) into.put(last - back, *event);
}

}  // namespace gpuslice::sim
