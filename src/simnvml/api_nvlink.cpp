// Exported: NVLink and its fabric.
#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "abi/nvml_links.hpp"
#include "abi/nvml_older.hpp"
#include "simnvml/call.hpp"
#include "simnvml/fabric.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Device;
using simnvml::give;
using simnvml::Session;
using simnvml::with_gpu;

namespace gpuslice::simnvml {

unsigned active_links(const sim::Driver& driver, std::uint32_t gpu) {
  if (driver.config().nvswitch == 0) return 0;
  return driver.board(gpu).sensors.nvlink_links.value.value_or(0);
}

unsigned link_version(const sim::Driver& driver, std::uint32_t gpu) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 7> versions = {
      {{"1.0", 1}, {"2.0", 2}, {"2.2", 3}, {"3.0", 4}, {"3.1", 5}, {"4.0", 6}, {"5.0", 7}}};
  const auto& text = driver.board(gpu).sensors.nvlink_version.value;
  for (const auto& [name, number] : versions)
    if (text && text->view() == name) return number;
  return 0;
}

}  // namespace gpuslice::simnvml

namespace {

constexpr unsigned max_links = 18;  // NVML_NVLINK_MAX_LINKS

// Runs `use(driver, device)` for a link that is up. NVIDIA's nvidia-smi queries every link number that NVML defines,
// whatever the board has, and shows a matrix of an A100 only if a link that the board lacks and an invalid number have
// different codes.
template <class Use>
nvmlReturn_t with_link(const char* function, nvmlDevice_t handle, unsigned link, Use use) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    const auto links = simnvml::active_links(driver, d.gpu);
    if (links != 0 && link >= max_links) return NVML_ERROR_INVALID_ARGUMENT;
    if (link >= links) return NVML_ERROR_NOT_SUPPORTED;
    return use(driver, d);
  });
}

// The NVSwitches are on their own buses; the simulator chooses which link leads to which switch.
template <class Info>
nvmlReturn_t remote_pci(const char* function, nvmlDevice_t handle, unsigned link, Info* into) {
  return with_link(function, handle, link, [&](sim::Driver& driver, const Device&) {
    if (into == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto& node = driver.config();
    if (node.nvswitches == 0) return NVML_ERROR_NOT_SUPPORTED;  // the switches are not PCI devices
    nvmlPciInfo_t pci{};
    pci.bus = node.nvswitch_bus + link % node.nvswitches;
    pci.pciDeviceId = node.nvswitch_device << 16 | 0x10de;
    std::snprintf(pci.busIdLegacy, sizeof pci.busIdLegacy, "0000:%02X:00.0", pci.bus);
    std::snprintf(pci.busId, sizeof pci.busId, "00000000:%02X:00.0", pci.bus);
    narrow(pci, *into);
    return NVML_SUCCESS;
  });
}

bool has_fabric(const sim::Driver& driver, std::uint32_t gpu) {
  constexpr std::uint32_t hopper = 9;  // GPUs of older hosts do not report a fabric
  return simnvml::active_links(driver, gpu) != 0 && driver.product(gpu).nvml_architecture >= hopper;
}

constexpr std::uint8_t fabric_completed = 3;

// As recorded on eight B200 of one host: healthy, no access timeout, and no other health bits. The Hopper boards of
// such a host report no health.
constexpr std::uint32_t no_access_timeout = 2U << 6;
constexpr std::uint8_t healthy = 1;
bool tells_health(const sim::Driver& driver, std::uint32_t gpu) {
  constexpr std::uint32_t blackwell = 10;  // NVML_DEVICE_ARCH_BLACKWELL
  return has_fabric(driver, gpu) && driver.product(gpu).nvml_architecture >= blackwell;
}

template <class Info>
void fill_fabric(const sim::Driver& driver, std::uint32_t gpu, Info& info) {
  // A single host is a fabric without cluster and clique: both are zero. Without a fabric the state is 0, "not
  // supported".
  std::memset(info.clusterUuid, 0, sizeof info.clusterUuid);
  info.status = NVML_SUCCESS;
  info.cliqueId = 0;
  info.state = has_fabric(driver, gpu) ? fabric_completed : std::uint8_t{0};
}

}  // namespace

