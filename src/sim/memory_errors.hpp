// Errors of a GPU's memory: counts, and the rows that were replaced by spare rows. Pure.
//
// A corrected error is only counted. An uncorrected DRAM error also causes a row to be remapped: the remap is pending
// until a reset and active afterwards (NVIDIA's "GPU memory error management": uncorrectable errors remap rows, which
// needs a reset). Each remap uses up one spare row of one bank; which bank is not simulated.
#pragma once

#include <cstdint>

namespace gpuslice::sim {

// Counts since the last reset (volatile), or since the board was built (aggregate, kept in its InfoROM).
struct ErrorCounts {
  std::uint64_t sram_corrected{}, sram_parity{}, sram_secded{};
  std::uint64_t dram_corrected{}, dram_uncorrected{};

  [[nodiscard]] constexpr std::uint64_t corrected() const { return sram_corrected + dram_corrected; }
  [[nodiscard]] constexpr std::uint64_t uncorrected() const { return sram_parity + sram_secded + dram_uncorrected; }
  friend constexpr bool operator==(const ErrorCounts&, const ErrorCounts&) = default;
};

struct MemoryErrors {
  ErrorCounts recent, ever;
  std::uint32_t remapped_corrected{}, remapped_uncorrected{};  // numbers of rows, including pending ones
  std::uint32_t remaps_pending{};                              // number of these that wait for a reset
  std::uint32_t remap_failed{};                                // a remap failed because no spare row was left

  friend constexpr bool operator==(const MemoryErrors&, const MemoryErrors&) = default;
};

enum class MemoryError : std::uint8_t { dram_corrected, dram_uncorrected, sram_corrected, sram_parity, sram_secded };

// `remaps`: true if the board remaps rows.
void count_error(MemoryErrors& errors, MemoryError what, bool remaps);
// Remaps a row because of corrected or uncorrected errors. `failed`: the remap failed because no spare row was left.
void remap_row(MemoryErrors& errors, bool corrected, bool failed);
// The effect of a reset or reboot: the volatile counts are 0, and no remap is pending.
void after_reset(MemoryErrors& errors);
void clear_recent(MemoryErrors& errors);
void clear_ever(MemoryErrors& errors);

// The number of banks by how many spare rows they have left. Without remaps all banks are in `max`.
struct BankHistogram {
  std::uint32_t max{}, high{}, partial{}, low{}, none{};
};
[[nodiscard]] BankHistogram bank_histogram(const MemoryErrors& errors, std::uint32_t banks);

}  // namespace gpuslice::sim
