// What stands on one GPU, and what is legal there.
//
// A Partition is the set of GPU instances with their compute instances. It is legal when no two instances share a
// slice, the engines of the pool suffice, and no count is exceeded. Every subset of a legal partition is legal, so
// destroying is always possible as far as room is concerned. Pure; trivially copyable, so that it can live in a mapped
// file.
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
  FixedVector<GpuInstance, max_gpu_instances> instances;  // ascending id: the order of MIG devices

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

// Why an instance cannot be made here and now.
enum class Obstacle {
  none,
  slices,          // another instance stands on one of its slices
  compute,         // the compute slices of the GPU are used up
  engines,         // the engine pool does not cover it
  profile_count,   // as many of this profile as there may be
  instance_count,  // as many instances as there may be
};

// Obstacle to a GPU instance of `profile` at `placement` beside what stands in `partition`. `placement` must be a site
// of it.
[[nodiscard]] Obstacle obstacle(const Capability& capability, const Partition& partition, const GiProfile& profile,
                                Placement placement);
// The same for a compute instance inside `instance`.
[[nodiscard]] Obstacle obstacle(const GiProfile& parent, const GpuInstance& instance, const CiProfile& profile,
                                Placement placement);

// How many more instances of a profile fit now: nvmlDeviceGetGpuInstanceRemainingCapacity, the Free column of -lgip.
[[nodiscard]] unsigned remaining(const Capability& capability, const Partition& partition, const GiProfile& profile);
[[nodiscard]] unsigned remaining(const GiProfile& parent, const GpuInstance& instance, const CiProfile& profile);

// The sites of a profile that are free now, ascending.
[[nodiscard]] FixedVector<Placement, 8> free_sites(const Capability& capability, const Partition& partition,
                                                   const GiProfile& profile);
[[nodiscard]] FixedVector<Placement, 8> free_sites(const GiProfile& parent, const GpuInstance& instance,
                                                   const CiProfile& profile);

// The lowest compute instance id free in the instance (RM: ids are reused), none when all eight are taken.
[[nodiscard]] std::optional<CiId> lowest_free_ci(const GpuInstance& instance);

// True when every instance stands on a site of its profile and all of them fit beside each other.
[[nodiscard]] bool legal(const Capability& capability, const Partition& partition);

}  // namespace gpuslice::mig
