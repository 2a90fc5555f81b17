#include "nvml/facets.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

class TuningCalls final : public node::Tuning {
 public:
  explicit TuningCalls(Calls& calls) : calls_(calls) {}

  Answer<void> set_ecc_mode(GpuIndex gpu, bool enable) override {
    return calls_.change(gpu, "nvmlDeviceSetEccMode", enable ? 1U : 0U);
  }
  Answer<void> clear_ecc_errors(GpuIndex gpu, bool aggregate) override {
    return calls_.change(gpu, "nvmlDeviceClearEccErrorCounts", aggregate ? 1U : 0U);
  }
  Answer<void> set_accounting_mode(GpuIndex gpu, bool enable) override {
    return calls_.change(gpu, "nvmlDeviceSetAccountingMode", enable ? 1U : 0U);
  }
  Answer<void> clear_accounted_processes(GpuIndex gpu) override {
    return calls_.change(gpu, "nvmlDeviceClearAccountingPids");
  }
  Answer<void> set_power_limit(GpuIndex gpu, std::uint32_t milliwatts) override {
    return calls_.change(gpu, "nvmlDeviceSetPowerManagementLimit", milliwatts);
  }
  Answer<void> lock_gpu_clocks(GpuIndex gpu, Clocks clocks) override {
    return calls_.change(gpu, "nvmlDeviceSetGpuLockedClocks", clocks.low_mhz, clocks.high_mhz);
  }
  Answer<void> reset_gpu_clocks(GpuIndex gpu) override { return calls_.change(gpu, "nvmlDeviceResetGpuLockedClocks"); }
  Answer<void> lock_memory_clocks(GpuIndex gpu, Clocks clocks) override {
    return calls_.change(gpu, "nvmlDeviceSetMemoryLockedClocks", clocks.low_mhz, clocks.high_mhz);
  }
  Answer<void> reset_memory_clocks(GpuIndex gpu) override {
    return calls_.change(gpu, "nvmlDeviceResetMemoryLockedClocks");
  }
  Answer<void> set_application_clocks(GpuIndex gpu, std::uint32_t memory, std::uint32_t graphics) override {
    return calls_.change(gpu, "nvmlDeviceSetApplicationsClocks", memory, graphics);
  }
  Answer<void> reset_application_clocks(GpuIndex gpu) override {
    return calls_.change(gpu, "nvmlDeviceResetApplicationsClocks");
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Tuning> tuning_of(Calls& calls) { return std::make_unique<TuningCalls>(calls); }

}  // namespace gpuslice::nvml
