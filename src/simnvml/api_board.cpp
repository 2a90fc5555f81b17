// Exported: facts about a board: part numbers, firmware, capabilities, licences, its location in the host.
#include <cstring>

#include "abi/nvml_license.hpp"
#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Device;
using simnvml::give;
using simnvml::with_gpu;

namespace {

bool has_gsp(const sim::Driver& driver, std::uint32_t gpu) {
  return driver.board(gpu).sensors.gsp_firmware.value.value_or(false);
}

// The position of a module on its baseboard, counted from 1; chosen by the simulator.
unsigned module_of(sim::Driver& driver, const Device& d) { return driver.config(d.gpu).minor % 8 + 1; }

// No simulated GPU has licensable features (an H200 supports none: surface_test.cpp).
template <class Features>
nvmlReturn_t no_licences(const char* function, nvmlDevice_t handle, Features* features) {
  return with_gpu({function, handle}, [&](sim::Driver&, const Device&) {
    if (features == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    std::memset(features, 0, sizeof *features);
    return NVML_SUCCESS;
  });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetVbiosVersion(nvmlDevice_t handle, char* version, unsigned length) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(driver.board(d.gpu).sensors.vbios, version, length);
  });
}
NVML_EXPORT nvmlDeviceGetBoardPartNumber(nvmlDevice_t handle, char* number, unsigned length) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(driver.board(d.gpu).sensors.board_part_number, number, length);
  });
}
// The board's position on the PCI bus, as recorded (surface_test.cpp).
NVML_EXPORT nvmlDeviceGetBoardId(nvmlDevice_t handle, unsigned* id) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    const auto& gpu = driver.config(d.gpu);
    return give(id, gpu.pci_domain << 16 | gpu.pci_bus << 8 | gpu.pci_device);
  });
}
NVML_EXPORT nvmlDeviceGetMultiGpuBoard(nvmlDevice_t handle, unsigned* several) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) { return give(several, 0); });
}
NVML_EXPORT nvmlDeviceGetModuleId(nvmlDevice_t handle, unsigned* id) {
  return with_gpu({__func__, handle},
                  [&](sim::Driver& driver, const Device& d) { return give(id, module_of(driver, d)); });
}
// Boards report their location if it is known from a recorded host: a B200 has neither slot nor tray (all eight of one
// host; nvidia-smi shows all ones as N/A), an H200 has 0 for both. As on that H200 (driver 580.159), every version is
// accepted and returned as 2, except 1, which has other field names at the same offsets.
NVML_EXPORT nvmlDeviceGetPlatformInfo(nvmlDevice_t handle, nvmlPlatformInfo_v2_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    constexpr std::uint8_t none = 0xff, direct = 0, switched = 1;
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto& sensors = driver.board(d.gpu).sensors;
    if (!sensors.host_id.value) return NVML_ERROR_NOT_SUPPORTED;
    const auto version = info->version == nvmlPlatformInfo_v1 ? nvmlPlatformInfo_v1 : nvmlPlatformInfo_v2;
    *info = {};
    info->version = version;
    info->hostId = static_cast<std::uint8_t>(*sensors.host_id.value);
    info->moduleId = static_cast<std::uint8_t>(module_of(driver, d));
    const auto& peer = sensors.peer_type.value;
    info->peerType = peer && peer->view() == "Switch Connected" ? switched : direct;
    if (!peer) return NVML_SUCCESS;
    info->ibGuid[0] = static_cast<std::uint8_t>(driver.config(d.gpu).minor + 1);
    info->slotNumber = info->trayIndex = none;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetNumGpuCores(nvmlDevice_t handle, unsigned* cores) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (d.state.mig.mode) return NVML_ERROR_NOT_SUPPORTED;  // NOT_SUPPORTED with MIG on: NVML's documentation
    return give(cores, driver.board(d.gpu).sensors.cuda_cores);
  });
}
NVML_EXPORT nvmlDeviceGetMemoryBusWidth(nvmlDevice_t handle, unsigned* bits) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(bits, driver.board(d.gpu).sensors.memory_bus_bits);
  });
}

