#include "nvml/tuning.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

template <class... Args>
Answer<void> change(Calls& calls, GpuIndex gpu, Symbol symbol, Args... args) {
  if (const auto may = calls.may_change(); !may) return may;
  return calls.on(gpu, symbol, args...);
}

}  // namespace

Answer<void> set_ecc_mode(Calls& calls, GpuIndex gpu, bool enable) {
  return change(calls, gpu, "nvmlDeviceSetEccMode", enable ? 1U : 0U);
}
Answer<void> clear_ecc_errors(Calls& calls, GpuIndex gpu, bool aggregate) {
  return change(calls, gpu, "nvmlDeviceClearEccErrorCounts", aggregate ? 1U : 0U);
}
Answer<void> set_accounting_mode(Calls& calls, GpuIndex gpu, bool enable) {
  return change(calls, gpu, "nvmlDeviceSetAccountingMode", enable ? 1U : 0U);
}
Answer<void> clear_accounted_processes(Calls& calls, GpuIndex gpu) {
  return change(calls, gpu, "nvmlDeviceClearAccountingPids");
}
Answer<void> set_power_limit(Calls& calls, GpuIndex gpu, std::uint32_t milliwatts) {
  return change(calls, gpu, "nvmlDeviceSetPowerManagementLimit", milliwatts);
}
Answer<void> lock_gpu_clocks(Calls& calls, GpuIndex gpu, Clocks clocks) {
  return change(calls, gpu, "nvmlDeviceSetGpuLockedClocks", clocks.low_mhz, clocks.high_mhz);
}
Answer<void> reset_gpu_clocks(Calls& calls, GpuIndex gpu) {
  return change(calls, gpu, "nvmlDeviceResetGpuLockedClocks");
}
Answer<void> lock_memory_clocks(Calls& calls, GpuIndex gpu, Clocks clocks) {
  return change(calls, gpu, "nvmlDeviceSetMemoryLockedClocks", clocks.low_mhz, clocks.high_mhz);
}
Answer<void> reset_memory_clocks(Calls& calls, GpuIndex gpu) {
  return change(calls, gpu, "nvmlDeviceResetMemoryLockedClocks");
}
Answer<void> set_application_clocks(Calls& calls, GpuIndex gpu, std::uint32_t memory, std::uint32_t graphics) {
  return change(calls, gpu, "nvmlDeviceSetApplicationsClocks", memory, graphics);
}
Answer<void> reset_application_clocks(Calls& calls, GpuIndex gpu) {
  return change(calls, gpu, "nvmlDeviceResetApplicationsClocks");
}

}  // namespace gpuslice::nvml
