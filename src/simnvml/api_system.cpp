// Exported: initialisation and facts about the whole system.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "base/descriptor.hpp"
#include "base/driver_codes.hpp"
#include "simnvml/call.hpp"

namespace gpuslice::simnvml {
namespace {

// The name of a process as the driver reports it: the first argument of its command line or, if that cannot be read,
// the name in the node's records.
std::string process_name(sim::Driver& driver, unsigned pid) {
  for (std::uint32_t gpu = 0; gpu < driver.gpu_count(); ++gpu)
    for (const auto& client : driver.clients(gpu))
      if (client.pid == pid) return std::string(client.name.view());
  const int fd = open_file(("/proc/" + std::to_string(pid) + "/cmdline").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::array<char, 4096> text{};
  const auto bytes = ::read(fd, text.data(), text.size() - 1);
  ::close(fd);
  return bytes > 0 ? std::string(text.data()) : std::string();
}

}  // namespace
}  // namespace gpuslice::simnvml

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::give;

namespace {
// Faults are stored in the node, so they can affect this call only once the node is open.
nvmlReturn_t initialise(const char* function) {
  if (const auto opened = simnvml::initialise(); opened != NVML_SUCCESS) return opened;
  const auto answer = call({function}, [](const simnvml::Session&) { return NVML_SUCCESS; });
  if (answer != NVML_SUCCESS) static_cast<void>(simnvml::shut_down());
  return answer;
}
}  // namespace
NVML_EXPORT nvmlInit() { return initialise(__func__); }
NVML_EXPORT nvmlInit_v2() { return initialise(__func__); }
NVML_EXPORT nvmlInitWithFlags(unsigned) { return initialise(__func__); }
NVML_EXPORT nvmlShutdown() {
  return call({__func__}, [](const simnvml::Session&) { return simnvml::shut_down(); });
}

extern "C" __attribute__((visibility("default"))) const char* nvmlErrorString(nvmlReturn_t result) {
  return gpuslice::driver_words(result);
}

NVML_EXPORT nvmlSystemGetDriverVersion(char* version, unsigned length) {
  return call({__func__},
              [&](const simnvml::Session& s) { return give(s.driver->config().driver.view(), version, length); });
}
NVML_EXPORT nvmlSystemGetNVMLVersion(char* version, unsigned length) {
  return call({__func__}, [&](const simnvml::Session& s) {
    // Recorded (surface_test.cpp): the CUDA major version, a dot, the driver version ("13.580.159.04").
    const auto cuda = s.driver->config().cuda_version / 1000;
    return give(std::to_string(cuda) + "." + std::string(s.driver->config().driver.view()), version, length);
  });
}
namespace {
nvmlReturn_t cuda_version(const char* function, int* version) {
  return call({function}, [&](const simnvml::Session& s) {
    if (version == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    // A driver for vGPU hosts has no CUDA library; clients of a real one then print N/A.
    if (s.driver->config().cuda_version == 0) return NVML_ERROR_LIBRARY_NOT_FOUND;
    *version = static_cast<int>(s.driver->config().cuda_version);
    return NVML_SUCCESS;
  });
}
}  // namespace
NVML_EXPORT nvmlSystemGetCudaDriverVersion(int* version) { return cuda_version(__func__, version); }
NVML_EXPORT nvmlSystemGetCudaDriverVersion_v2(int* version) { return cuda_version(__func__, version); }

NVML_EXPORT nvmlSystemGetProcessName(unsigned pid, char* name, unsigned length) {
  return call({__func__}, [&](const simnvml::Session& s) {
    if (name == nullptr || length == 0) return NVML_ERROR_INVALID_ARGUMENT;
    const auto text = simnvml::process_name(*s.driver, pid);
    if (text.empty()) return NVML_ERROR_NOT_FOUND;
    // NVML truncates the name to the buffer instead of refusing.
    std::snprintf(name, length, "%s", text.c_str());
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlSystemGetDriverBranch(nvmlSystemDriverBranchInfo_v1_t* info, unsigned length) {
  return call({__func__}, [&](const simnvml::Session& s) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (info->version != nvmlSystemDriverBranchInfo_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    const auto driver = std::string(s.driver->config().driver.view());
    // The branch was recorded for one version (surface_test.cpp); for others it is derived from the version number.
    const auto branch = driver == "580.159.04" ? "r582_49" : "r" + driver.substr(0, driver.find('.')) + "_00";
    return give(branch, info->branch, std::min<unsigned>(length, sizeof info->branch));
  });
}

// The driver of a node excludes no GPU.
namespace {
nvmlReturn_t no_excluded(const char* function, unsigned* count) {
  return call({function}, [&](const simnvml::Session&) { return give(count, 0); });
}
nvmlReturn_t no_excluded_info(const char* function) {
  return call({function}, [](const simnvml::Session&) { return NVML_ERROR_INVALID_ARGUMENT; });
}
}  // namespace
NVML_EXPORT nvmlGetExcludedDeviceCount(unsigned* count) { return no_excluded(__func__, count); }
NVML_EXPORT nvmlGetBlacklistDeviceCount(unsigned* count) { return no_excluded(__func__, count); }
NVML_EXPORT nvmlGetExcludedDeviceInfoByIndex(unsigned, nvmlExcludedDeviceInfo_t*) { return no_excluded_info(__func__); }
NVML_EXPORT nvmlGetBlacklistDeviceInfoByIndex(unsigned, nvmlExcludedDeviceInfo_t*) {
  return no_excluded_info(__func__);
}
// Only S-class systems have host interface cards and units.
NVML_EXPORT nvmlSystemGetHicVersion(unsigned* count, void*) {
  return call({__func__}, [&](const simnvml::Session&) { return give(count, 0); });
}
NVML_EXPORT nvmlUnitGetCount(unsigned* count) {
  return call({__func__}, [&](const simnvml::Session&) { return give(count, 0); });
}
// No GPU of a node is being drained.
NVML_EXPORT nvmlDeviceQueryDrainState(const nvmlPciInfo_t* pci, unsigned* state) {
  return call({__func__}, [&](const simnvml::Session& s) {
    if (pci == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    for (const auto gpu : s.driver->seen_gpus()) {
      const auto& its = s.driver->config(gpu);
      if (its.pci_domain == pci->domain && its.pci_bus == pci->bus && its.pci_device == pci->device)
        return give(state, 0);
    }
    return NVML_ERROR_NOT_FOUND;
  });
}
// The range of vGPU versions that a host's driver supports, and the range in force, as recorded with branch 580
// (surface_test.cpp).
NVML_EXPORT nvmlGetVgpuVersion(std::uint32_t* supported, std::uint32_t* current) {
  return call({__func__}, [&](const simnvml::Session& s) {
    if (supported == nullptr || current == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!s.driver->config().driver.view().starts_with("580.")) return NVML_ERROR_NOT_SUPPORTED;
    for (auto* range : {supported, current}) {
      range[0] = 0x00120001;
      range[1] = 0x001a0001;
    }
    return NVML_SUCCESS;
  });
}
