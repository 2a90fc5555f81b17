// Exported: GPU performance metrics: samples, and the metrics between two of them. For Hopper and later, also for
// single instances.
#include <array>
#include <atomic>
#include <new>

#include "abi/gpm_names.hpp"
#include "abi/nvml_gpm.hpp"
#include "sim/gpm.hpp"
#include "simnvml/call.hpp"
#include "simnvml/fabric.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::Device;
using simnvml::give;
using simnvml::Session;
using simnvml::with_device;
using simnvml::with_gpu;

namespace gpuslice::simnvml {
namespace {

// The address of a slot is the caller's handle of the sample; when it is passed back, arithmetic alone checks it.
struct Slot {
  std::atomic<bool> used{};
  bool taken{};
  unsigned links{};
  sim::GpmSample sample;
};
constexpr std::size_t max_samples = 1024;
std::array<Slot, max_samples> slots;

Slot* slot_of(nvmlGpmSample_t handle) {
  const auto address = reinterpret_cast<std::uintptr_t>(handle);
  const auto base = reinterpret_cast<std::uintptr_t>(slots.data());
  if (address < base || address >= base + sizeof slots || (address - base) % sizeof(Slot) != 0) return nullptr;
  auto& slot = slots[(address - base) / sizeof(Slot)];
  return slot.used.load() ? &slot : nullptr;
}

bool has_metrics(const sim::Driver& driver, std::uint32_t gpu) {
  constexpr std::uint32_t hopper = 9;  // NVML_DEVICE_ARCH_HOPPER
  return driver.product(gpu).nvml_architecture >= hopper;
}

nvmlReturn_t take(const sim::Driver& driver, const Device& d, std::optional<mig::GiId> gi, std::optional<mig::CiId> ci,
                  Slot* slot) {
  if (slot == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  if (!has_metrics(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
  slot->sample =
      sim::take_sample(driver.capability(d.gpu), d.state.mig, driver.clients(d.gpu), gi, ci, driver.now_us());
  slot->links = gi ? 0 : active_links(driver, d.gpu);
  slot->taken = true;
  return NVML_SUCCESS;
}

constexpr unsigned metrics_version = 1, support_version = 1;

}  // namespace
}  // namespace gpuslice::simnvml

NVML_EXPORT nvmlGpmQueryDeviceSupport(nvmlDevice_t handle, nvmlGpmSupport_t* support) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (support == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (support->version != simnvml::support_version) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    support->isSupportedDevice = simnvml::has_metrics(driver, d.gpu) ? 1 : 0;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlGpmQueryIfStreamingEnabled(nvmlDevice_t handle, unsigned* enabled) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (!simnvml::has_metrics(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    return give(enabled, 0);
  });
}
NVML_EXPORT nvmlGpmSampleAlloc(nvmlGpmSample_t* sample) {
  return call({__func__}, [&](const Session&) {
    if (sample == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    for (auto& slot : simnvml::slots) {
      if (slot.used.exchange(true)) continue;
      slot.taken = false;
      *sample = reinterpret_cast<nvmlGpmSample_t>(&slot);
      return NVML_SUCCESS;
    }
    return NVML_ERROR_MEMORY;
  });
}
NVML_EXPORT nvmlGpmSampleFree(nvmlGpmSample_t sample) {
  return call({__func__}, [&](const Session&) {
    auto* slot = simnvml::slot_of(sample);
    if (slot == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    slot->used.store(false);
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlGpmSampleGet(nvmlDevice_t handle, nvmlGpmSample_t sample) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    auto* slot = simnvml::slot_of(sample);
    if (!d.mig) return simnvml::take(driver, d, std::nullopt, std::nullopt, slot);
    return simnvml::take(driver, d, d.mig->gi, d.mig->ci, slot);
  });
}
NVML_EXPORT nvmlGpmMigSampleGet(nvmlDevice_t handle, unsigned gi, nvmlGpmSample_t sample) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (gi >= mig::gi_id_count || d.state.mig.partition.find(mig::GiId{gi}) == nullptr)
      return NVML_ERROR_INVALID_ARGUMENT;
    if (!driver.sees(d.gpu, mig::GiId{gi})) return NVML_ERROR_NO_PERMISSION;
    return simnvml::take(driver, d, mig::GiId{gi}, std::nullopt, simnvml::slot_of(sample));
  });
}
NVML_EXPORT nvmlGpmMetricsGet(nvmlGpmMetricsGet_t* metrics) {
  return call({__func__}, [&](const Session&) {
    if (metrics == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (metrics->version != simnvml::metrics_version) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    const auto* first = simnvml::slot_of(metrics->sample1);
    const auto* second = simnvml::slot_of(metrics->sample2);
    constexpr unsigned most = 333;  // the highest number of the newest header
    // If neither sample was taken, only the names are returned; if only one of them was taken, the call is refused
    // (recorded on an H200).
    if (first == nullptr || second == nullptr || first->taken != second->taken || metrics->numMetrics > most)
      return NVML_ERROR_INVALID_ARGUMENT;
    auto* bytes = reinterpret_cast<std::byte*>(metrics) + offsetof(nvmlGpmMetricsGet_t, metrics);
    auto* first_metric = reinterpret_cast<nvmlGpmMetric_t*>(bytes);
    for (unsigned i = 0; i < metrics->numMetrics; ++i) {
      // The caller's array follows the fixed part and has as many entries as it says, whatever header it was built
      // with.
      auto& one = *(first_metric + i);
      const auto names = gpm_metric_names(one.metricId);
      one.metricInfo = {names.short_name, names.long_name, names.unit};
      if (!first->taken) {
        const bool in_range = one.metricId != 0 && one.metricId <= last_gpm_metric;
        one.nvmlReturn = in_range ? NVML_ERROR_UNINITIALIZED : NVML_ERROR_INVALID_ARGUMENT;
        continue;
      }
      const auto value = sim::metric(first->sample, second->sample, one.metricId, second->links);
      one.nvmlReturn = value ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
      if (value) one.value = *value;
    }
    return NVML_SUCCESS;
  });
}
