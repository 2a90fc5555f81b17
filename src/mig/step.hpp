// One operation on one GPU: the state before, what is known about its users, the operation -> the state after, or why
// not.
//
// This is the only place where the rules of partitioning stand; the planner, the simulated driver and the executor all
// use it. A Refusal maps once to an NVML return code (abi), to nvidia-smi's words (smi) and to a plan's explanation.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <variant>

#include "mig/partition.hpp"

namespace gpuslice::mig {

// The state of one GPU that these rules are about.
struct GpuState {
  bool mode{};                 // MIG mode in force
  bool pending{};              // MIG mode after the next reset; differs from `mode` while a switch waits
  bool compute_display{true};  // RTX PRO workstation boards: in the display mode that allows MIG
  Partition partition;
  friend bool operator==(const GpuState&, const GpuState&) = default;
};

// A process that holds the GPU open. With neither id it runs on the whole GPU.
struct Holder {
  std::uint32_t key{};  // the caller's own number for it, given back among the blockers
  std::optional<GiId> gi;
  std::optional<CiId> ci;
};

struct SetMode {
  bool enable{};
};
struct Reset {};   // GPU reset: instances go, the pending mode comes into force where the generation keeps it
struct Reboot {};  // the host restarts: no clients any more
struct CreateGi {
  GiProfileId profile{};
  Placement placement{};
  GiId id{};  // which id the driver gives this profile at this place
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
  no_mig,           // no MIG hardware, or hidden behind the display mode
  mode_off,         // MIG mode is not on
  unknown_profile,  // the GPU (or the GPU instance) has no such profile
  unknown_site,     // the profile cannot stand there
  no_room,          // see `obstacle`
  id_taken,         // the id is in use
  not_found,        // no such instance
  in_use,           // by clients or by instances: see the blockers
};

struct Refusal {
  RefusalReason reason{};
  Obstacle obstacle{Obstacle::none};
  FixedVector<GiId, max_gpu_instances> instances;    // GPU instances in the way
  FixedVector<CiId, max_compute_instances> compute;  // compute instances in the way
  FixedVector<std::uint32_t, 16> holders;            // keys of the clients in the way (the first 16)
};

// What came of a SetMode besides the new state: the answer's `activationStatus` in NVML.
enum class Activation { active, waits_for_clients };

struct Outcome {
  GpuState state;
  Activation activation{Activation::active};
};

[[nodiscard]] std::expected<Outcome, Refusal> step(const Capability& capability, const GpuState& state,
                                                   std::span<const Holder> holders, const Op& op);

}  // namespace gpuslice::mig
