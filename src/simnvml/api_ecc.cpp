// Exported: memory errors: ECC, retired pages, remapped rows, repairs, encryption.
#include "abi/nvml_memory_errors.hpp"
#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Argument;
using simnvml::Device;
using simnvml::give;
using simnvml::with_device;
using simnvml::with_gpu;
using simnvml::with_setting;

namespace {

enum ErrorType : unsigned { corrected, uncorrected, error_types };
enum Counter : unsigned { recent, ever, counters };  // `recent`: volatile, `ever`: aggregate
enum Location : unsigned { dram = 2, sram = NVML_MEMORY_LOCATION_SRAM, locations = 8 };

bool counts_errors(const sim::Driver& driver, const Device& d) {
  return driver.config(d.gpu).ecc_supported != 0 && d.state.ecc != 0;
}

// Whether the whole GPU reports the counter. NVML's documentation of nvmlDeviceGetMemoryErrorCounter: with MIG on,
// volatile errors are reported only for an instance, and only the uncorrected ones outside the DRAM. An A100 with MIG
// on (nvidia-smi -q -x, driver 510.47) shows all volatile counts as N/A, and aggregate counts as numbers.
bool told_of_gpu(const Device& d, unsigned counter) { return counter != recent || !d.state.mig.mode; }
bool told_of_instance(unsigned type, unsigned counter, unsigned location) {
  return type == uncorrected && counter == recent && location != dram;
}

const sim::ErrorCounts& counts(const Device& d, unsigned counter) {
  return counter == recent ? d.state.memory_errors.recent : d.state.memory_errors.ever;
}

nvmlReturn_t retired_pages(const char* function, nvmlDevice_t handle, unsigned cause, unsigned* count) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (count == nullptr || cause > 1) return NVML_ERROR_INVALID_ARGUMENT;
    if (!driver.board(d.gpu).sensors.retired_pages.value.value_or(false)) return NVML_ERROR_NOT_SUPPORTED;
    *count = 0;
    return NVML_SUCCESS;
  });
}

