// The sensors of the fake driver library. Each figure has a distinct value, so that none can be mistaken for another.
#include <cstring>

#include "abi/nvml_media.hpp"
#include "abi/nvml_memory_errors.hpp"
#include "abi/nvml_processes.hpp"
#include "abi/private_table.hpp"
#include "nvml/testing/fake_script.hpp"

#define FAKE extern "C" __attribute__((visibility("default")))

using namespace gpuslice::abi;
using gpuslice::nvml::testing::Script;

FAKE Script* fake_script();

namespace {

Script& script() { return *fake_script(); }
int called(const char* name) {
  ++script().calls[name];
  return script().error;
}

int slot_230(nvmlDevice_t, unsigned* into) {
  *into = 4;
  return called("slot230");
}
int slot_231(nvmlDevice_t, char* into, unsigned room) {
  std::strncpy(into, "2335-895-A1", room);
  return called("slot231");
}
int slot_237(nvmlDevice_t, char* into, unsigned) {
  *into = '\0';
  return called("slot237");
}
int slot_81(unsigned index, char* into, unsigned room) {
  std::strncpy(into, index == 0 ? "0000:00:06.0" : "0000:00:07.0", room);
  return called("slot81");
}

}  // namespace

const void* fake_private_table() {
  static const auto table = [] {
    std::array<std::uintptr_t, private_table_words> words{};
    words[0] = private_table_bytes;
    words[230] = reinterpret_cast<std::uintptr_t>(&slot_230);
    words[231] = reinterpret_cast<std::uintptr_t>(&slot_231);
    words[237] = reinterpret_cast<std::uintptr_t>(&slot_237);
    words[81] = reinterpret_cast<std::uintptr_t>(&slot_81);
    return words;
  }();
  return table.data();
}

#ifndef FAKE_OLD
// The value of a field is id * 1000 + scope, in the type that it has on a real driver; a few fields have values that
// test a type.
FAKE int nvmlDeviceGetFieldValues(nvmlDevice_t, int count, nvmlFieldValue_t* values) {
  for (int i = 0; i < count; ++i) {
    auto& value = values[i];
    script().fields.emplace_back(value.fieldId, value.scopeId);
    value.nvmlReturn = NVML_SUCCESS;
    if (value.fieldId == 82 || value.scopeId == 17) {
      value.nvmlReturn = NVML_ERROR_NOT_SUPPORTED;
    } else if (value.fieldId == 193) {
      value.valueType = 5;
      value.value.ullVal = 0xFFFFFFFFFFFFFFFF;
      value.value.siVal = -8;
    } else if (value.fieldId == 74) {
      value.valueType = 3;
      value.value.ullVal = 5'000'000'000ULL;
    } else if (value.scopeId == 17) {
      value.nvmlReturn = NVML_ERROR_NOT_SUPPORTED;
    } else if (value.fieldId < 160) {
      value.valueType = 3;
      value.value.ullVal = value.fieldId * 1000ULL + value.scopeId;
    } else {
      value.valueType = 1;
      value.value.ullVal = 0xDEAD000000000000;  // the driver writes only the lower half
      value.value.uiVal = value.fieldId * 1000 + value.scopeId;
    }
  }
  return called("fields");
}
FAKE int nvmlDeviceGetSramEccErrorStatus(nvmlDevice_t, nvmlEccSramErrorStatus_v1_t* status) {
  if (status->version != nvmlEccSramErrorStatus_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  *status = {status->version, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  return called("sram");
}
FAKE int nvmlDeviceGetPciInfoExt(nvmlDevice_t, nvmlPciInfoExt_v1_t* info) {
  if (info->version != nvmlPciInfoExt_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  *info = {info->version, 1, 2, 3, 0x233510DE, 0x18BF10DE, 3, 2, "00000001:02:03.0"};
  return called("pci");
}
FAKE int nvmlDeviceGetClockInfo(nvmlDevice_t, unsigned type, unsigned* mhz) {
  *mhz = 100 + type;
  return called("clock");
}
FAKE int nvmlDeviceGetEncoderUtilization(nvmlDevice_t, unsigned* percent, unsigned* period) {
  *percent = 42;
  *period = 100000;
  return called("encoder");
}
FAKE int nvmlDeviceGetEccMode(nvmlDevice_t, unsigned* current, unsigned* pending) {
  *current = 1;
  *pending = 0;
  return called("ecc");
}
FAKE int nvmlDeviceGetSamples(nvmlDevice_t, unsigned type, unsigned long long, unsigned*, unsigned* count,
                              nvmlSample_t* into) {
  if (type == 5) return NVML_ERROR_NOT_FOUND;
  const unsigned there = 300;  // more than the caller's first buffer can hold
  const auto room = *count;
  *count = there;
  if (room < there) return NVML_ERROR_INSUFFICIENT_SIZE;
  for (unsigned i = 0; i < there; ++i) {
    into[i].timeStamp = i;
    into[i].sampleValue.ullVal = 0x100000000ULL + type;  // the driver leaves the upper half undefined
  }
  return called("samples");
}
FAKE int nvmlDeviceGetRetiredPages(nvmlDevice_t, unsigned cause, unsigned* count, unsigned long long* into) {
  const auto room = *count;
  *count = cause + 1;
  if (room < *count || into == nullptr) return NVML_ERROR_INSUFFICIENT_SIZE;
  for (unsigned i = 0; i < *count; ++i) into[i] = 0x1000 * (i + 1);
  return called("retired");
}
FAKE int nvmlDeviceGetAccountingPids(nvmlDevice_t, unsigned* count, unsigned* into) {
  *count = 2;
  into[0] = 7;
  into[1] = 8;
  return called("accounted");
}
FAKE int nvmlDeviceGetAccountingStats(nvmlDevice_t, unsigned pid, nvmlAccountingStats_t* stats) {
  if (pid == 8) return NVML_ERROR_NOT_FOUND;
  *stats = {50, 0xFFFFFFFF, 1024, 12, 0, 1, {}};
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetSupportedMemoryClocks(nvmlDevice_t, unsigned* count, unsigned* into) {
  *count = 2;
  into[0] = 3201;
  into[1] = 2201;
  return called("memory clocks");
}
#endif
