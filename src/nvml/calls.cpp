#include "nvml/calls.hpp"

namespace gpuslice::nvml {

using namespace node;

std::unexpected<DriverError> Calls::refusal(int code) {
  return std::unexpected(DriverError{code, library_.words(code)});
}

Answer<void> Calls::may_change() {
  if (!library_.changes_forbidden()) return {};
  return std::unexpected(DriverError{
      abi::NVML_ERROR_NO_PERMISSION,
      library_.words(abi::NVML_ERROR_NO_PERMISSION) + " (GPUSLICE_LOCAL=readonly: this driver is read-only)"});
}

Answer<abi::nvmlDevice_t> Calls::gpu_handle(GpuIndex gpu) {
  {
    const std::scoped_lock lock(guard_);
    if (const auto known = gpus_.find(gpu); known != gpus_.end()) return known->second;
  }
  // Called without the lock, so that a GPU whose call hangs does not delay the others.
  abi::nvmlDevice_t device{};
  const int code =
      library_.call_any({"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"}, gpu.value, &device);
  if (code != abi::NVML_SUCCESS) return refusal(code);
  const std::scoped_lock lock(guard_);
  gpus_[gpu] = device;
  return device;
}

Answer<abi::nvmlDevice_t> Calls::handle(Subject subject) {
  const auto gpu = gpu_handle(subject.gpu);
  if (!gpu || !subject.mig_index) return gpu;
  abi::nvmlDevice_t device{};
  const int code = library_.call("nvmlDeviceGetMigDeviceHandleByIndex", *gpu, *subject.mig_index, &device);
  if (code != abi::NVML_SUCCESS) return refusal(code);
  return device;
}

Answer<abi::nvmlGpuInstance_t> Calls::instance(GpuIndex gpu, mig::GiId gi) {
  abi::nvmlGpuInstance_t found{};
  if (const auto done = on(gpu, "nvmlDeviceGetGpuInstanceById", gi.value, &found); !done)
    return std::unexpected(done.error());
  return found;
}

Answer<abi::nvmlComputeInstance_t> Calls::instance(GpuIndex gpu, mig::GiId gi, mig::CiId ci) {
  const auto parent = instance(gpu, gi);
  if (!parent) return std::unexpected(parent.error());
  abi::nvmlComputeInstance_t found{};
  const int code = library_.call("nvmlGpuInstanceGetComputeInstanceById", *parent, ci.value, &found);
  if (code != abi::NVML_SUCCESS) return refusal(code);
  return found;
}

Answer<GpuIndex> Calls::index_of(abi::nvmlDevice_t gpu) {
  unsigned index = 0;
  const int code = library_.call("nvmlDeviceGetIndex", gpu, &index);
  if (code != abi::NVML_SUCCESS) return refusal(code);
  return GpuIndex{index};
}

Answer<std::uint32_t> Calls::number(Subject subject, Symbol symbol) {
  unsigned value = 0;
  if (const auto done = on(subject, symbol, &value); !done) return std::unexpected(done.error());
  return value;
}

Answer<bool> Calls::flag(GpuIndex gpu, Symbol symbol) {
  const auto value = number(gpu, symbol);
  if (!value) return std::unexpected(value.error());
  return *value != 0;
}

Answer<Mode> Calls::mode(GpuIndex gpu, Symbol symbol) {
  unsigned current = 0;
  unsigned pending = 0;
  if (const auto done = on(gpu, symbol, &current, &pending); !done) return std::unexpected(done.error());
  return Mode{current != 0, pending != 0};
}

}  // namespace gpuslice::nvml
