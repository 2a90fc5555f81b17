// Exported: finding devices, their identity, modes and memory.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <string>

#include "abi/nvml_older.hpp"
#include "mig/names.hpp"
#include "sim/uuid.hpp"
#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using sim::CallKind;
using simnvml::Argument;
using simnvml::call;
using simnvml::Device;
using simnvml::give;
using simnvml::give_gpu;
using simnvml::Session;
using simnvml::with_device;
using simnvml::with_gpu;

namespace {

std::string bus_id(const sim::GpuConfig& gpu, bool legacy) {
  char text[32];
  std::snprintf(text, sizeof text, legacy ? "%04X:%02X:%02X.0" : "%08X:%02X:%02X.0", gpu.pci_domain, gpu.pci_bus,
                gpu.pci_device);
  return text;
}

void* mig_handle(const Session& session, const sim::MigDeviceId& id) {
  return simnvml::to_pointer(
      {simnvml::HandleKind::mig_device, id.gpu, id.gi, id.ci, static_cast<std::uint32_t>(session.boot & 1)});
}

nvmlReturn_t handle_by_index(const char* function, unsigned index, nvmlDevice_t* device) {
  return call({.function = function, .gpu = index}, [&](const Session& s) {
    const auto& seen = s.driver->seen_gpus();
    if (device == nullptr || index >= seen.size()) return NVML_ERROR_INVALID_ARGUMENT;
    return give_gpu(s, seen[index], device);
  });
}

// GPU-<uuid>, MIG-<uuid>, or the form of R450 and R460 that CUDA still accepts: MIG-GPU-<uuid>/<gi>/<ci>.
nvmlReturn_t handle_by_uuid(const Session& s, std::string_view text, nvmlDevice_t* device) {
  if (device == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  if (text.starts_with("MIG-GPU-")) {
    unsigned gi{}, ci{};
    const auto slash = text.find('/');
    const auto uuid = sim::parse_uuid(text.substr(4, slash == std::string_view::npos ? slash : slash - 4));
    if (!uuid || slash == std::string_view::npos ||
        std::sscanf(std::string(text.substr(slash)).c_str(), "/%u/%u", &gi, &ci) != 2)
      return NVML_ERROR_NOT_FOUND;
    for (const auto gpu : s.driver->seen_gpus()) {
      if (s.driver->config(gpu).uuid != *uuid) continue;
      for (const auto& one : s.driver->mig_devices(gpu, s.driver->gpu(gpu))) {
        if (one.gi.value != gi || one.ci.value != ci) continue;
        *device = static_cast<nvmlDevice_t>(mig_handle(s, one));
        return NVML_SUCCESS;
      }
    }
    return NVML_ERROR_NOT_FOUND;
  }
  const auto uuid = sim::parse_uuid(text);
  if (!uuid) return NVML_ERROR_NOT_FOUND;
  for (const auto gpu : s.driver->seen_gpus()) {
    if (text.starts_with("GPU-") && s.driver->config(gpu).uuid == *uuid) {
      return give_gpu(s, gpu, device);
    }
    if (!text.starts_with("MIG-")) continue;
    for (const auto& one : s.driver->mig_devices(gpu, s.driver->gpu(gpu))) {
      if (s.driver->mig_uuid(one) != *uuid) continue;
      *device = static_cast<nvmlDevice_t>(mig_handle(s, one));
      return NVML_SUCCESS;
    }
  }
  return NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t handle_by_bus_id(const char* called, const char* text, nvmlDevice_t* device) {
  return call({called}, [&](const Session& s) {
    if (text == nullptr || device == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    unsigned domain{}, bus{}, dev{}, function{};
    char rest{};
    const int fields = std::sscanf(text, "%x:%x:%x.%x%c", &domain, &bus, &dev, &function, &rest);
    if (fields != 4 && fields != 3) {
      domain = 0;
      function = 0;
      const int shorter = std::sscanf(text, "%x:%x.%x%c", &bus, &dev, &function, &rest);
      if (shorter != 3 && shorter != 2) return NVML_ERROR_INVALID_ARGUMENT;
    }
    for (const auto gpu : s.driver->seen_gpus()) {
      const auto& c = s.driver->config(gpu);
      if (c.pci_domain != domain || c.pci_bus != bus || c.pci_device != dev) continue;
      return give_gpu(s, gpu, device);
    }
    return NVML_ERROR_NOT_FOUND;
  });
}

void fill_pci(const sim::GpuConfig& gpu, nvmlPciInfo_t& pci) {
  std::memset(&pci, 0, sizeof pci);
  pci.domain = gpu.pci_domain;
  pci.bus = gpu.pci_bus;
  pci.device = gpu.pci_device;
  pci.pciDeviceId = gpu.pci_device_id;
  pci.pciSubSystemId = gpu.pci_subsystem_id;
  std::snprintf(pci.busIdLegacy, sizeof pci.busIdLegacy, "%s", bus_id(gpu, true).c_str());
  std::snprintf(pci.busId, sizeof pci.busId, "%s", bus_id(gpu, false).c_str());
}

// With MIG on, only processes that may monitor see the memory of the whole GPU (nvml.h, and the container in the
// session that tests/replay replays).
bool hidden_from(const sim::Driver& driver, const Device& device) {
  return device.state.mig.mode && !driver.may_monitor();
}

nvmlReturn_t memory_of(sim::Driver& driver, const Device& device, sim::MemoryUse& use) {
  if (device.mig) {
    const auto found = driver.memory(device.gpu, device.mig->gi);
    if (!found) return NVML_ERROR_INVALID_ARGUMENT;
    use = *found;
    return NVML_SUCCESS;
  }
  if (hidden_from(driver, device)) return NVML_ERROR_NO_PERMISSION;
  if (driver.config(device.gpu).memory_total_mib.known == 0) return NVML_ERROR_NOT_SUPPORTED;
  use = driver.memory(device.gpu);
  return NVML_SUCCESS;
}

nvmlReturn_t device_count(const char* function, unsigned* count) {
  return call({function}, [&](const Session& s) { return give(count, s.driver->seen_gpus().size()); });
}

// Writes the answer in the layout of the function's version.
template <class Info>
nvmlReturn_t pci_info(const char* function, nvmlDevice_t handle, Info* pci) {
  return with_device({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (pci == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    nvmlPciInfo_t all;
    fill_pci(driver.config(d.gpu), all);
    narrow(all, *pci);
    return NVML_SUCCESS;
  });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetCount(unsigned* count) { return device_count(__func__, count); }
NVML_EXPORT nvmlDeviceGetCount_v2(unsigned* count) { return device_count(__func__, count); }
NVML_EXPORT nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t* device) {
  return handle_by_index(__func__, index, device);
}
NVML_EXPORT nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device) {
  return handle_by_index(__func__, index, device);
}
NVML_EXPORT nvmlDeviceGetHandleByUUID(const char* uuid, nvmlDevice_t* device) {
  return call({__func__}, [&](const Session& s) {
    if (uuid == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return handle_by_uuid(s, std::string_view(uuid, ::strnlen(uuid, 256)), device);
  });
}
NVML_EXPORT nvmlDeviceGetHandleByUUIDV(const nvmlUUID_v1_t* uuid, nvmlDevice_t* device) {
  return call({__func__}, [&](const Session& s) {
    if (uuid == nullptr || device == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (uuid->version != nvmlUUID_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    const auto* bytes = reinterpret_cast<const char*>(&uuid->value);
    if (uuid->type == 1)
      return handle_by_uuid(s, std::string_view(bytes, ::strnlen(bytes, NVML_DEVICE_UUID_ASCII_LEN)), device);
    if (uuid->type != 2) return NVML_ERROR_INVALID_ARGUMENT;
    sim::Uuid binary;
    std::memcpy(binary.bytes.data(), bytes, binary.bytes.size());
    const auto text = sim::to_text(binary);
    const auto as_gpu = handle_by_uuid(s, "GPU-" + text, device);
    return as_gpu == NVML_ERROR_NOT_FOUND ? handle_by_uuid(s, "MIG-" + text, device) : as_gpu;
  });
}
NVML_EXPORT nvmlDeviceGetHandleByPciBusId(const char* id, nvmlDevice_t* device) {
  return handle_by_bus_id(__func__, id, device);
}
NVML_EXPORT nvmlDeviceGetHandleByPciBusId_v2(const char* id, nvmlDevice_t* device) {
  return handle_by_bus_id(__func__, id, device);
}
NVML_EXPORT nvmlDeviceGetHandleBySerial(const char* serial, nvmlDevice_t* device) {
  return call({__func__}, [&](const Session& s) {
    if (serial == nullptr || device == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    for (const auto gpu : s.driver->seen_gpus()) {
      const auto its = s.driver->config(gpu).serial.view();
      if (its.empty() || its != serial) continue;  // a GPU without a serial number cannot be found by one
      return give_gpu(s, gpu, device);
    }
    return NVML_ERROR_NOT_FOUND;
  });
}

NVML_EXPORT nvmlDeviceGetName(nvmlDevice_t handle, char* name, unsigned length) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    auto text = std::string(driver.config(device.gpu).name.view());
    if (const auto* gi = device.instance()) {
      const auto* profile = driver.capability(device.gpu).find(gi->profile);
      const auto* ci = gi->find(device.mig->ci);
      const auto* ci_profile = profile != nullptr ? profile->find(ci->profile) : nullptr;
      if (ci_profile == nullptr) return NVML_ERROR_UNKNOWN;
      text += " " + mig::compute_name(*profile, *ci_profile);
    }
    return give(text, name, length);
  });
}
NVML_EXPORT nvmlDeviceGetUUID(nvmlDevice_t handle, char* uuid, unsigned length) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    const auto text = device.mig ? "MIG-" + sim::to_text(driver.mig_uuid(*device.mig))
                                 : "GPU-" + sim::to_text(driver.config(device.gpu).uuid);
    return give(text, uuid, length);
  });
}
NVML_EXPORT nvmlDeviceGetIndex(nvmlDevice_t handle, unsigned* index) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    if (!device.mig) {
      const auto& seen = driver.seen_gpus();
      return give(index, std::find(seen.begin(), seen.end(), device.gpu) - seen.begin());
    }
    const auto devices = driver.mig_devices(device.gpu, device.state);
    for (std::size_t i = 0; i < devices.size(); ++i)
      if (devices[i] == *device.mig) return give(index, i);
    return NVML_ERROR_INVALID_ARGUMENT;
  });
}
NVML_EXPORT nvmlDeviceGetMinorNumber(nvmlDevice_t handle, unsigned* minor) {
  return with_gpu({__func__, handle},
                  [&](sim::Driver& driver, const Device& d) { return give(minor, driver.config(d.gpu).minor); });
}
NVML_EXPORT nvmlDeviceGetSerial(nvmlDevice_t handle, char* serial, unsigned length) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    // Boards of NVML_BRAND_GEFORCE report none (public nvidia-smi -q of GTX 950, 960M and 1080 Ti).
    constexpr unsigned geforce = 5;
    if (driver.product(d.gpu).nvml_brand == geforce) return NVML_ERROR_NOT_SUPPORTED;
    return give(driver.config(d.gpu).serial.view(), serial, length);
  });
}
NVML_EXPORT nvmlDeviceGetPdi(nvmlDevice_t handle, nvmlPdi_v1_t* pdi) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (pdi == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (pdi->version != nvmlPdi_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    pdi->value = driver.config(d.gpu).pdi;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetBrand(nvmlDevice_t handle, unsigned* brand) {
  return with_gpu({__func__, handle},
                  [&](sim::Driver& driver, const Device& d) { return give(brand, driver.product(d.gpu).nvml_brand); });
}
NVML_EXPORT nvmlDeviceGetArchitecture(nvmlDevice_t handle, unsigned* architecture) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(architecture, driver.product(d.gpu).nvml_architecture);
  });
}
NVML_EXPORT nvmlDeviceGetCudaComputeCapability(nvmlDevice_t handle, int* major, int* minor) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (major == nullptr || minor == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    *major = driver.product(d.gpu).compute_major;
    *minor = driver.product(d.gpu).compute_minor;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetPciInfo(nvmlDevice_t handle, nvmlPciInfo_v1_t* pci) { return pci_info(__func__, handle, pci); }
NVML_EXPORT nvmlDeviceGetPciInfo_v2(nvmlDevice_t handle, nvmlPciInfo_v2_t* pci) {
  return pci_info(__func__, handle, pci);
}
NVML_EXPORT nvmlDeviceGetPciInfo_v3(nvmlDevice_t handle, nvmlPciInfo_t* pci) { return pci_info(__func__, handle, pci); }
NVML_EXPORT nvmlDeviceGetPciInfoExt(nvmlDevice_t handle, nvmlPciInfoExt_v1_t* pci) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (pci == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (pci->version != nvmlPciInfoExt_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    const auto& gpu = driver.config(d.gpu);
    pci->domain = gpu.pci_domain;
    pci->bus = gpu.pci_bus;
    pci->device = gpu.pci_device;
    pci->pciDeviceId = gpu.pci_device_id;
    pci->pciSubSystemId = gpu.pci_subsystem_id;
    pci->baseClass = 3;
    pci->subClass = gpu.pci_subclass;
    std::snprintf(pci->busId, sizeof pci->busId, "%s", bus_id(gpu, false).c_str());
    return NVML_SUCCESS;
  });
}

