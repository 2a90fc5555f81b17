#include <algorithm>
#include <array>
#include <cstdio>

#include "abi/nvml_license.hpp"
#include "nvml/facets.hpp"
#include "nvml/grown.hpp"
#include "nvml/read.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

// nvmlSamplingType_t
unsigned sampling_type(SampleKind kind) {
  switch (kind) {
    case SampleKind::power:
      return 0;
    case SampleKind::gpu:
      return 1;
    case SampleKind::memory:
      return 2;
    case SampleKind::encoder:
      return 3;
    case SampleKind::decoder:
      return 4;
    case SampleKind::sm_clock:
      return 5;
    case SampleKind::memory_clock:
      return 6;
    case SampleKind::jpeg:
      return 8;
    case SampleKind::ofa:
      return 9;
  }
  return 0;
}

// Reads a list. If the driver lacks it, the GPU has no such figures.
template <class Entry, class Ask>
Answer<std::vector<Entry>> all_of(Calls& calls, std::size_t room, Ask ask) {
  auto found = grown<Entry>(room, ask);
  if (!found && found.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND)
    return calls.refusal(abi::NVML_ERROR_NOT_SUPPORTED);
  return found;
}

Answer<std::vector<std::uint32_t>> as_clocks(const Answer<std::vector<unsigned>>& clocks) {
  if (!clocks) return std::unexpected(clocks.error());
  return std::vector<std::uint32_t>(clocks->begin(), clocks->end());
}

class ReadingCalls final : public Readings {
 public:
  explicit ReadingCalls(Calls& calls) : calls_(calls) {}

  using Readings::read;
  std::vector<Answer<fields::Value>> read(Subject subject, std::span<const fields::Reading> readings) override {
    return nvml::read(calls_, subject, readings);
  }
  Answer<Memory> memory(Subject subject) override {
    abi::nvmlMemory_v2_t v2{};
    v2.version = abi::nvmlMemory_v2;
    const auto done = calls_.on(subject, "nvmlDeviceGetMemoryInfo_v2", &v2);
    if (done) return Memory{v2.total, v2.free, v2.used, v2.reserved};
    if (done.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return std::unexpected(done.error());
    // A driver before R510 counts reserved memory as used, and does not report how much it is.
    abi::nvmlMemory_t v1{};
    if (const auto older = calls_.on(subject, "nvmlDeviceGetMemoryInfo", &v1); !older)
      return std::unexpected(older.error());
    return Memory{v1.total, v1.free, v1.used, {}};
  }
  Answer<Bar1> bar1(Subject subject) override {
    abi::nvmlBAR1Memory_t bar1{};
    if (const auto done = calls_.on(subject, "nvmlDeviceGetBAR1MemoryInfo", &bar1); !done)
      return std::unexpected(done.error());
    return Bar1{bar1.bar1Total, bar1.bar1Free, bar1.bar1Used};
  }
  Answer<std::uint64_t> uncorrected_ecc_errors(Subject subject) override {
    constexpr auto uncorrected = abi::NVML_MEMORY_ERROR_TYPE_UNCORRECTED;
    unsigned long long count = 0;
    const auto done = subject.mig_index ? calls_.on(subject, "nvmlDeviceGetMemoryErrorCounter", uncorrected,
                                                    abi::NVML_VOLATILE_ECC, abi::NVML_MEMORY_LOCATION_SRAM, &count)
                                        : calls_.on(subject, "nvmlDeviceGetTotalEccErrors", uncorrected,
                                                    abi::NVML_VOLATILE_ECC, &count);
    if (!done) return std::unexpected(done.error());
    return count;
  }
  Answer<std::vector<Sample>> samples(GpuIndex gpu, SampleKind kind) override {
    constexpr unsigned long long from_the_first = 0;
    const auto type = sampling_type(kind);
    unsigned value_type = 0;
    const auto found = all_of<abi::nvmlSample_t>(calls_, 256, [&](unsigned* count, abi::nvmlSample_t* entries) {
      return calls_.on(gpu, "nvmlDeviceGetSamples", type, from_the_first, &value_type, count, entries);
    });
    if (!found) return std::unexpected(found.error());
    std::vector<Sample> all;
    for (const auto& sample : *found) all.push_back({sample.timeStamp, sample.sampleValue.uiVal});
    return all;
  }
  Answer<std::vector<std::uint32_t>> memory_clocks(GpuIndex gpu) override {
    return as_clocks(all_of<unsigned>(calls_, 64, [&](unsigned* count, unsigned* entries) {
      return calls_.on(gpu, "nvmlDeviceGetSupportedMemoryClocks", count, entries);
    }));
  }
  Answer<std::vector<std::uint32_t>> graphics_clocks(GpuIndex gpu, std::uint32_t memory_clock) override {
    return as_clocks(all_of<unsigned>(calls_, 512, [&](unsigned* count, unsigned* entries) {
      return calls_.on(gpu, "nvmlDeviceGetSupportedGraphicsClocks", memory_clock, count, entries);
    }));
  }
  Answer<std::vector<RetiredPage>> retired_pages(GpuIndex gpu, bool uncorrected) override {
    const unsigned cause = uncorrected ? 1 : 0;
    std::vector<unsigned long long> times;
    const auto with_times = all_of<unsigned long long>(calls_, 64, [&](unsigned* count, unsigned long long* addresses) {
      times.assign(*count, 0);
      return calls_.on(gpu, "nvmlDeviceGetRetiredPages_v2", cause, count, addresses, times.data());
    });
    const auto found =
        with_times ? with_times
                   : all_of<unsigned long long>(calls_, 64, [&](unsigned* count, unsigned long long* addresses) {
                       return calls_.on(gpu, "nvmlDeviceGetRetiredPages", cause, count, addresses);
                     });
    if (!found) return std::unexpected(found.error());
    std::vector<RetiredPage> pages;
    for (std::size_t i = 0; i < found->size(); ++i) {
      RetiredPage page{(*found)[i], {}};
      if (with_times && times[i] != 0) page.seconds = times[i];
      pages.push_back(page);
    }
    return pages;
  }
  Answer<std::vector<LicensedProduct>> licensed_products(GpuIndex gpu) override {
    abi::nvmlGridLicensableFeatures_t features{};
    const auto done = calls_.on(gpu, "nvmlDeviceGetGridLicensableFeatures_v4", &features);
    if (!done) return std::unexpected(done.error());
    std::vector<LicensedProduct> products;
    if (features.isGridLicenseSupported == 0) return products;
    const auto count =
        std::min<std::size_t>(features.licensableFeaturesCount, std::size(features.gridLicensableFeatures));
    for (std::size_t i = 0; i < count; ++i) {
      const auto& feature = features.gridLicensableFeatures[i];
      if (feature.featureEnabled == 0) continue;  // nvidia-smi 580 does not show a feature that is off
      LicensedProduct product{Calls::bounded(feature.productName), feature.featureState != 0, {}};
      const auto& end = feature.licenseExpiry;
      constexpr std::uint8_t valid = 2, permanent = 4;
      if (end.status == valid) {
        char text[64];
        std::snprintf(text, sizeof text, "%u-%u-%u %u:%u:%u GMT", end.year, end.month, end.day, end.hour, end.min,
                      end.sec);
        product.expires = text;
      } else if (end.status == permanent) {
        product.expires = "Permanent";
      }
      products.push_back(std::move(product));
    }
    return products;
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Readings> readings_of(Calls& calls) { return std::make_unique<ReadingCalls>(calls); }

}  // namespace gpuslice::nvml
