// A checksum that detects damaged files. It detects every change confined to one 8-byte word (a flipped bit, for
// instance) and misses one in 2^64 of all other changes. It does not protect against deliberate changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace gpuslice {

namespace checksum_detail {
inline constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;  // 2^64 divided by the golden ratio
// A bijection of `word` for a fixed `sum`, and of `sum` for a fixed `word`. The shift moves high bits to where the
// multiplication spreads them.
constexpr std::uint64_t mixed(std::uint64_t sum, std::uint64_t word) {
  const auto both = sum ^ word;
  return (both ^ both >> 32U) * odd;
}
}  // namespace checksum_detail

// The length is part of the checksum. Eight lanes make it as fast as memory can be read.
[[nodiscard]] inline std::uint64_t checksum(const void* data, std::size_t bytes) {
  using checksum_detail::mixed;
  constexpr std::size_t lanes = 8;
  std::uint64_t sums[lanes] = {1, 2, 3, 4, 5, 6, 7, 8};
  const auto* at = static_cast<const unsigned char*>(data);
  std::size_t left = bytes;
  std::uint64_t word{};
  for (; left >= lanes * sizeof word; left -= lanes * sizeof word) {
#pragma GCC unroll 8  // keeps the sums in registers
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      std::memcpy(&word, at + lane * sizeof word, sizeof word);
      sums[lane] = mixed(sums[lane], word);
    }
    at += lanes * sizeof word;
  }
  for (std::size_t lane = 0; left > 0; ++lane) {
    const auto part = left < sizeof word ? left : sizeof word;
    word = 0;
    std::memcpy(&word, at, part);
    sums[lane] = mixed(sums[lane], word);
    at += part;
    left -= part;
  }
  std::uint64_t all = bytes;
  for (const auto sum : sums) all = mixed(all, sum);
  return all;
}

// The checksum as 16 hexadecimal digits.
[[nodiscard]] inline std::string checksum_text(std::string_view text) {
  constexpr const char* digits = "0123456789abcdef";
  const auto sum = checksum(text.data(), text.size());
  std::string word;
  for (int shift = 60; shift >= 0; shift -= 4) word += digits[sum >> static_cast<unsigned>(shift) & 15U];
  return word;
}

}  // namespace gpuslice