NVML_EXPORT nvmlDeviceGetMemoryInfo(nvmlDevice_t handle, nvmlMemory_t* memory) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    if (memory == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    sim::MemoryUse use;
    if (const auto code = memory_of(driver, device, use); code != NVML_SUCCESS) return code;
    // Recorded (surface_test.cpp): version 1 counts the reserved part as used.
    *memory = {use.total, use.free, use.used + use.reserved};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t handle, nvmlMemory_v2_t* memory) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    if (memory == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (memory->version != nvmlMemory_v2) return NVML_ERROR_FUNCTION_NOT_FOUND;  // recorded (surface_test.cpp)
    sim::MemoryUse use;
    if (const auto code = memory_of(driver, device, use); code != NVML_SUCCESS) return code;
    memory->total = use.total;
    memory->reserved = use.reserved;
    memory->free = use.free;
    memory->used = use.used;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetBAR1MemoryInfo(nvmlDevice_t handle, nvmlBAR1Memory_t* memory) {
  return with_device({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    if (memory == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto& gpu = driver.config(device.gpu);
    sim::Bar1Use use;
    if (const auto* gi = device.instance()) {
      use = sim::instance_bar1(gpu, driver.capability(device.gpu), gi->placement);
      if (use.total == 0) return NVML_ERROR_NOT_SUPPORTED;  // the GPU instance's share of the BAR1 is unknown
    } else {
      if (hidden_from(driver, device)) return NVML_ERROR_NO_PERMISSION;
      if (gpu.bar1_total_mib.known == 0) return NVML_ERROR_NOT_SUPPORTED;
      use = sim::gpu_bar1(gpu);
    }
    *memory = {use.total, use.free, use.used};
    return NVML_SUCCESS;
  });
}

NVML_EXPORT nvmlDeviceGetPersistenceMode(nvmlDevice_t handle, unsigned* mode) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device& d) { return give(mode, d.state.persistence); });
}
NVML_EXPORT nvmlDeviceSetPersistenceMode(nvmlDevice_t handle, unsigned mode) {
  const Argument arguments[] = {{"mode", mode}};
  return with_gpu({__func__, handle, CallKind::set_persistence, arguments}, [&](sim::Driver& driver, const Device& d) {
    if (mode > 1) return NVML_ERROR_INVALID_ARGUMENT;
    const auto done = driver.set_persistence(d.gpu, mode == 1);
    return done ? NVML_SUCCESS : simnvml::code(done.error());
  });
}
NVML_EXPORT nvmlDeviceGetComputeMode(nvmlDevice_t handle, unsigned* mode) {
  return with_device({__func__, handle},
                     [&](sim::Driver&, const Device& d) { return give(mode, d.state.compute_mode); });
}
NVML_EXPORT nvmlDeviceSetComputeMode(nvmlDevice_t handle, unsigned mode) {
  const Argument arguments[] = {{"mode", mode}};
  return with_device({__func__, handle, CallKind::set_compute_mode, arguments},
                     [&](sim::Driver& driver, const Device& d) {
                       const auto done = driver.set_compute_mode(d.gpu, mode);
                       return done ? NVML_SUCCESS : simnvml::code(done.error());
                     });
}
NVML_EXPORT nvmlDeviceGetDisplayMode(nvmlDevice_t handle, unsigned* attached) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(attached, driver.display_attached(d.gpu, d.state) ? 1U : 0U);
  });
}
NVML_EXPORT nvmlDeviceGetDisplayActive(nvmlDevice_t handle, unsigned* active) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(active, driver.display_active(d.gpu, d.state) ? 1U : 0U);
  });
}
NVML_EXPORT nvmlDeviceGetAddressingMode(nvmlDevice_t handle, nvmlDeviceAddressingMode_v1_t* mode) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (mode == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (mode->version != nvmlDeviceAddressingMode_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    mode->value = driver.config(d.gpu).addressing_mode;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetVirtualizationMode(nvmlDevice_t handle, unsigned* mode) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) { return give(mode, 0); });  // NONE: bare metal
}
