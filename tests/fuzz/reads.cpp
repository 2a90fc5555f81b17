// Calls that read a value of a GPU or of the system.
#include "player.hpp"

namespace fuzz {

#define READ(name, type, ...) \
  read<type>(#name, [](nvmlDevice_t d, type* into) { return name(d, into); } __VA_OPT__(, ) __VA_ARGS__)
#define READ_VERSIONED(name, type, word) \
  read_versioned<type>(#name, word, [](nvmlDevice_t d, type* into) { return name(d, into); })
#define DEVICE_TEXT(name) \
  text(#name, [d = device()](char* at, unsigned length) { return name(d, at, length); }, {NVML_ERROR_INSUFFICIENT_SIZE})

void Player::read_something() {
  switch (in_.below(44)) {
    case 0:
      return READ(nvmlDeviceGetIndex, unsigned);
    case 1:
      return READ(nvmlDeviceGetMinorNumber, unsigned);
    case 2:
      return READ(nvmlDeviceGetBrand, unsigned);
    case 3:
      return READ(nvmlDeviceGetArchitecture, unsigned);
    case 4:
      return READ(nvmlDeviceGetPciInfo, nvmlPciInfo_v1_t);
    case 5:
      return READ(nvmlDeviceGetPciInfo_v2, nvmlPciInfo_v2_t);
    case 6:
      return READ(nvmlDeviceGetPciInfo_v3, nvmlPciInfo_t);
    case 7:
      return READ(nvmlDeviceGetMemoryInfo, nvmlMemory_t);
    case 8:
      return READ(nvmlDeviceGetBAR1MemoryInfo, nvmlBAR1Memory_t);
    case 9:
      return READ(nvmlDeviceGetPersistenceMode, unsigned);
    case 10:
      return READ(nvmlDeviceGetComputeMode, unsigned);
    case 11:
      return READ(nvmlDeviceGetDisplayMode, unsigned);
    case 12:
      return READ(nvmlDeviceGetDisplayActive, unsigned);
    case 13:
      return READ(nvmlDeviceGetVirtualizationMode, unsigned);
    case 14:
      return READ(nvmlDeviceGetFanSpeed, unsigned);
    case 15:
      return READ(nvmlDeviceGetPerformanceState, unsigned);
    case 16:
      return READ(nvmlDeviceGetPowerState, unsigned);
    case 17:
      return READ(nvmlDeviceGetPowerUsage, unsigned);
    case 18:
      return READ(nvmlDeviceGetEnforcedPowerLimit, unsigned);
    case 19:
      return READ(nvmlDeviceGetPowerManagementLimit, unsigned);
    case 20:
      return READ(nvmlDeviceGetPowerManagementDefaultLimit, unsigned);
    case 21:
      return READ(nvmlDeviceGetUtilizationRates, nvmlUtilization_t);
    case 22:
      return READ(nvmlDeviceGetSupportedEventTypes, unsigned long long);
    case 23:
      return READ(nvmlDeviceIsMigDeviceHandle, unsigned);
    case 24:
      return READ(nvmlDeviceGetGpuInstanceId, unsigned);
    case 25:
      return READ(nvmlDeviceGetComputeInstanceId, unsigned);
    case 26:
      return READ(nvmlDeviceGetMaxMigDeviceCount, unsigned);
    case 27:
      return READ(nvmlDeviceGetAttributes, nvmlDeviceAttributes_v1_t);
    case 28:
      return READ(nvmlDeviceGetAttributes_v2, nvmlDeviceAttributes_t);
    case 29:
      return READ_VERSIONED(nvmlDeviceGetMemoryInfo_v2, nvmlMemory_v2_t, nvmlMemory_v2);
    case 30:
      return READ_VERSIONED(nvmlDeviceGetPdi, nvmlPdi_v1_t, nvmlPdi_v1);
    case 31:
      return READ_VERSIONED(nvmlDeviceGetPciInfoExt, nvmlPciInfoExt_v1_t, nvmlPciInfoExt_v1);
    case 32:
      return READ_VERSIONED(nvmlDeviceGetAddressingMode, nvmlDeviceAddressingMode_v1_t, nvmlDeviceAddressingMode_v1);
    case 33:
      return READ_VERSIONED(nvmlDeviceGetTemperatureV, nvmlTemperature_v1_t, nvmlTemperature_v1);
    case 34:
      return DEVICE_TEXT(nvmlDeviceGetName);
    case 35:
      return DEVICE_TEXT(nvmlDeviceGetUUID);
    case 36:
      return DEVICE_TEXT(nvmlDeviceGetSerial);
    case 37: {
      Room<unsigned> now("nvmlDeviceGetMigMode", absent()), pending("nvmlDeviceGetMigMode", absent());
      if (answered("nvmlDeviceGetMigMode", nvmlDeviceGetMigMode(device(), now.get(), pending.get())) == NVML_SUCCESS &&
          (*now > 1 || *pending > 1))
        die("nvmlDeviceGetMigMode", "an invalid mode", *now);
      return;
    }
    case 38: {
      Room<unsigned> now("nvmlDeviceGetEccMode", absent()), pending("nvmlDeviceGetEccMode", absent());
      answered("nvmlDeviceGetEccMode", nvmlDeviceGetEccMode(device(), now.get(), pending.get()));
      return;
    }
    case 39: {
      Room<int> major("nvmlDeviceGetCudaComputeCapability", absent()),
          minor("nvmlDeviceGetCudaComputeCapability", absent());
      answered("nvmlDeviceGetCudaComputeCapability",
               nvmlDeviceGetCudaComputeCapability(device(), major.get(), minor.get()));
      return;
    }
    case 40: {
      Room<unsigned long long> count("nvmlDeviceGetTotalEccErrors", absent());
      const auto type = in_.number();
      const auto counter = in_.number();
      answered("nvmlDeviceGetTotalEccErrors", nvmlDeviceGetTotalEccErrors(device(), type, counter, count.get()));
      return;
    }
    case 41: {
      Room<unsigned long long> count("nvmlDeviceGetMemoryErrorCounter", absent());
      const auto type = in_.number();
      const auto counter = in_.number();
      const auto location = in_.number();
      answered("nvmlDeviceGetMemoryErrorCounter",
               nvmlDeviceGetMemoryErrorCounter(device(), type, counter, location, count.get()));
      return;
    }
    case 42: {
      Room<unsigned> celsius("nvmlDeviceGetTemperature", absent());
      const auto sensor = in_.number();
      answered("nvmlDeviceGetTemperature", nvmlDeviceGetTemperature(device(), sensor, celsius.get()));
      return;
    }
    default:
      return system();
  }
}

void Player::system() {
  switch (in_.below(8)) {
    case 0:
      return text("nvmlSystemGetDriverVersion", &nvmlSystemGetDriverVersion, {NVML_ERROR_INSUFFICIENT_SIZE});
    case 1:
      return text("nvmlSystemGetNVMLVersion", &nvmlSystemGetNVMLVersion, {NVML_ERROR_INSUFFICIENT_SIZE});
    case 2: {
      const unsigned pid = in_.below(2) == 0 ? 1000 + in_.below(8) : in_.number();
      return text("nvmlSystemGetProcessName",
                  [pid](char* at, unsigned length) { return nvmlSystemGetProcessName(pid, at, length); });
    }
    case 3: {
      Room<int> version("nvmlSystemGetCudaDriverVersion", absent());
      answered("nvmlSystemGetCudaDriverVersion",
               in_.below(2) == 0 ? nvmlSystemGetCudaDriverVersion(version.get())
                                 : nvmlSystemGetCudaDriverVersion_v2(version.get()),
               {NVML_ERROR_LIBRARY_NOT_FOUND});
      return;
    }
    case 4: {
      Room<nvmlSystemDriverBranchInfo_v1_t> info("nvmlSystemGetDriverBranch", absent());
      info->version = version(nvmlSystemDriverBranchInfo_v1);
      answered("nvmlSystemGetDriverBranch", nvmlSystemGetDriverBranch(info.get(), in_.number()),
               {NVML_ERROR_ARGUMENT_VERSION_MISMATCH, NVML_ERROR_INSUFFICIENT_SIZE});
      return;
    }
    case 5: {
      Room<unsigned> count("nvmlDeviceGetCount", absent());
      const auto code = answered("nvmlDeviceGetCount", in_.below(2) == 0 ? nvmlDeviceGetCount(count.get())
                                                                         : nvmlDeviceGetCount_v2(count.get()));
      if (code == NVML_SUCCESS && *count != gpu_count) die("nvmlDeviceGetCount", "wrong number of GPUs", *count);
      return;
    }
    case 6: {
      const char* words = nvmlErrorString(static_cast<nvmlReturn_t>(in_.number()));
      if (words == nullptr || words[0] == '\0') die("nvmlErrorString", "no text");
      return;
    }
    default: {
      const auto& stubs = unimplemented();
      const auto& stub = stubs[in_.bytes(2) % stubs.size()];
      const auto code = stub.call();
      if (code != (up_ ? NVML_ERROR_NOT_SUPPORTED : NVML_ERROR_UNINITIALIZED))
        die(stub.name, "is not implemented, and returns", code);
      return;
    }
  }
}

}  // namespace fuzz