// Runs `use` for boards that remap rows, whether ECC is on or off.
template <class Use>
nvmlReturn_t with_remapper(const char* function, nvmlDevice_t handle, Use use) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    // NVML's documentation: not available for the whole GPU while it has instances.
    if (!driver.remaps_rows(d.gpu) || !d.state.mig.partition.instances.empty()) return NVML_ERROR_NOT_SUPPORTED;
    return use(driver, d.state.memory_errors, d.gpu);
  });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetEccMode(nvmlDevice_t handle, unsigned* now, unsigned* pending) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (now == nullptr || pending == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (driver.config(d.gpu).ecc_supported == 0) return NVML_ERROR_NOT_SUPPORTED;
    *now = d.state.ecc;
    *pending = d.state.ecc_pending;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetDefaultEccMode(nvmlDevice_t handle, unsigned* mode) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(mode, driver.board(d.gpu).ecc);  // the mode in which the board is delivered
  });
}
NVML_EXPORT nvmlDeviceSetEccMode(nvmlDevice_t handle, unsigned mode) {
  const Argument arguments[] = {{"mode", mode}};
  return with_setting(__func__, handle, arguments, [&](sim::Driver& driver, std::uint32_t gpu) -> sim::OrDenial<void> {
    if (mode > 1) return std::unexpected(sim::Denial{sim::Denial::Kind::invalid, {}});
    return driver.set_ecc(gpu, mode == 1);
  });
}
NVML_EXPORT nvmlDeviceClearEccErrorCounts(nvmlDevice_t handle, unsigned counter) {
  const Argument arguments[] = {{"counter", counter}};
  return with_setting(__func__, handle, arguments, [&](sim::Driver& driver, std::uint32_t gpu) -> sim::OrDenial<void> {
    if (counter >= counters) return std::unexpected(sim::Denial{sim::Denial::Kind::invalid, {}});
    return driver.clear_ecc(gpu, counter == ever);
  });
}
NVML_EXPORT nvmlDeviceGetTotalEccErrors(nvmlDevice_t handle, unsigned type, unsigned counter,
                                        unsigned long long* count) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (count == nullptr || type >= error_types || counter >= counters) return NVML_ERROR_INVALID_ARGUMENT;
    if (!counts_errors(driver, d) || !told_of_gpu(d, counter)) return NVML_ERROR_NOT_SUPPORTED;
    const auto& all = counts(d, counter);
    *count = type == corrected ? all.corrected() : all.uncorrected();
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetDetailedEccErrors(nvmlDevice_t handle, unsigned type, unsigned counter,
                                           nvmlEccErrorCounts_t* into) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (into == nullptr || type >= error_types || counter >= counters) return NVML_ERROR_INVALID_ARGUMENT;
    if (!counts_errors(driver, d) || !told_of_gpu(d, counter)) return NVML_ERROR_NOT_SUPPORTED;
    const auto& all = counts(d, counter);
    *into = {0, 0, type == corrected ? all.dram_corrected : all.dram_uncorrected, 0};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t handle, unsigned type, unsigned counter, unsigned location,
                                            unsigned long long* count) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (count == nullptr || type >= error_types || counter >= counters || location >= locations)
      return NVML_ERROR_INVALID_ARGUMENT;
    // As recorded (surface_test.cpp): only for the DRAM and for all SRAM together, not for single caches.
    if (!counts_errors(driver, d) || (location != dram && location != sram)) return NVML_ERROR_NOT_SUPPORTED;
    if (!(d.mig ? told_of_instance(type, counter, location) : told_of_gpu(d, counter))) return NVML_ERROR_NOT_SUPPORTED;
    const auto& all = counts(d, counter);
    const auto of_sram = type == corrected ? all.sram_corrected : all.sram_parity + all.sram_secded;
    const auto of_dram = type == corrected ? all.dram_corrected : all.dram_uncorrected;
    // Errors are counted per GPU; the state does not record which instance had them.
    *count = d.mig ? 0 : location == sram ? of_sram : of_dram;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetSramEccErrorStatus(nvmlDevice_t handle, nvmlEccSramErrorStatus_v1_t* status) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (status == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (status->version != nvmlEccSramErrorStatus_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    // As recorded on an H200 (surface_test.cpp); boards that retire pages are older than these counts.
    if (!counts_errors(driver, d) || !driver.remaps_rows(d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    const auto& recently = d.state.memory_errors.recent;
    const auto& ever_since = d.state.memory_errors.ever;
    *status = {};
    status->version = nvmlEccSramErrorStatus_v1;
    status->aggregateUncParity = ever_since.sram_parity;
    status->aggregateUncSecDed = ever_since.sram_secded;
    status->aggregateCor = ever_since.sram_corrected;
    status->volatileUncParity = recently.sram_parity;
    status->volatileUncSecDed = recently.sram_secded;
    status->volatileCor = recently.sram_corrected;
    // An injected error does not name a location.
    status->aggregateUncBucketOther = ever_since.sram_parity + ever_since.sram_secded;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetSramUniqueUncorrectedEccErrorCounts(nvmlDevice_t handle,
                                                             nvmlEccSramUniqueUncorrectedErrorCounts_v1_t* unique) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (unique == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (unique->version != nvmlEccSramUniqueUncorrectedErrorCounts_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (!counts_errors(driver, d) || !driver.remaps_rows(d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    const auto& all = d.state.memory_errors.ever;
    const unsigned wanted = (all.sram_parity != 0 ? 1U : 0U) + (all.sram_secded != 0 ? 1U : 0U);
    const auto room = unique->entryCount;
    unique->entryCount = wanted;
    if (wanted == 0) return NVML_SUCCESS;
    if (unique->entries == nullptr || room < wanted) return NVML_ERROR_INSUFFICIENT_SIZE;
    // All errors of a kind are reported at the first location, because an injected error does not name one.
    auto* entry = unique->entries;
    if (all.sram_parity != 0) *entry++ = {0, 0, 0, 0, 0, 1, static_cast<std::uint32_t>(all.sram_parity)};
    if (all.sram_secded != 0) *entry = {0, 0, 0, 0, 0, 0, static_cast<std::uint32_t>(all.sram_secded)};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetRetiredPages(nvmlDevice_t handle, unsigned cause, unsigned* count, unsigned long long*) {
  return retired_pages(__func__, handle, cause, count);
}
NVML_EXPORT nvmlDeviceGetRetiredPages_v2(nvmlDevice_t handle, unsigned cause, unsigned* count, unsigned long long*,
                                         unsigned long long*) {
  return retired_pages(__func__, handle, cause, count);
}
NVML_EXPORT nvmlDeviceGetRetiredPagesPendingStatus(nvmlDevice_t handle, unsigned* pending) {
  return retired_pages(__func__, handle, 0, pending);
}
NVML_EXPORT nvmlDeviceGetRemappedRows(nvmlDevice_t handle, unsigned* by_corrected, unsigned* by_uncorrected,
                                      unsigned* pending, unsigned* failed) {
  return with_remapper(__func__, handle, [&](const sim::Driver&, const sim::MemoryErrors& errors, std::uint32_t) {
    if (by_corrected == nullptr || by_uncorrected == nullptr || pending == nullptr || failed == nullptr)
      return NVML_ERROR_INVALID_ARGUMENT;
    *by_corrected = errors.remapped_corrected;
    *by_uncorrected = errors.remapped_uncorrected;
    *pending = errors.remaps_pending != 0 ? 1 : 0;
    *failed = errors.remap_failed;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetRemappedRows_v2(nvmlDevice_t handle, nvmlRemappedRowsInfo_v2_t* rows) {
  return with_remapper(__func__, handle, [&](const sim::Driver&, const sim::MemoryErrors& errors, std::uint32_t) {
    if (rows == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    *rows = {errors.remapped_corrected, 0, errors.remapped_uncorrected, 0, errors.remaps_pending != 0 ? 1U : 0U,
             errors.remap_failed};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetRowRemapperHistogram(nvmlDevice_t handle, nvmlRowRemapperHistogramValues_t* values) {
  return with_remapper(__func__, handle, [&](const sim::Driver& driver, const sim::MemoryErrors& errors, auto gpu) {
    if (values == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto banks = sim::bank_histogram(errors, *driver.board(gpu).sensors.row_remapper_banks.value);
    *values = {banks.max, banks.high, banks.partial, banks.low, banks.none};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetRepairStatus(nvmlDevice_t handle, nvmlRepairStatus_t* status) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (status == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (status->version != nvmlRepairStatus_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (!driver.remaps_rows(d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    status->bChannelRepairPending = status->bTpcRepairPending = 0;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetUnrepairableMemoryFlag_v1(nvmlDevice_t handle, nvmlUnrepairableMemoryStatus_v1_t* status) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (status == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!driver.remaps_rows(d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    status->bUnrepairableMemory = d.state.memory_errors.remap_failed;
    return NVML_SUCCESS;
  });
}
