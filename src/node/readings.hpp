// What can be read of a GPU or of a MIG device: every reading of fields/reading.hpp, and the structures and lists.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fields/reading.hpp"
#include "fields/value.hpp"
#include "node/answer.hpp"

namespace gpuslice::node {

struct Memory {
  std::uint64_t total{}, free{}, used{};
  std::optional<std::uint64_t> reserved;  // not part of `used`; absent before R510, when `used` included it
};
struct Bar1 {
  std::uint64_t total{}, free{}, used{};
};

// Readings that are lists of samples.
enum class SampleKind : std::uint8_t {
  power,  // in milliwatts
  gpu,    // in percent, as are all others up to `ofa`
  memory,
  encoder,
  decoder,
  jpeg,
  ofa,
  sm_clock,  // in MHz, as is memory_clock
  memory_clock
};
struct Sample {
  std::uint64_t microseconds{};  // since 1970
  std::uint32_t value{};
};
struct RetiredPage {
  std::uint64_t address{};
  std::optional<std::uint64_t> seconds;  // since 1970
};
struct LicensedProduct {
  std::string name;
  bool licensed{};
  std::string expires;  // "2026-12-31 23:59:59 GMT" or "permanent"; "" if the driver does not report it
};

// A subject is a GPU, or a MIG device where the driver supports that.
class Readings : public Facet {
 public:
  // Reads several readings at once, and returns them in the given order. Each driver call that returns some of them is
  // made once. If the driver refuses or lacks a reading, only that reading is refused.
  virtual std::vector<Answer<fields::Value>> read(Subject, std::span<const fields::Reading> readings) {
    return std::vector<Answer<fields::Value>>(readings.size(), absent());
  }
  virtual Answer<Memory> memory(Subject) { return absent(); }
  virtual Answer<Bar1> bar1(Subject) { return absent(); }
  // The volatile count; for a MIG device, the count of SRAM errors.
  virtual Answer<std::uint64_t> uncorrected_ecc_errors(Subject) { return absent(); }
  // Samples, oldest first.
  virtual Answer<std::vector<Sample>> samples(GpuIndex, SampleKind /*kind*/) { return absent(); }
  // Clocks that can be set, in MHz, highest first.
  virtual Answer<std::vector<std::uint32_t>> memory_clocks(GpuIndex) { return absent(); }
  virtual Answer<std::vector<std::uint32_t>> graphics_clocks(GpuIndex, std::uint32_t /*memory_clock*/) {
    return absent();
  }
  virtual Answer<std::vector<RetiredPage>> retired_pages(GpuIndex, bool /*after_uncorrected_error*/) {
    return absent();
  }
  // The licences in use in a virtual machine.
  virtual Answer<std::vector<LicensedProduct>> licensed_products(GpuIndex) { return absent(); }
  Answer<fields::Value> read(Subject subject, fields::Reading reading) {
    return std::move(read(subject, std::span(&reading, 1)).front());
  }
};

}  // namespace gpuslice::node
