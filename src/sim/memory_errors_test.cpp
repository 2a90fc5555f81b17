#include "sim/memory_errors.hpp"

#include <gtest/gtest.h>

namespace gpuslice::sim {
namespace {

TEST(MemoryErrors, AreCountedByMemoryAndKind) {
  MemoryErrors errors;
  count_error(errors, MemoryError::dram_corrected, true);
  count_error(errors, MemoryError::sram_corrected, true);
  count_error(errors, MemoryError::sram_parity, true);
  count_error(errors, MemoryError::sram_secded, true);
  EXPECT_EQ(errors.recent, errors.ever);
  EXPECT_EQ(errors.recent.corrected(), 2U);
  EXPECT_EQ(errors.recent.uncorrected(), 2U);
  EXPECT_EQ(errors.remapped_uncorrected, 0U);  // only DRAM has rows
}

TEST(MemoryErrors, AnUncorrectedDramErrorRemapsARow) {
  MemoryErrors remaps, retires;
  count_error(remaps, MemoryError::dram_uncorrected, true);
  count_error(retires, MemoryError::dram_uncorrected, false);
  EXPECT_EQ(remaps.remapped_uncorrected, 1U);
  EXPECT_EQ(remaps.remaps_pending, 1U);
  EXPECT_EQ(retires.remapped_uncorrected, 0U);
}

TEST(MemoryErrors, AResetClearsVolatileCountsAndPendingRemaps) {
  MemoryErrors errors;
  count_error(errors, MemoryError::dram_uncorrected, true);
  after_reset(errors);
  EXPECT_EQ(errors.recent, ErrorCounts{});
  EXPECT_EQ(errors.ever.dram_uncorrected, 1U);
  EXPECT_EQ(errors.remaps_pending, 0U);
  EXPECT_EQ(errors.remapped_uncorrected, 1U);
}

TEST(MemoryErrors, VolatileAndAggregateCountsAreClearedSeparately) {
  MemoryErrors errors;
  count_error(errors, MemoryError::dram_corrected, true);
  clear_recent(errors);
  EXPECT_EQ(errors.recent.dram_corrected, 0U);
  EXPECT_EQ(errors.ever.dram_corrected, 1U);
  clear_ever(errors);
  EXPECT_EQ(errors.ever.dram_corrected, 0U);
}

TEST(MemoryErrors, BanksLoseSpareRows) {
  MemoryErrors errors;
  EXPECT_EQ(bank_histogram(errors, 3072).max, 3072U);
  remap_row(errors, true, false);
  remap_row(errors, false, false);
  remap_row(errors, false, true);
  const auto banks = bank_histogram(errors, 3072);
  EXPECT_EQ(banks.high, 2U);
  EXPECT_EQ(banks.none, 1U);
  EXPECT_EQ(banks.max, 3069U);
}

}  // namespace
}  // namespace gpuslice::sim
