// The handles that NVML clients get: addresses inside one static arena. They are never dereferenced when a client
// passes them back.
//
// Arithmetic alone checks a handle, so NULL, garbage and stale handles are recognised without accessing the memory
// behind them. Still, each handle points to readable zeroed memory, because NVIDIA's nvidia-smi reads through a device
// handle. Every object has one slot per boot parity, so a handle from before a simulated reboot is recognised, and
// calls on it return GPU_IS_LOST.
#pragma once

#include <cstdint>
#include <optional>

#include "mig/capability.hpp"

namespace gpuslice::simnvml {

enum class HandleKind : std::uint8_t { gpu, mig_device, gpu_instance, compute_instance };

struct Handle {
  HandleKind kind{};
  std::uint32_t gpu{};
  mig::GiId gi{};
  mig::CiId ci{};
  std::uint32_t parity{};  // boot & 1 at the time when the handle was returned
};

[[nodiscard]] void* to_pointer(const Handle& handle);
// Returns nullopt for an address that is not a handle.
[[nodiscard]] std::optional<Handle> from_pointer(const void* pointer);

}  // namespace gpuslice::simnvml
