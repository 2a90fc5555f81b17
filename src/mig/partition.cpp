#include "mig/partition.hpp"

#include <algorithm>

namespace gpuslice::mig {
namespace {

bool has_site(const FixedVector<Placement, 8>& sites, Placement wanted) {
  return std::find(sites.begin(), sites.end(), wanted) != sites.end();
}

}  // namespace

Obstacle obstacle(const Capability& capability, const Partition& partition, const GiProfile& profile,
                  Placement placement) {
  Engines used;
  unsigned same_profile = 0;
  unsigned slices = profile.slices;
  if (profile.engines) used += *profile.engines;
  for (const auto& instance : partition.instances) {
    if (instance.placement.overlaps(placement)) return Obstacle::slices;
    if (instance.profile == profile.id) ++same_profile;
    if (const auto* other = capability.find(instance.profile)) {
      slices += other->slices;
      if (other->engines) used += *other->engines;
    }
  }
  if (slices > capability.compute_slices) return Obstacle::compute;
  if (capability.pool && !capability.pool->covers(used)) return Obstacle::engines;
  if (same_profile >= profile.max_count) return Obstacle::profile_count;
  if (partition.instances.size() >= capability.max_instances || partition.instances.full())
    return Obstacle::instance_count;
  return Obstacle::none;
}

Obstacle obstacle(const GiProfile& /*parent*/, const GpuInstance& instance, const CiProfile& profile,
                  Placement placement) {
  unsigned same_profile = 0;
  for (const auto& other : instance.compute) {
    if (other.placement.overlaps(placement)) return Obstacle::slices;
    if (other.profile == profile.id) ++same_profile;
  }
  if (same_profile >= profile.max_count) return Obstacle::profile_count;
  if (instance.compute.full()) return Obstacle::instance_count;
  return Obstacle::none;
}

unsigned remaining(const Capability& capability, const Partition& partition, const GiProfile& profile) {
  // All sites of a profile have the same size and are in ascending order, so using them from the lowest on gives the
  // exact number.
  Partition trial = partition;
  unsigned count = 0;
  for (const auto site : profile.sites) {
    if (obstacle(capability, trial, profile, site) != Obstacle::none) continue;
    ++count;
    GpuInstance made;
    made.profile = profile.id;
    made.placement = site;
    if (!trial.instances.push_back(made)) break;
  }
  return count;
}

unsigned remaining(const GiProfile& parent, const GpuInstance& instance, const CiProfile& profile) {
  GpuInstance trial = instance;  // as above, although sites of compute instances may overlap each other
  unsigned count = 0;
  for (const auto site : profile.sites) {
    if (obstacle(parent, trial, profile, site) != Obstacle::none) continue;
    ++count;
    ComputeInstance made;
    made.profile = profile.id;
    made.placement = site;
    if (!trial.compute.push_back(made)) break;
  }
  return count;
}

FixedVector<Placement, 8> free_sites(const Capability& capability, const Partition& partition,
                                     const GiProfile& profile) {
  FixedVector<Placement, 8> free;
  for (const auto site : profile.sites)
    if (obstacle(capability, partition, profile, site) == Obstacle::none) free.push_back(site);
  return free;
}

FixedVector<Placement, 8> free_sites(const GiProfile& parent, const GpuInstance& instance, const CiProfile& profile) {
  FixedVector<Placement, 8> free;
  for (const auto site : profile.sites)
    if (obstacle(parent, instance, profile, site) == Obstacle::none) free.push_back(site);
  return free;
}

std::optional<CiId> lowest_free_ci(const GpuInstance& instance) {
  for (std::uint32_t id = 0; id < max_compute_instances; ++id)
    if (instance.find(CiId{id}) == nullptr) return CiId{id};
  return std::nullopt;
}

bool legal(const Capability& capability, const Partition& partition) {
  Partition built;
  for (const auto& instance : partition.instances) {
    const auto* profile = capability.find(instance.profile);
    if (profile == nullptr || !has_site(profile->sites, instance.placement)) return false;
    if (built.find(instance.id) != nullptr) return false;
    if (obstacle(capability, built, *profile, instance.placement) != Obstacle::none) return false;
    GpuInstance inside;
    inside.id = instance.id;
    inside.profile = instance.profile;
    inside.placement = instance.placement;
    for (const auto& compute : instance.compute) {
      const auto* ci = profile->find(compute.profile);
      if (ci == nullptr || !has_site(ci->sites, compute.placement)) return false;
      if (inside.find(compute.id) != nullptr) return false;
      if (obstacle(*profile, inside, *ci, compute.placement) != Obstacle::none) return false;
      inside.compute.push_back(compute);
    }
    if (!built.instances.push_back(inside)) return false;
  }
  return true;
}

}  // namespace gpuslice::mig
