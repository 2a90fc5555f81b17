// A word of a mapped file that processes sleep on until another counts it up: a futex, shared through the file.
//
// Who sleeps needs the file for reading only.
#pragma once

#include <chrono>
#include <cstdint>

namespace gpuslice::sim {

[[nodiscard]] std::uint32_t read_word(const std::uint32_t& word);
// Sleeps until the word is another than `seen`; false when that did not happen in time. A signal does not end it.
[[nodiscard]] bool sleep_on(const std::uint32_t& word, std::uint32_t seen, std::chrono::nanoseconds longest);
// Counts it up and wakes all.
void wake_all(std::uint32_t& word);

}  // namespace gpuslice::sim
