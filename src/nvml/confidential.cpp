#include "nvml/confidential.hpp"

#include <algorithm>
#include <cstdio>

#include "abi/nvml_conf_compute.hpp"

namespace gpuslice::nvml {

using namespace node;

Answer<ConfidentialCompute> confidential_compute(Calls& calls) {
  auto& library = calls.library();
  abi::nvmlConfComputeSystemState_t state{};
  if (const int code = library.call("nvmlSystemGetConfComputeState", &state); code != abi::NVML_SUCCESS)
    return calls.refusal(code);
  ConfidentialCompute all{state.environment, state.ccFeature != 0, state.devToolsMode != 0, 0, false, false};
  abi::nvmlConfComputeSystemCaps_t can{};
  if (library.call("nvmlSystemGetConfComputeCapabilities", &can) == abi::NVML_SUCCESS) {
    all.cpu = can.cpuCaps;
    all.gpus = can.gpusCaps != 0;
  }
  unsigned ready = 0;
  if (library.call("nvmlSystemGetConfComputeGpusReadyState", &ready) == abi::NVML_SUCCESS) all.ready = ready != 0;
  return all;
}

Answer<ConfidentialMemory> confidential_memory(Calls& calls, GpuIndex gpu) {
  abi::nvmlConfComputeMemSizeInfo_t sizes{};
  if (const auto done = calls.on(gpu, "nvmlDeviceGetConfComputeMemSizeInfo", &sizes); !done)
    return std::unexpected(done.error());
  return ConfidentialMemory{sizes.protectedMemSizeKib, sizes.unprotectedMemSizeKib};
}

Answer<bool> draining(Calls& calls, const std::string& bus_id) {
  abi::nvmlPciInfo_t pci{};
  unsigned function = 0;
  if (std::sscanf(bus_id.c_str(), "%x:%x:%x.%x", &pci.domain, &pci.bus, &pci.device, &function) != 4)
    return calls.refusal(abi::NVML_ERROR_INVALID_ARGUMENT);
  std::snprintf(pci.busId, sizeof pci.busId, "%08X:%02X:%02X.%X", pci.domain, pci.bus, pci.device, function);
  std::snprintf(pci.busIdLegacy, sizeof pci.busIdLegacy, "%04X:%02X:%02X.%X", pci.domain & 0xFFFFU, pci.bus & 0xFFU,
                pci.device & 0x1FU, function & 7U);
  unsigned state = 0;
  if (const int code = calls.library().call("nvmlDeviceQueryDrainState", &pci, &state); code != abi::NVML_SUCCESS)
    return calls.refusal(code);
  return state != 0;
}

}  // namespace gpuslice::nvml
