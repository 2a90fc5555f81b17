#include "sim/event_ring.hpp"

#include <atomic>
#include <bit>

namespace gpuslice::sim {
namespace {

// Other processes read while one writes, so every word is touched atomically. (std::atomic_ref of const is not in this
// standard; nothing is written through it.)
std::atomic_ref<std::uint64_t> shared(const std::uint64_t& word) {
  return std::atomic_ref(const_cast<std::uint64_t&>(word));
}

}  // namespace

void EventRing::put(std::uint64_t number, const Event& event) {
  auto& slot = slots[number % event_slots];
  const auto words = std::bit_cast<std::array<std::uint64_t, sizeof(Event) / 8>>(event);
  shared(slot.number).store(0, std::memory_order_relaxed);
  // A reader that sees any of the words below must also see that the number is gone.
  std::atomic_thread_fence(std::memory_order_release);
  for (std::size_t i = 0; i < words.size(); ++i) shared(slot.words[i]).store(words[i], std::memory_order_relaxed);
  shared(slot.number).store(number, std::memory_order_release);
}

std::optional<Event> EventRing::get(std::uint64_t number) const {
  const auto& slot = slots[number % event_slots];
  if (shared(slot.number).load(std::memory_order_acquire) != number) return std::nullopt;
  std::array<std::uint64_t, sizeof(Event) / 8> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = shared(slot.words[i]).load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  if (shared(slot.number).load(std::memory_order_relaxed) != number) return std::nullopt;
  return std::bit_cast<Event>(words);
}

}  // namespace gpuslice::sim
