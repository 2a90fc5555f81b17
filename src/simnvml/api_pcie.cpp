// Exported: the PCIe link to the host.
#include <array>

#include "simnvml/call.hpp"
#include "simnvml/pcie.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Device;
using simnvml::give;
using simnvml::with_gpu;

namespace gpuslice::simnvml {

// A link that is slower on an idle board runs at full speed under load.
catalog::Figure<std::uint32_t> link_generation(const sim::Driver& driver, const Device& device) {
  const auto& s = driver.board(device.gpu).sensors;
  const bool busy = !driver.readings(device.gpu, device.state).load.idle();
  return busy || !s.pcie_idle_generation.value ? s.pcie_generation : s.pcie_idle_generation;
}

}  // namespace gpuslice::simnvml

namespace {

nvmlReturn_t max_generation(const char* function, nvmlDevice_t handle, unsigned* generation) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(generation, driver.board(d.gpu).sensors.pcie_generation);
  });
}

nvmlReturn_t width(const char* function, nvmlDevice_t handle, unsigned* lanes) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(lanes, driver.board(d.gpu).sensors.pcie_width);
  });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetMaxPcieLinkGeneration(nvmlDevice_t handle, unsigned* generation) {
  return max_generation(__func__, handle, generation);
}
NVML_EXPORT nvmlDeviceGetGpuMaxPcieLinkGeneration(nvmlDevice_t handle, unsigned* generation) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(generation, driver.board(d.gpu).sensors.pcie_device_generation);
  });
}
NVML_EXPORT nvmlDeviceGetCurrPcieLinkGeneration(nvmlDevice_t handle, unsigned* generation) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(generation, simnvml::link_generation(driver, d));
  });
}
NVML_EXPORT nvmlDeviceGetMaxPcieLinkWidth(nvmlDevice_t handle, unsigned* lanes) {
  return width(__func__, handle, lanes);
}
NVML_EXPORT nvmlDeviceGetCurrPcieLinkWidth(nvmlDevice_t handle, unsigned* lanes) {
  return width(__func__, handle, lanes);
}
// The result is an enumeration whose values are the generations.
NVML_EXPORT nvmlDeviceGetPcieLinkMaxSpeed(nvmlDevice_t handle, unsigned* speed) {
  return max_generation(__func__, handle, speed);
}
NVML_EXPORT nvmlDeviceGetPcieSpeed(nvmlDevice_t handle, unsigned* mega_transfers) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    constexpr std::array<unsigned, 7> speeds = {0, 2500, 5000, 8000, 16000, 32000, 64000};
    if (mega_transfers == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto generation = simnvml::link_generation(driver, d).value.value_or(0);
    if (generation == 0 || generation >= speeds.size()) return NVML_ERROR_NOT_SUPPORTED;
    *mega_transfers = speeds[generation];
    return NVML_SUCCESS;
  });
}
// A simulated GPU has no traffic on its link.
NVML_EXPORT nvmlDeviceGetPcieThroughput(nvmlDevice_t handle, unsigned direction, unsigned* kilobytes) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (direction > 1) return NVML_ERROR_INVALID_ARGUMENT;
    if (!driver.board(d.gpu).sensors.pcie_generation.value) return NVML_ERROR_NOT_SUPPORTED;
    return give(kilobytes, 0);
  });
}
NVML_EXPORT nvmlDeviceGetPcieReplayCounter(nvmlDevice_t handle, unsigned* replays) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (!driver.board(d.gpu).sensors.pcie_generation.value) return NVML_ERROR_NOT_SUPPORTED;
    return give(replays, 0);
  });
}
NVML_EXPORT nvmlDeviceGetBusType(nvmlDevice_t handle, unsigned* type) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    constexpr unsigned pcie = 2;
    if (!driver.board(d.gpu).sensors.pcie_generation.value) return NVML_ERROR_NOT_SUPPORTED;
    return give(type, pcie);
  });
}
// The number depends on the host, so the simulator chooses one.
NVML_EXPORT nvmlDeviceGetIrqNum(nvmlDevice_t handle, unsigned* number) {
  return with_gpu({__func__, handle},
                  [&](sim::Driver& driver, const Device& d) { return give(number, 41 + driver.config(d.gpu).minor); });
}
// PLX and BR04 bridges are only on boards that are too old to be simulated.
NVML_EXPORT nvmlDeviceGetBridgeChipInfo(nvmlDevice_t handle, void*) {
  return with_gpu({__func__, handle}, [](sim::Driver&, const Device&) { return NVML_ERROR_NOT_SUPPORTED; });
}
