// Which instances exist on one GPU, and which combinations are legal.
//
// A Partition is the set of GPU instances with their compute instances. It is legal if no two instances share a slice,
// the pool has enough engines, and no count is exceeded. Every subset of a legal partition is legal, so a destroy never
// fails for lack of space. Pure; trivially copyable, so that it can be part of a mapped file.
#pragma once

#include <optional>

#include "mig/capability.hpp"

namespace gpuslice::mig {

struct ComputeInstance {
  CiId id{};
  CiProfileId profile{};
  Placement placement{};  // compute slices of its GPU instance
  friend bool operator==(const ComputeInstance&, const ComputeInstance&) = default;
};

struct GpuInstance {
  GiId id{};
  GiProfileId profile{};
  Placement placement{};                                        // grid units of the GPU
  FixedVector<ComputeInstance, max_compute_instances> compute;  // ascending id

  [[nodiscard]] const ComputeInstance* find(CiId wanted) const {
    for (const auto& c : compute)
      if (c.id == wanted) return &c;
    return nullptr;
  }
  friend bool operator==(const GpuInstance&, const GpuInstance&) = default;
};

struct Partition {
  FixedVector<GpuInstance, max_gpu_instances> instances;  // in ascending order of id, which is the order of MIG devices

  [[nodiscard]] const GpuInstance* find(GiId wanted) const {
    for (const auto& g : instances)
      if (g.id == wanted) return &g;
    return nullptr;
  }
  [[nodiscard]] GpuInstance* find(GiId wanted) {
    for (auto& g : instances)
      if (g.id == wanted) return &g;
    return nullptr;
  }
  friend bool operator==(const Partition&, const Partition&) = default;
};

// Why an instance cannot be created in the current state.
enum class Obstacle {
  none,
  slices,          // another instance occupies one of its slices
  compute,         // the compute slices of the GPU are used up
  engines,         // the engine pool has too few engines
  profile_count,   // the profile's maximum is reached
  instance_count,  // the maximum number of instances is reached
};

// Why a GPU instance of `profile` cannot be created at `placement` in `partition`. `placement` must be one of the
// profile's sites.
[[nodiscard]] Obstacle obstacle(const Capability& capability, const Partition& partition, const GiProfile& profile,
                                Placement placement);
// The reason why a compute instance of `profile` cannot be created at `placement` inside `instance`.
[[nodiscard]] Obstacle obstacle(const GiProfile& parent, const GpuInstance& instance, const CiProfile& profile,
                                Placement placement);

// How many more instances of a profile can be created now: nvmlDeviceGetGpuInstanceRemainingCapacity, "Free" in -lgip.
[[nodiscard]] unsigned remaining(const Capability& capability, const Partition& partition, const GiProfile& profile);
[[nodiscard]] unsigned remaining(const GiProfile& parent, const GpuInstance& instance, const CiProfile& profile);

// The sites of a profile that are free now, ascending.
[[nodiscard]] FixedVector<Placement, 8> free_sites(const Capability& capability, const Partition& partition,
                                                   const GiProfile& profile);
[[nodiscard]] FixedVector<Placement, 8> free_sites(const GiProfile& parent, const GpuInstance& instance,
                                                   const CiProfile& profile);

// The lowest free compute instance id in the instance, because the driver reuses ids (open-gpu-kernel-modules 595.45,
// kernel_mig_manager.c); nullopt if all eight are in use.
[[nodiscard]] std::optional<CiId> lowest_free_ci(const GpuInstance& instance);

// True if every instance is at a site of its profile and all of them fit together.
[[nodiscard]] bool legal(const Capability& capability, const Partition& partition);

}  // namespace gpuslice::mig