NVML_EXPORT nvmlDeviceGetInforomImageVersion(nvmlDevice_t handle, char* version, unsigned length) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(driver.board(d.gpu).sensors.inforom_image, version, length);
  });
}
NVML_EXPORT nvmlDeviceGetInforomVersion(nvmlDevice_t handle, unsigned object, char* version, unsigned length) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    enum Object : unsigned { oem, ecc, power, dynamic_encoding };
    const auto& s = driver.board(d.gpu).sensors;
    switch (object) {
      case oem:
        return give(s.inforom_oem, version, length);
      case ecc:
        return give(s.inforom_ecc, version, length);
      case power:
        return give(s.inforom_power, version, length);
      case dynamic_encoding:
        return NVML_ERROR_NOT_SUPPORTED;
      default:
        return NVML_ERROR_INVALID_ARGUMENT;
    }
  });
}
NVML_EXPORT nvmlDeviceGetInforomConfigurationChecksum(nvmlDevice_t handle, unsigned* checksum) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (!simnvml::is_hopper(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    return give(checksum, 0);  // recorded (surface_test.cpp)
  });
}
NVML_EXPORT nvmlDeviceValidateInforom(nvmlDevice_t handle) {
  return with_gpu({__func__, handle}, [](sim::Driver& driver, const Device& d) {
    return driver.board(d.gpu).sensors.inforom_image.value ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
  });
}
NVML_EXPORT nvmlDeviceGetLastBBXFlushTime(nvmlDevice_t handle, unsigned long long*, unsigned long*) {
  return with_gpu({__func__, handle}, [](sim::Driver& driver, const Device& d) {
    // Recorded (surface_test.cpp).
    return simnvml::is_hopper(driver, d.gpu) ? NVML_ERROR_NOT_READY : NVML_ERROR_NOT_SUPPORTED;
  });
}
NVML_EXPORT nvmlDeviceGetGspFirmwareVersion(nvmlDevice_t handle, char* version) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    constexpr unsigned room = 64;  // NVML_GSP_FIRMWARE_VERSION_BUF_SIZE
    if (!has_gsp(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    return give(driver.config().driver.view(), version, room);
  });
}
NVML_EXPORT nvmlDeviceGetGspFirmwareMode(nvmlDevice_t handle, unsigned* enabled, unsigned* usual) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (enabled == nullptr || usual == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!driver.board(d.gpu).sensors.gsp_firmware.known()) return NVML_ERROR_NOT_SUPPORTED;
    *enabled = *usual = has_gsp(driver, d.gpu) ? 1 : 0;
    return NVML_SUCCESS;
  });
}

// Bit 0 is extended GPU memory, which simulated boards do not have.
NVML_EXPORT nvmlDeviceGetCapabilities(nvmlDevice_t handle, nvmlDeviceCapabilities_v1_t* capabilities) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) {
    if (capabilities == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (capabilities->version != nvmlDeviceCapabilities_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    capabilities->capMask = 0;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetC2cModeInfoV(nvmlDevice_t handle, nvmlC2cModeInfo_v1_t* mode) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (mode == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return give(&mode->isC2cEnabled, driver.board(d.gpu).sensors.c2c);
  });
}
NVML_EXPORT nvmlDeviceGetGridLicensableFeatures(nvmlDevice_t handle, nvmlGridLicensableFeatures_v1_t* features) {
  return no_licences(__func__, handle, features);
}
NVML_EXPORT nvmlDeviceGetGridLicensableFeatures_v2(nvmlDevice_t handle, nvmlGridLicensableFeatures_v2_t* features) {
  return no_licences(__func__, handle, features);
}
NVML_EXPORT nvmlDeviceGetGridLicensableFeatures_v3(nvmlDevice_t handle, nvmlGridLicensableFeatures_v3_t* features) {
  return no_licences(__func__, handle, features);
}
NVML_EXPORT nvmlDeviceGetGridLicensableFeatures_v4(nvmlDevice_t handle, nvmlGridLicensableFeatures_t* features) {
  return no_licences(__func__, handle, features);
}
