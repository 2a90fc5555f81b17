// Errors of a GPU's memory: what was counted, and rows of it that were put in the place of bad ones. Pure.
//
// A corrected error counts. An uncorrected one of the DRAM also takes a row out of use: the remap waits for a reset,
// and from then on it is active (NVIDIA's "GPU memory error management": uncorrectable errors remap rows, which need a
// reset). One bank is short of a spare row for each remap; which banks, is not imitated.
#pragma once

#include <cstdint>

namespace gpuslice::sim {

// Counted since the last reset (volatile), and since the board was made (aggregate, kept in its InfoROM).
struct ErrorCounts {
  std::uint64_t sram_corrected{}, sram_parity{}, sram_secded{};
  std::uint64_t dram_corrected{}, dram_uncorrected{};

  [[nodiscard]] constexpr std::uint64_t corrected() const { return sram_corrected + dram_corrected; }
  [[nodiscard]] constexpr std::uint64_t uncorrected() const { return sram_parity + sram_secded + dram_uncorrected; }
  friend constexpr bool operator==(const ErrorCounts&, const ErrorCounts&) = default;
};

struct MemoryErrors {
  ErrorCounts recent, ever;
  std::uint32_t remapped_corrected{}, remapped_uncorrected{};  // rows, those that wait among them
  std::uint32_t remaps_pending{};                              // of them, waiting for a reset
  std::uint32_t remap_failed{};                                // no spare row was left

  friend constexpr bool operator==(const MemoryErrors&, const MemoryErrors&) = default;
};

enum class MemoryError : std::uint8_t { dram_corrected, dram_uncorrected, sram_corrected, sram_parity, sram_secded };

// `remaps`: the board remaps rows.
void count_error(MemoryErrors& errors, MemoryError what, bool remaps);
// A row is taken out of use for errors that were corrected, or not; with `failed` there is no spare one.
void remap_row(MemoryErrors& errors, bool corrected, bool failed);
// What a reset or reboot makes of it: nothing recent, no remap waits.
void after_reset(MemoryErrors& errors);
void clear_recent(MemoryErrors& errors);
void clear_ever(MemoryErrors& errors);

// Banks by the spare rows that they have left; no remap: all at the most.
struct BankHistogram {
  std::uint32_t max{}, high{}, partial{}, low{}, none{};
};
[[nodiscard]] BankHistogram bank_histogram(const MemoryErrors& errors, std::uint32_t banks);

}  // namespace gpuslice::sim
