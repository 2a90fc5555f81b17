// The handles that NVML clients get: addresses inside one static arena, never dereferenced when they come back.
//
// A handle is checked by arithmetic alone, so NULL, garbage and stale handles are recognised without touching what they
// point to. Each points to readable zeroed memory nevertheless, because NVIDIA's nvidia-smi reads through a device
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
  std::uint32_t parity{};  // boot & 1 when the handle was returned
};

[[nodiscard]] void* to_pointer(const Handle& handle);
// nullopt for an address that is not a handle.
[[nodiscard]] std::optional<Handle> from_pointer(const void* pointer);

}  // namespace gpuslice::simnvml
