// A futex in a mapped file: processes sleep on it until another increments it.
//
// Sleeping needs only read access to the file.
#pragma once

#include <chrono>
#include <cstdint>

namespace gpuslice::sim {

[[nodiscard]] std::uint32_t read_word(const std::uint32_t& word);
// Sleeps until the word differs from `seen`; returns false if the time is over first. A signal does not end the sleep.
[[nodiscard]] bool sleep_on(const std::uint32_t& word, std::uint32_t seen, std::chrono::nanoseconds longest);
// Increments the word and wakes all sleepers.
void wake_all(std::uint32_t& word);

}  // namespace gpuslice::sim