NVML_EXPORT nvmlDeviceGetNvLinkState(nvmlDevice_t handle, unsigned link, unsigned* active) {
  return with_link(__func__, handle, link, [&](sim::Driver&, const Device&) { return give(active, 1); });
}
NVML_EXPORT nvmlDeviceGetNvLinkVersion(nvmlDevice_t handle, unsigned link, unsigned* version) {
  return with_link(__func__, handle, link, [&](sim::Driver& driver, const Device& d) {
    const auto number = simnvml::link_version(driver, d.gpu);
    return number == 0 ? NVML_ERROR_NOT_SUPPORTED : give(version, number);
  });
}
NVML_EXPORT nvmlDeviceGetNvLinkCapability(nvmlDevice_t handle, unsigned link, unsigned capability, unsigned* result) {
  constexpr unsigned capabilities = 6;
  if (link >= max_links)  // recorded (surface_test.cpp), also for a GPU without links
    return with_gpu({__func__, handle}, [](sim::Driver&, const Device&) { return NVML_ERROR_INVALID_ARGUMENT; });
  return with_link(__func__, handle, link, [&](sim::Driver&, const Device&) {
    if (capability >= capabilities) return NVML_ERROR_INVALID_ARGUMENT;
    return give(result, 1);  // as nvidia-smi nvlink -c shows on such hosts: every capability is supported
  });
}
NVML_EXPORT nvmlDeviceGetNvLinkRemotePciInfo(nvmlDevice_t handle, unsigned link, nvmlPciInfo_v2_t* pci) {
  return remote_pci(__func__, handle, link, pci);
}
NVML_EXPORT nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t handle, unsigned link, nvmlPciInfo_t* pci) {
  return remote_pci(__func__, handle, link, pci);
}
NVML_EXPORT nvmlDeviceGetNvLinkRemoteDeviceType(nvmlDevice_t handle, unsigned link, unsigned* type) {
  constexpr unsigned nvswitch = 2;
  return with_link(__func__, handle, link, [&](sim::Driver&, const Device&) { return give(type, nvswitch); });
}
// No link of a simulated GPU has errors.
NVML_EXPORT nvmlDeviceGetNvLinkErrorCounter(nvmlDevice_t handle, unsigned link, unsigned counter,
                                            unsigned long long* value) {
  constexpr unsigned counters = 5;
  return with_link(__func__, handle, link, [&](sim::Driver&, const Device&) {
    if (counter >= counters) return NVML_ERROR_INVALID_ARGUMENT;
    return give(value, 0);
  });
}
NVML_EXPORT nvmlDeviceResetNvLinkErrorCounters(nvmlDevice_t handle, unsigned link) {
  return with_link(__func__, handle, link, [](sim::Driver& driver, const Device&) {
    return driver.may_configure() ? NVML_SUCCESS : NVML_ERROR_NO_PERMISSION;
  });
}

NVML_EXPORT nvmlDeviceGetGpuFabricInfo(nvmlDevice_t handle, nvmlGpuFabricInfo_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    fill_fabric(driver, d.gpu, *info);
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetGpuFabricInfoV(nvmlDevice_t handle, nvmlGpuFabricInfo_v3_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (info->version != nvmlGpuFabricInfo_v2 && info->version != nvmlGpuFabricInfo_v3)
      return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    // Version 2 is version 3 without the last field.
    fill_fabric(driver, d.gpu, *info);
    const bool told = tells_health(driver, d.gpu);
    info->healthMask = told ? no_access_timeout : 0;
    if (info->version == nvmlGpuFabricInfo_v3) info->healthSummary = told ? healthy : std::uint8_t{0};
    return NVML_SUCCESS;
  });
}
// As recorded (surface_test.cpp): the links of a system are in full bandwidth mode.
NVML_EXPORT nvmlSystemGetNvlinkBwMode(unsigned* mode) {
  return simnvml::call({__func__}, [&](const Session&) { return give(mode, 0); });
}
