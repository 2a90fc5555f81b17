#include "abi/private_table.hpp"
#include "nvml/facets.hpp"
#include "nvml/time_slice_program.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

class ModeCalls final : public node::Modes {
 public:
  explicit ModeCalls(Calls& calls) : calls_(calls) {}

  Answer<void> set_compute_mode(GpuIndex gpu, std::uint32_t mode) override {
    return calls_.change(gpu, "nvmlDeviceSetComputeMode", mode);
  }
  Answer<void> set_persistence_mode(GpuIndex gpu, bool enable) override {
    return calls_.change(gpu, "nvmlDeviceSetPersistenceMode", enable ? 1U : 0U);
  }
  Answer<std::uint32_t> time_slice(GpuIndex gpu) override {
    if (calls_.simulated() == nullptr) return time_slice_by_program(gpu);
    unsigned policy = 0;
    const int code = calls_.simulated()->time_slice(gpu.value, &policy);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return policy;
  }
  Answer<void> set_time_slice(GpuIndex gpu, std::uint32_t policy) override {
    if (const auto may = calls_.may_change(); !may) return may;
    if (calls_.simulated() == nullptr) return set_time_slice_by_program(gpu, policy);
    const int code = calls_.simulated()->set_time_slice(gpu.value, policy);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return {};
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Modes> modes_of(Calls& calls) { return std::make_unique<ModeCalls>(calls); }

}  // namespace gpuslice::nvml
