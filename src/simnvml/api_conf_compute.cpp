// Exported: confidential computing, which is off on every simulated node.
#include "abi/nvml_conf_compute.hpp"
#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::Device;
using simnvml::give;
using simnvml::Session;
using simnvml::with_gpu;

namespace {

// Boards from Hopper on support confidential computing.
bool is_capable(const sim::Driver& driver, std::uint32_t gpu) {
  constexpr std::uint32_t hopper = 9;  // NVML_DEVICE_ARCH_HOPPER
  return driver.product(gpu).nvml_architecture >= hopper;
}

bool any_capable(const sim::Driver& driver) {
  for (std::uint32_t gpu = 0; gpu < driver.gpu_count(); ++gpu)
    if (is_capable(driver, gpu)) return true;
  return false;
}

// Runs `use()` if a board of the node supports confidential computing, after checking that `room` is not null.
template <class Use>
nvmlReturn_t on_capable(const char* function, const void* room, Use use) {
  return call({function}, [&](const Session& s) {
    if (room == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return any_capable(*s.driver) ? use() : NVML_ERROR_NOT_SUPPORTED;
  });
}

}  // namespace

NVML_EXPORT nvmlSystemGetConfComputeCapabilities(nvmlConfComputeSystemCaps_t* capabilities) {
  return call({__func__}, [&](const Session& s) {
    if (capabilities == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    *capabilities = {0, any_capable(*s.driver) ? 1U : 0U};  // no CPU of a node supports it
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlSystemGetConfComputeState(nvmlConfComputeSystemState_t* state) {
  return on_capable(__func__, state, [&] {
    *state = {};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlSystemGetConfComputeSettings(nvmlSystemConfComputeSettings_v1_t* settings) {
  return on_capable(__func__, settings, [&] {
    if (settings->version != nvmlSystemConfComputeSettings_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    *settings = {nvmlSystemConfComputeSettings_v1, 0, 0, 0, 0};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlSystemGetConfComputeGpusReadyState(unsigned* accepting) {
  return on_capable(__func__, accepting, [&] { return give(accepting, 0); });
}
NVML_EXPORT nvmlSystemGetConfComputeKeyRotationThresholdInfo(nvmlConfComputeGetKeyRotationThresholdInfo_t* info) {
  return on_capable(__func__, info, [&] {
    if (info->version != nvmlConfComputeGetKeyRotationThresholdInfo_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    info->attackerAdvantage = 60;  // recorded (surface_test.cpp)
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetConfComputeMemSizeInfo(nvmlDevice_t handle, nvmlConfComputeMemSizeInfo_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!is_capable(driver, d.gpu) || driver.config(d.gpu).memory_total_mib.known == 0) return NVML_ERROR_NOT_SUPPORTED;
    const auto memory = driver.memory(d.gpu);
    *info = {0, (memory.total - memory.reserved) / 1024};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetConfComputeProtectedMemoryUsage(nvmlDevice_t handle, nvmlMemory_t* memory) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) {
    if (memory == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    *memory = {};
    return NVML_SUCCESS;
  });
}
// As recorded (surface_test.cpp): without confidential computing there is no certificate, and the return code is
// unspecific.
NVML_EXPORT nvmlDeviceGetConfComputeGpuCertificate(nvmlDevice_t handle, void* certificate) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (certificate == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return is_capable(driver, d.gpu) ? NVML_ERROR_UNKNOWN : NVML_ERROR_NOT_SUPPORTED;
  });
}
