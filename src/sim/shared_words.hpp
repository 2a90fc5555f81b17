// Copies between a process's own memory and memory that other processes write at the same time.
//
// Each word is read or written atomically. The caller uses the generation to check that the words belong together.
// Every part of a state file is a whole number of words.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace gpuslice::sim {

using Word = std::uint64_t;

[[nodiscard]] inline Word load_word(const std::byte* from) {
  return std::atomic_ref(*reinterpret_cast<Word*>(const_cast<std::byte*>(from))).load(std::memory_order_relaxed);
}

inline void copy_out(void* into, const std::byte* from, std::size_t bytes) {
  auto* words = static_cast<std::byte*>(into);
  for (std::size_t at = 0; at < bytes; at += sizeof(Word)) {
    const Word word = load_word(from + at);
    std::memcpy(words + at, &word, sizeof word);
  }
}

inline void copy_in(std::byte* into, const void* from, std::size_t bytes) {
  const auto* words = static_cast<const std::byte*>(from);
  for (std::size_t at = 0; at < bytes; at += sizeof(Word)) {
    Word word{};
    std::memcpy(&word, words + at, sizeof word);
    std::atomic_ref(*reinterpret_cast<Word*>(into + at)).store(word, std::memory_order_relaxed);
  }
}

}  // namespace gpuslice::sim
