#include "nvml/lists.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "abi/nvml_license.hpp"
#include "nvml/private_slots.hpp"

namespace gpuslice::nvml {
namespace {

using node::Answer;

// nvmlSamplingType_t
unsigned sampling_type(node::SampleKind kind) {
  switch (kind) {
    case node::SampleKind::power:
      return 0;
    case node::SampleKind::gpu:
      return 1;
    case node::SampleKind::memory:
      return 2;
    case node::SampleKind::encoder:
      return 3;
    case node::SampleKind::decoder:
      return 4;
    case node::SampleKind::sm_clock:
      return 5;
    case node::SampleKind::memory_clock:
      return 6;
    case node::SampleKind::jpeg:
      return 8;
    case node::SampleKind::ofa:
      return 9;
  }
  return 0;
}

// What `ask(count, entries)` gives, asked again with more room while the driver says that it does not do.
template <class Entry, class Ask>
Answer<std::vector<Entry>> all_of(Calls& calls, std::size_t room, Ask ask) {
  constexpr std::size_t most = 65536;
  for (;;) {
    std::vector<Entry> entries(room);
    auto count = static_cast<unsigned>(room);
    const Answer<void> done = ask(&count, entries.data());
    if (done) {
      entries.resize(std::min<std::size_t>(count, room));
      return entries;
    }
    if (done.error().code != abi::NVML_ERROR_INSUFFICIENT_SIZE || room >= most) {
      if (done.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND) return calls.refusal(abi::NVML_ERROR_NOT_SUPPORTED);
      return std::unexpected(done.error());
    }
    room = std::min(most, std::max<std::size_t>(count, room) * 2);
  }
}

Answer<std::vector<std::uint32_t>> as_clocks(const Answer<std::vector<unsigned>>& clocks) {
  if (!clocks) return std::unexpected(clocks.error());
  return std::vector<std::uint32_t>(clocks->begin(), clocks->end());
}

}  // namespace

Answer<std::vector<node::Sample>> samples(Calls& calls, GpuIndex gpu, node::SampleKind kind) {
  constexpr unsigned long long from_the_first = 0;
  const auto type = sampling_type(kind);
  unsigned value_type = 0;
  const auto found = all_of<abi::nvmlSample_t>(calls, 256, [&](unsigned* count, abi::nvmlSample_t* entries) {
    return calls.on(gpu, "nvmlDeviceGetSamples", type, from_the_first, &value_type, count, entries);
  });
  if (!found) return std::unexpected(found.error());
  std::vector<node::Sample> all;
  for (const auto& sample : *found) all.push_back({sample.timeStamp, sample.sampleValue.uiVal});
  return all;
}

Answer<std::vector<std::uint32_t>> memory_clocks(Calls& calls, GpuIndex gpu) {
  return as_clocks(all_of<unsigned>(calls, 64, [&](unsigned* count, unsigned* entries) {
    return calls.on(gpu, "nvmlDeviceGetSupportedMemoryClocks", count, entries);
  }));
}

Answer<std::vector<std::uint32_t>> graphics_clocks(Calls& calls, GpuIndex gpu, std::uint32_t memory_clock) {
  return as_clocks(all_of<unsigned>(calls, 512, [&](unsigned* count, unsigned* entries) {
    return calls.on(gpu, "nvmlDeviceGetSupportedGraphicsClocks", memory_clock, count, entries);
  }));
}

Answer<std::vector<node::RetiredPage>> retired_pages(Calls& calls, GpuIndex gpu, bool uncorrected) {
  const unsigned cause = uncorrected ? 1 : 0;
  std::vector<unsigned long long> times;
  const auto with_times = all_of<unsigned long long>(calls, 64, [&](unsigned* count, unsigned long long* addresses) {
    times.assign(*count, 0);
    return calls.on(gpu, "nvmlDeviceGetRetiredPages_v2", cause, count, addresses, times.data());
  });
  const auto found = with_times
                         ? with_times
                         : all_of<unsigned long long>(calls, 64, [&](unsigned* count, unsigned long long* addresses) {
                             return calls.on(gpu, "nvmlDeviceGetRetiredPages", cause, count, addresses);
                           });
  if (!found) return std::unexpected(found.error());
  std::vector<node::RetiredPage> pages;
  for (std::size_t i = 0; i < found->size(); ++i) {
    node::RetiredPage page{(*found)[i], {}};
    if (with_times && times[i] != 0) page.seconds = times[i];
    pages.push_back(page);
  }
  return pages;
}

Answer<std::vector<node::AccountedProcess>> accounted_processes(Calls& calls, GpuIndex gpu) {
  const auto pids = all_of<unsigned>(calls, 4096, [&](unsigned* count, unsigned* entries) {
    return calls.on(gpu, "nvmlDeviceGetAccountingPids", count, entries);
  });
  if (!pids) return std::unexpected(pids.error());
  std::vector<node::AccountedProcess> all;
  for (const auto pid : *pids) {
    abi::nvmlAccountingStats_t stats{};
    if (!calls.on(gpu, "nvmlDeviceGetAccountingStats", pid, &stats)) continue;  // gone from the list since
    node::AccountedProcess process;
    process.pid = pid;
    constexpr unsigned not_known = 0xFFFFFFFF;
    if (stats.gpuUtilization != not_known) process.gpu_percent = stats.gpuUtilization;
    if (stats.memoryUtilization != not_known) process.memory_percent = stats.memoryUtilization;
    if (stats.maxMemoryUsage != abi::NVML_VALUE_NOT_AVAILABLE) process.most_memory = stats.maxMemoryUsage;
    process.milliseconds = stats.time;
    process.running = stats.isRunning != 0;
    all.push_back(process);
  }
  return all;
}

Answer<std::vector<node::LicensedProduct>> licensed_products(Calls& calls, GpuIndex gpu) {
  abi::nvmlGridLicensableFeatures_t features{};
  const auto done = calls.on(gpu, "nvmlDeviceGetGridLicensableFeatures_v4", &features);
  if (!done) return std::unexpected(done.error());
  std::vector<node::LicensedProduct> products;
  if (features.isGridLicenseSupported == 0) return products;
  const auto count =
      std::min<std::size_t>(features.licensableFeaturesCount, std::size(features.gridLicensableFeatures));
  for (std::size_t i = 0; i < count; ++i) {
    const auto& feature = features.gridLicensableFeatures[i];
    if (feature.featureEnabled == 0) continue;  // recorded: not shown
    node::LicensedProduct product{Calls::bounded(feature.productName), feature.featureState != 0, {}};
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

Answer<std::string> address(Calls& calls, GpuIndex gpu) {
  std::array<char, 0x22> text{};
  const int code =
      call_slot(calls.library(), slot::address_by_index, gpu.value, text.data(), static_cast<unsigned>(text.size()));
  unsigned domain = 0, bus = 0, device = 0;
  const auto written = Calls::bounded(text);
  if (code == abi::NVML_SUCCESS && std::sscanf(written.c_str(), "%x:%x:%x.", &domain, &bus, &device) == 3)
    return written;
  abi::nvmlPciInfo_t pci{};
  if (const auto done = calls.on(gpu, "nvmlDeviceGetPciInfo_v3", &pci); !done) return std::unexpected(done.error());
  return Calls::bounded(pci.busIdLegacy);
}

}  // namespace gpuslice::nvml
