#include "simnvml/handles.hpp"

#include <cstddef>

#include "sim/state.hpp"

namespace gpuslice::simnvml {
namespace {

constexpr std::size_t instances = mig::gi_id_count;
constexpr std::size_t computes = mig::max_compute_instances;

// How far NVIDIA's nvidia-smi reads past a handle; this is undocumented. No other code touches these pages.
constexpr std::size_t device_bytes = 64ULL * 1024;
constexpr std::size_t instance_bytes = 512;

// The arena holds, for each parity: all GPUs, then GPU instances, then compute instances, then MIG devices. It is
// zero-initialised, so no page is resident until a client reads it.
constexpr std::size_t gpu_part = sim::max_gpus * device_bytes;
constexpr std::size_t gi_part = sim::max_gpus * instances * instance_bytes;
constexpr std::size_t ci_part = gi_part * computes;
constexpr std::size_t parity_part = gpu_part + gi_part + 2 * ci_part;
alignas(4096) std::byte arena[2 * parity_part];

std::size_t ci_number(const Handle& h) { return (h.gpu * instances + h.gi.value) * computes + h.ci.value; }

}  // namespace

void* to_pointer(const Handle& h) {
  std::size_t at = h.parity * parity_part;
  switch (h.kind) {
    case HandleKind::gpu:
      at += h.gpu * device_bytes;
      break;
    case HandleKind::gpu_instance:
      at += gpu_part + (h.gpu * instances + h.gi.value) * instance_bytes;
      break;
    case HandleKind::compute_instance:
      at += gpu_part + gi_part + ci_number(h) * instance_bytes;
      break;
    case HandleKind::mig_device:
      at += gpu_part + gi_part + ci_part + ci_number(h) * instance_bytes;
      break;
  }
  return arena + at;
}

std::optional<Handle> from_pointer(const void* pointer) {
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  const auto base = reinterpret_cast<std::uintptr_t>(arena);
  if (address < base || address >= base + sizeof arena) return std::nullopt;
  std::size_t at = address - base;
  Handle h;
  h.parity = static_cast<std::uint32_t>(at / parity_part);
  at %= parity_part;
  if (at < gpu_part) {
    if (at % device_bytes != 0) return std::nullopt;
    h.kind = HandleKind::gpu;
    h.gpu = static_cast<std::uint32_t>(at / device_bytes);
    return h;
  }
  at -= gpu_part;
  if (at % instance_bytes != 0) return std::nullopt;
  if (at < gi_part) {
    const auto number = at / instance_bytes;
    h.kind = HandleKind::gpu_instance;
    h.gpu = static_cast<std::uint32_t>(number / instances);
    h.gi = mig::GiId{static_cast<std::uint32_t>(number % instances)};
    return h;
  }
  at -= gi_part;
  h.kind = at < ci_part ? HandleKind::compute_instance : HandleKind::mig_device;
  const auto number = (at % ci_part) / instance_bytes;
  h.ci = mig::CiId{static_cast<std::uint32_t>(number % computes)};
  h.gi = mig::GiId{static_cast<std::uint32_t>(number / computes % instances)};
  h.gpu = static_cast<std::uint32_t>(number / computes / instances);
  return h;
}

}  // namespace gpuslice::simnvml
