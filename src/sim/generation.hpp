// The generation of a state file: one word, so that it can be incremented atomically.
//
// The lower bits are the count. The upper bits are a checksum of it, which detects a flipped bit. When the highest bit
// is inverted, the file is retired: it was replaced by another file under the same name. Readers of a retired file
// still find its last state, because the count is unchanged; no process may write to it any more.
#pragma once

#include <cstdint>

#include "base/checksum.hpp"

namespace gpuslice::sim {

inline constexpr unsigned generation_count_bits = 48;
inline constexpr std::uint64_t retired_bit = std::uint64_t{1} << 63U;

[[nodiscard]] constexpr std::uint64_t count_of(std::uint64_t generation) {
  return generation & ((std::uint64_t{1} << generation_count_bits) - 1);
}
[[nodiscard]] constexpr std::uint64_t generation_word(std::uint64_t count) {
  return count | count * checksum_detail::odd >> generation_count_bits << generation_count_bits;
}
[[nodiscard]] constexpr bool is_generation(std::uint64_t word) { return word == generation_word(count_of(word)); }
[[nodiscard]] constexpr bool is_retired(std::uint64_t word) { return is_generation(word ^ retired_bit); }

static_assert(generation_word(0) == 0 && count_of(generation_word(77)) == 77);
static_assert(!is_generation(generation_word(77) ^ retired_bit) && !is_retired(generation_word(77)));

}  // namespace gpuslice::sim
