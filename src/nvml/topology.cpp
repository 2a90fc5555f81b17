#include <algorithm>
#include <bit>

#include "nvml/facets.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

// The values of nvmlGpuTopologyLevel_t are multiples of ten.
constexpr unsigned level_step = 10;
constexpr unsigned scope_node = 0;      // NVML_AFFINITY_SCOPE_NODE
constexpr std::size_t mask_words = 64;  // for 4096 CPUs, more than Linux supports on any current machine
constexpr unsigned word_bits = 64;
constexpr unsigned usual_gpus = 64;

using Mask = std::array<unsigned long, mask_words>;

std::vector<std::uint32_t> bits_of(const Mask& mask) {
  std::vector<std::uint32_t> bits;
  for (std::size_t word = 0; word < mask.size(); ++word) {
    for (unsigned long rest = mask[word]; rest != 0; rest &= rest - 1)
      bits.push_back(static_cast<std::uint32_t>(word) * word_bits + static_cast<std::uint32_t>(std::countr_zero(rest)));
  }
  return bits;
}

// Converts a driver's handles to indices.
NearGpus indices(Calls& calls, std::span<abi::nvmlDevice_t> devices) {
  NearGpus near;
  for (auto* device : devices) {
    const auto index = calls.index_of(device);
    near.whole = index.has_value();
    if (!index) break;
    near.gpus.push_back(*index);
  }
  std::ranges::sort(near.gpus);
  return near;
}

class TopologyCalls final : public node::Topology {
 public:
  explicit TopologyCalls(Calls& calls) : calls_(calls) {}

  Answer<PathLevel> path_level(GpuIndex one, GpuIndex other) override {
    const auto second = calls_.handle({other, {}});
    if (!second) return std::unexpected(second.error());
    unsigned level = 0;
    if (const auto done = calls_.on(one, "nvmlDeviceGetTopologyCommonAncestor", *second, &level); !done)
      return std::unexpected(done.error());
    if (level % level_step != 0 || level / level_step > static_cast<unsigned>(PathLevel::system))
      return calls_.refusal(abi::NVML_ERROR_UNKNOWN);
    return static_cast<PathLevel>(level / level_step);
  }
  Answer<NearGpus> nearest_gpus(GpuIndex gpu, PathLevel level) override {
    std::vector<abi::nvmlDevice_t> devices(usual_gpus);
    auto count = usual_gpus;
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetTopologyNearestGpus", static_cast<unsigned>(level) * level_step,
                                    &count, devices.data());
        !done)
      return std::unexpected(done.error());
    return indices(calls_, std::span(devices).first(std::min(count, usual_gpus)));
  }
  Answer<PeerStatus> peer_status(GpuIndex one, GpuIndex other, PeerAccess access) override {
    const auto second = calls_.handle({other, {}});
    if (!second) return std::unexpected(second.error());
    unsigned status = 0;
    if (const auto done = calls_.on(one, "nvmlDeviceGetP2PStatus", *second, static_cast<unsigned>(access), &status);
        !done)
      return std::unexpected(done.error());
    return status < static_cast<unsigned>(PeerStatus::unknown) ? static_cast<PeerStatus>(status) : PeerStatus::unknown;
  }
  Answer<std::vector<std::uint32_t>> cpus_near(GpuIndex gpu) override {
    Mask mask{};
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetCpuAffinity", static_cast<unsigned>(mask.size()), mask.data());
        !done)
      return std::unexpected(done.error());
    return bits_of(mask);
  }
  Answer<std::vector<std::uint32_t>> numa_nodes_near(GpuIndex gpu) override {
    Mask mask{};
    if (const auto done =
            calls_.on(gpu, "nvmlDeviceGetMemoryAffinity", static_cast<unsigned>(mask.size()), mask.data(), scope_node);
        !done)
      return std::unexpected(done.error());
    return bits_of(mask);
  }
  Answer<std::uint32_t> own_numa_node(GpuIndex gpu) override { return calls_.number(gpu, "nvmlDeviceGetNumaNodeId"); }
  Answer<NearGpus> gpus_near_cpu(std::uint32_t cpu) override {
    std::vector<abi::nvmlDevice_t> devices(usual_gpus);
    auto count = usual_gpus;
    const int code = calls_.library().call("nvmlSystemGetTopologyGpuSet", cpu, &count, devices.data());
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return indices(calls_, std::span(devices).first(std::min(count, usual_gpus)));
  }
  Answer<std::vector<ExcludedGpu>> excluded_gpus() override {
    auto& library = calls_.library();
    unsigned count = 0;
    if (const int code = library.call("nvmlGetExcludedDeviceCount", &count); code != abi::NVML_SUCCESS)
      return calls_.refusal(code);
    std::vector<ExcludedGpu> all;
    for (unsigned i = 0; i < count; ++i) {
      abi::nvmlExcludedDeviceInfo_t info{};
      if (const int code = library.call("nvmlGetExcludedDeviceInfoByIndex", i, &info); code != abi::NVML_SUCCESS)
        return calls_.refusal(code);
      all.push_back({Calls::bounded(info.pciInfo.busId), Calls::bounded(info.uuid)});
    }
    return all;
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Topology> topology_of(Calls& calls) { return std::make_unique<TopologyCalls>(calls); }

}  // namespace gpuslice::nvml
