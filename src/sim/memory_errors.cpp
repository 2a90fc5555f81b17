#include "sim/memory_errors.hpp"

#include <algorithm>

namespace gpuslice::sim {
namespace {

void count(ErrorCounts& counts, MemoryError what) {
  switch (what) {
    case MemoryError::dram_corrected:
      ++counts.dram_corrected;
      break;
    case MemoryError::dram_uncorrected:
      ++counts.dram_uncorrected;
      break;
    case MemoryError::sram_corrected:
      ++counts.sram_corrected;
      break;
    case MemoryError::sram_parity:
      ++counts.sram_parity;
      break;
    case MemoryError::sram_secded:
      ++counts.sram_secded;
      break;
  }
}

}  // namespace

void count_error(MemoryErrors& errors, MemoryError what, bool remaps) {
  count(errors.recent, what);
  count(errors.ever, what);
  if (remaps && what == MemoryError::dram_uncorrected) remap_row(errors, false, false);
}

void remap_row(MemoryErrors& errors, bool corrected, bool failed) {
  if (failed) {
    errors.remap_failed = 1;
    return;
  }
  ++(corrected ? errors.remapped_corrected : errors.remapped_uncorrected);
  ++errors.remaps_pending;
}

void after_reset(MemoryErrors& errors) {
  errors.recent = {};
  errors.remaps_pending = 0;
}

void clear_recent(MemoryErrors& errors) { errors.recent = {}; }
void clear_ever(MemoryErrors& errors) { errors.ever = {}; }

BankHistogram bank_histogram(const MemoryErrors& errors, std::uint32_t banks) {
  BankHistogram histogram;
  histogram.none = std::min(errors.remap_failed != 0 ? 1U : 0U, banks);
  histogram.high = std::min(errors.remapped_corrected + errors.remapped_uncorrected, banks - histogram.none);
  histogram.max = banks - histogram.high - histogram.none;
  return histogram;
}

}  // namespace gpuslice::sim
