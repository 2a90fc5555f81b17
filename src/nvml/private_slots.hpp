// The table that NVIDIA's nvidia-smi calls past NVML's header, where a library gives it.
#pragma once

#include "abi/private_table.hpp"
#include "nvml/library.hpp"

namespace gpuslice::nvml {

namespace slot = abi::slot;

// What the function in this slot returned; NOT_SUPPORTED when the library has no such table or no such slot. Only for
// slots that read.
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
