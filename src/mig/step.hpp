// One operation on one GPU: computes the state after it, or a Refusal, from the state before, the known clients and the
// operation.
//
// This is the only implementation of the partitioning rules; the planner, the simulated driver and the executor all use
// it. A Refusal is converted in one place each to an NVML return code (abi), to nvidia-smi's text (smi) and to a plan's
// explanation.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <variant>

#include "mig/partition.hpp"

namespace gpuslice::mig {

// The part of a GPU's state that these rules cover.
struct GpuState {
  bool mode{};                 // MIG mode in effect
  bool pending{};              // MIG mode after the next reset; differs from `mode` while a switch is pending
  bool compute_display{true};  // RTX PRO workstation boards: whether the display mode allows MIG
  Partition partition;
  friend bool operator==(const GpuState&, const GpuState&) = default;
};

// A process that holds the GPU open. Without ids, it uses the whole GPU.
struct Holder {
  std::uint32_t key{};  // the caller's own number for it, returned in Refusal::holders
  std::optional<GiId> gi;
  std::optional<CiId> ci;
};

struct SetMode {
  bool enable{};
};
struct Reset {};   // GPU reset: instances are removed, the pending mode takes effect if the generation keeps it
struct Reboot {};  // the host restarts: no clients are left
struct CreateGi {
  GiProfileId profile{};
  Placement placement{};
  GiId id{};  // the id that the driver assigns to this profile at this placement
};
struct DestroyGi {
  GiId id{};
};
struct CreateCi {
  GiId gi{};
  CiProfileId profile{};
  Placement placement{};
  CiId id{};
};
struct DestroyCi {
  GiId gi{};
  CiId id{};
};
using Op = std::variant<SetMode, Reset, Reboot, CreateGi, DestroyGi, CreateCi, DestroyCi>;

enum class RefusalReason {
  no_mig,           // no MIG hardware, or MIG is not available in the current display mode
  mode_off,         // MIG mode is not on
  unknown_profile,  // the GPU (or the GPU instance) has no such profile
  unknown_site,     // the profile cannot have this placement
  no_room,          // see `obstacle`
  id_taken,         // the id is in use
  not_found,        // no such instance
  in_use,           // by clients or by instances, listed in the Refusal
};

struct Refusal {
  RefusalReason reason{};
  Obstacle obstacle{Obstacle::none};
  FixedVector<GiId, max_gpu_instances> instances;    // GPU instances that prevent the operation
  FixedVector<CiId, max_compute_instances> compute;  // compute instances that prevent the operation
  FixedVector<std::uint32_t, 16> holders;            // keys of clients that prevent the operation (the first 16)
};

// The result of a SetMode besides the new state: `activationStatus` in NVML.
enum class Activation { active, waits_for_clients };

struct Outcome {
  GpuState state;
  Activation activation{Activation::active};
};

[[nodiscard]] std::expected<Outcome, Refusal> step(const Capability& capability, const GpuState& state,
                                                   std::span<const Holder> holders, const Op& op);

}  // namespace gpuslice::mig
