// Structure calls for readings of memory, its errors, and the engines.
#include <array>
#include <utility>

#include "abi/nvml_media.hpp"
#include "abi/nvml_memory_errors.hpp"
#include "nvml/reader.hpp"
#include "nvml/sources.hpp"

namespace gpuslice::nvml {
namespace {

using enum fields::Reading;
using fields::Reading;

constexpr Reading frame_buffer_readings[] = {memory_total, memory_reserved, memory_used, memory_free};
void frame_buffer(Reader& reader) {
  abi::nvmlMemory_v2_t v2{};
  v2.version = abi::nvmlMemory_v2;
  const auto done = reader.call("nvmlDeviceGetMemoryInfo_v2", &v2);
  if (done) {
    reader.put(memory_total, v2.total);
    reader.put(memory_reserved, v2.reserved);
    reader.put(memory_used, v2.used);
    return reader.put(memory_free, v2.free);
  }
  reader.refuse(frame_buffer_readings, done.error());
  if (done.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return;
  // A driver before R510 counts reserved memory as used, and does not report how much it is.
  abi::nvmlMemory_t v1{};
  if (const auto older = reader.call("nvmlDeviceGetMemoryInfo", &v1); !older) {
    return reader.refuse(frame_buffer_readings, older.error());
  }
  reader.put(memory_total, v1.total);
  reader.put(memory_used, v1.used);
  reader.put(memory_free, v1.free);
}

constexpr Reading bar1_readings[] = {bar1_total, bar1_used, bar1_free};
void bar1(Reader& reader) {
  abi::nvmlBAR1Memory_t memory{};
  const auto done = reader.call("nvmlDeviceGetBAR1MemoryInfo", &memory);
  if (!done) return reader.refuse(bar1_readings, done.error());
  reader.put(bar1_total, memory.bar1Total);
  reader.put(bar1_used, memory.bar1Used);
  reader.put(bar1_free, memory.bar1Free);
}

constexpr Reading protected_readings[] = {protected_total, protected_used, protected_free};
void protected_memory(Reader& reader) {
  abi::nvmlMemory_t memory{};
  const auto done = reader.call("nvmlDeviceGetConfComputeProtectedMemoryUsage", &memory);
  if (!done) return reader.refuse(protected_readings, done.error());
  reader.put(protected_total, memory.total);
  reader.put(protected_used, memory.used);
  reader.put(protected_free, memory.free);
}

constexpr Reading rates_readings[] = {utilization_gpu, utilization_memory};
void rates(Reader& reader) {
  abi::nvmlUtilization_t use{};
  const auto done = reader.call("nvmlDeviceGetUtilizationRates", &use);
  if (!done) return reader.refuse(rates_readings, done.error());
  reader.put(utilization_gpu, use.gpu);
  reader.put(utilization_memory, use.memory);
}

constexpr Reading encoder_readings[] = {encoder_sessions, encoder_fps, encoder_latency};
void encoder(Reader& reader) {
  unsigned sessions = 0, fps = 0, latency = 0;
  const auto done = reader.call("nvmlDeviceGetEncoderStats", &sessions, &fps, &latency);
  if (!done) return reader.refuse(encoder_readings, done.error());
  reader.put(encoder_sessions, sessions);
  reader.put(encoder_fps, fps);
  reader.put(encoder_latency, latency);
}

constexpr Reading capture_readings[] = {fbc_sessions, fbc_fps, fbc_latency};
void capture(Reader& reader) {
  abi::nvmlFBCStats_t stats{};
  const auto done = reader.call("nvmlDeviceGetFBCStats", &stats);
  if (!done) return reader.refuse(capture_readings, done.error());
  reader.put(fbc_sessions, stats.sessionsCount);
  reader.put(fbc_fps, stats.averageFPS);
  reader.put(fbc_latency, stats.averageLatency);
}

constexpr Reading encryption_readings[] = {dram_encryption_current, dram_encryption_pending};
void encryption(Reader& reader) {
  abi::nvmlDramEncryptionInfo_t current{}, pending{};
  current.version = pending.version = abi::nvmlDramEncryptionInfo_v1;
  const auto done = reader.call("nvmlDeviceGetDramEncryptionMode", &current, &pending);
  if (!done) return reader.refuse(encryption_readings, done.error());
  reader.put(dram_encryption_current, current.encryptionState);
  reader.put(dram_encryption_pending, pending.encryptionState);
}

constexpr Reading sram_readings[] = {ecc_volatile_sram_corrected,
                                     ecc_volatile_sram_parity,
                                     ecc_volatile_sram_secded,
                                     ecc_aggregate_sram_corrected,
                                     ecc_aggregate_sram_parity,
                                     ecc_aggregate_sram_secded,
                                     ecc_sram_threshold_exceeded,
                                     ecc_sram_l2,
                                     ecc_sram_sm,
                                     ecc_sram_microcontroller,
                                     ecc_sram_pcie,
                                     ecc_sram_other};
// While MIG mode is on, errors since the driver was loaded are not available for the whole GPU (NVML's documentation of
// nvmlDeviceGetMemoryErrorCounter; nvidia-smi of an A100 under driver 510.47 shows N/A). This call has a single return
// code for these counts and the counts over the board's life, so it cannot refuse only the former: they are dropped
// here.
bool mig_is_on(Reader& reader) {
  unsigned now = 0, pending = 0;
  return reader.call("nvmlDeviceGetMigMode", &now, &pending) && now == abi::NVML_DEVICE_MIG_ENABLE;
}

void sram(Reader& reader) {
  abi::nvmlEccSramErrorStatus_v1_t status{};
  status.version = abi::nvmlEccSramErrorStatus_v1;
  const auto done = reader.call("nvmlDeviceGetSramEccErrorStatus", &status);
  if (!done) return reader.refuse(sram_readings, done.error());
  reader.put(ecc_volatile_sram_corrected, status.volatileCor);
  reader.put(ecc_volatile_sram_parity, status.volatileUncParity);
  reader.put(ecc_volatile_sram_secded, status.volatileUncSecDed);
  if (mig_is_on(reader))
    for (const auto reading : {ecc_volatile_sram_corrected, ecc_volatile_sram_parity, ecc_volatile_sram_secded})
      reader.not_supported(reading);
  reader.put(ecc_aggregate_sram_corrected, status.aggregateCor);
  reader.put(ecc_aggregate_sram_parity, status.aggregateUncParity);
  reader.put(ecc_aggregate_sram_secded, status.aggregateUncSecDed);
  reader.put(ecc_sram_threshold_exceeded, status.bThresholdExceeded);
  reader.put(ecc_sram_l2, status.aggregateUncBucketL2);
  reader.put(ecc_sram_sm, status.aggregateUncBucketSm);
  reader.put(ecc_sram_microcontroller, status.aggregateUncBucketMcu);
  reader.put(ecc_sram_pcie, status.aggregateUncBucketPcie);
  reader.put(ecc_sram_other, status.aggregateUncBucketOther);
}

// Values of nvmlMemoryErrorType_t, nvmlEccCounterType_t and nvmlMemoryLocation_t.
constexpr unsigned corrected = 0, uncorrected = 1, since_load = 0, since_made = 1, in_dram = 2;
template <Reading Which, unsigned Type, unsigned Counter, unsigned Location>
void counter(Reader& reader) {
  unsigned long long count = 0;
  const auto done = reader.call("nvmlDeviceGetMemoryErrorCounter", Type, Counter, Location, &count);
  if (!done) return reader.refuse(Which, done.error());
  reader.put(Which, count);
}
template <Reading Which, unsigned Type, unsigned Counter>
void total(Reader& reader) {
  unsigned long long count = 0;
  const auto done = reader.call("nvmlDeviceGetTotalEccErrors", Type, Counter, &count);
  if (!done) return reader.refuse(Which, done.error());
  reader.put(Which, count);
}
template <unsigned Place>  // numbers as in ecc_location
void by_place(Reader& reader) {
  constexpr unsigned type = Place / 16, counting = Place / 8 % 2, location = Place % 8;
  counter<fields::ecc_location(type == uncorrected, counting == since_made, location), type, counting, location>(
      reader);
}

constexpr Reading repair_readings[] = {channel_repair_pending, tpc_repair_pending};
void repair(Reader& reader) {
  abi::nvmlRepairStatus_t status{};
  status.version = abi::nvmlRepairStatus_v1;
  const auto done = reader.call("nvmlDeviceGetRepairStatus", &status);
  if (!done) return reader.refuse(repair_readings, done.error());
  reader.put(channel_repair_pending, status.bChannelRepairPending);
  reader.put(tpc_repair_pending, status.bTpcRepairPending);
}

void unrepairable(Reader& reader) {
  abi::nvmlUnrepairableMemoryStatus_v1_t status{};
  const auto done = reader.call("nvmlDeviceGetUnrepairableMemoryFlag_v1", &status);
  if (!done) return reader.refuse(unrepairable_memory, done.error());
  reader.put(unrepairable_memory, status.bUnrepairableMemory);
}

// Reads only the count: if the caller provides no buffer for the pages, the driver returns the count with
// INSUFFICIENT_SIZE.
template <Reading Which, unsigned Cause>
void retired(Reader& reader) {
  unsigned count = 0;
  unsigned long long* const no_room = nullptr;
  const auto done = reader.call("nvmlDeviceGetRetiredPages", Cause, &count, no_room);
  if (!done && done.error().code != abi::NVML_ERROR_INSUFFICIENT_SIZE) return reader.refuse(Which, done.error());
  reader.put(Which, count);
}

constexpr Reading remapped_readings[] = {remapped_correctable,   remapped_correctable_inactive,
                                         remapped_uncorrectable, remapped_uncorrectable_inactive,
                                         remapped_pending,       remapped_failure};
void remapped(Reader& reader) {
  abi::nvmlRemappedRowsInfo_v2_t rows{};
  const auto done = reader.call("nvmlDeviceGetRemappedRows_v2", &rows);
  if (done) {
    reader.put(remapped_correctable, rows.corrActiveRemaps);
    reader.put(remapped_correctable_inactive, rows.corrInactiveRemaps);
    reader.put(remapped_uncorrectable, rows.uncActiveRemaps);
    reader.put(remapped_uncorrectable_inactive, rows.uncInactiveRemaps);
    reader.put(remapped_pending, rows.bPending);
    return reader.put(remapped_failure, rows.bFailureOccurred);
  }
  reader.refuse(remapped_readings, done.error());
  if (done.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return;
  unsigned correctable = 0, uncorrectable = 0, pending = 0, failure = 0;
  if (const auto older = reader.call("nvmlDeviceGetRemappedRows", &correctable, &uncorrectable, &pending, &failure);
      !older) {
    return reader.refuse(remapped_readings, older.error());
  }
  reader.put(remapped_correctable, correctable);
  reader.put(remapped_uncorrectable, uncorrectable);
  reader.put(remapped_pending, pending);
  reader.put(remapped_failure, failure);
}

constexpr Reading histogram_readings[] = {remap_histogram_max, remap_histogram_high, remap_histogram_partial,
                                          remap_histogram_low, remap_histogram_none};
void histogram(Reader& reader) {
  abi::nvmlRowRemapperHistogramValues_t banks{};
  const auto done = reader.call("nvmlDeviceGetRowRemapperHistogram", &banks);
  if (!done) return reader.refuse(histogram_readings, done.error());
  reader.put(remap_histogram_max, banks.max);
  reader.put(remap_histogram_high, banks.high);
  reader.put(remap_histogram_partial, banks.partial);
  reader.put(remap_histogram_low, banks.low);
  reader.put(remap_histogram_none, banks.none);
}

template <Reading Which>
constexpr Reading one[] = {Which};
template <unsigned Place>
constexpr Reading place[] = {static_cast<Reading>(static_cast<unsigned>(ecc_location_first) + Place)};

constexpr StructureCall plain_calls[] = {
    {frame_buffer_readings, frame_buffer},
    {bar1_readings, bar1},
    {protected_readings, protected_memory},
    {rates_readings, rates},
    {encoder_readings, encoder},
    {capture_readings, capture},
    {encryption_readings, encryption},
    {sram_readings, sram},
    {one<ecc_volatile_dram_corrected>, counter<ecc_volatile_dram_corrected, corrected, since_load, in_dram>},
    {one<ecc_volatile_dram_uncorrected>, counter<ecc_volatile_dram_uncorrected, uncorrected, since_load, in_dram>},
    {one<ecc_aggregate_dram_corrected>, counter<ecc_aggregate_dram_corrected, corrected, since_made, in_dram>},
    {one<ecc_aggregate_dram_uncorrected>, counter<ecc_aggregate_dram_uncorrected, uncorrected, since_made, in_dram>},
    {one<ecc_total_corrected_volatile>, total<ecc_total_corrected_volatile, corrected, since_load>},
    {one<ecc_total_corrected_aggregate>, total<ecc_total_corrected_aggregate, corrected, since_made>},
    {one<ecc_total_uncorrected_volatile>, total<ecc_total_uncorrected_volatile, uncorrected, since_load>},
    {one<ecc_total_uncorrected_aggregate>, total<ecc_total_uncorrected_aggregate, uncorrected, since_made>},
    {repair_readings, repair},
    {one<unrepairable_memory>, unrepairable},
    {one<retired_pages_single>, retired<retired_pages_single, 0>},
    {one<retired_pages_double>, retired<retired_pages_double, 1>},
    {remapped_readings, remapped},
    {histogram_readings, histogram},
};

// Then one call for each of the 32 locations.
template <std::size_t... Place>
constexpr auto with_places(std::index_sequence<Place...>) {
  std::array<StructureCall, std::size(plain_calls) + sizeof...(Place)> all{};
  std::size_t at = 0;
  for (const auto& call : plain_calls) all[at++] = call;
  ((all[at++] = StructureCall{place<Place>, by_place<Place>}), ...);
  return all;
}
constexpr auto calls = with_places(std::make_index_sequence<32>{});

}  // namespace

std::span<const StructureCall> memory_calls() { return calls; }

}  // namespace gpuslice::nvml
