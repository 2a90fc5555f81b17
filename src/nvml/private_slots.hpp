// The private table that NVIDIA's nvidia-smi uses in addition to the functions of nvml.h, if the library has it.
#pragma once

#include "abi/private_table.hpp"
#include "nvml/library.hpp"

namespace gpuslice::nvml {

namespace slot = abi::slot;

// Calls the function in this slot and returns its result; NOT_SUPPORTED if the library has no such table or slot. Use
// it only for slots that read.
template <class... Args>
[[nodiscard]] int call_slot(Library& library, std::size_t slot, Args... args) {
  const void* table = nullptr;
  const int code =
      library.call("nvmlInternalGetExportTable", &table, static_cast<const void*>(abi::nvidia_smi_guid.data()));
  if (code != abi::NVML_SUCCESS || table == nullptr) return abi::NVML_ERROR_NOT_SUPPORTED;
  const auto* const words = static_cast<const std::uintptr_t*>(table);
  if (words[0] < (slot + 1) * sizeof(std::uintptr_t) || words[slot] == 0) return abi::NVML_ERROR_NOT_SUPPORTED;
  return reinterpret_cast<int (*)(Args...)>(words[slot])(args...);
}

}  // namespace gpuslice::nvml
