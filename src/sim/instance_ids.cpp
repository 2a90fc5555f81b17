#include "sim/instance_ids.hpp"

namespace gpuslice::sim {
namespace {

using catalog::BoardVariant;
using catalog::IdScheme;

// The number of free (profile, site) pairs. The driver picks the placement that keeps this number as large as possible.
unsigned usable_sites(const mig::Capability& capability, const mig::Partition& partition) {
  unsigned count = 0;
  for (const auto& profile : capability.profiles) {
    for (const auto site : profile.sites) {
      bool free = true;
      for (const auto& instance : partition.instances) free = free && !instance.placement.overlaps(site);
      if (free) ++count;
    }
  }
  return count;
}

// The last quarter of a seven-slice board can be used only by the one-slice profile with double memory; the driver uses
// it last (tests/oracle/gi_ids.py).
bool last_resort(const mig::Capability& capability, const mig::GiProfile& profile, mig::Placement site) {
  return capability.compute_slices == 7 && profile.slices == 1 && site.size * 4 == capability.grid &&
         site.end() == capability.grid;
}

}  // namespace

std::optional<mig::GiId> instance_id(IdScheme scheme, BoardVariant variant, unsigned grid, mig::Placement placement) {
  if (scheme == IdScheme::none || grid == 0 || placement.size == 0 || grid % placement.size != 0) return std::nullopt;
  const unsigned parts = grid / placement.size;  // 1 full, 2 halves, 4 quarters, 8 eighths
  if (placement.start % placement.size != 0) return std::nullopt;
  unsigned position = placement.start / placement.size;
  if (position >= parts) return std::nullopt;
  // Variant B is the mirror image: it numbers from the high half what A numbers from the low half.
  if (scheme == IdScheme::seven_slice && variant == BoardVariant::b && parts > 1)
    position = (position + parts / 2) % parts;
  switch (parts) {
    case 1:
      return mig::GiId{0};
    case 2:
      return mig::GiId{1 + position};
    case 4:
      return mig::GiId{3 + position};
    case 8:
      return mig::GiId{7 + position};
    default:
      return std::nullopt;
  }
}

std::optional<mig::Placement> default_placement(const mig::Capability& capability, IdScheme scheme,
                                                BoardVariant variant, const mig::Partition& partition,
                                                const mig::GiProfile& profile) {
  struct Choice {
    mig::Placement site;
    bool last{};
    unsigned capacity{};
    unsigned id{};
  };
  std::optional<Choice> best;
  for (const auto site : mig::free_sites(capability, partition, profile)) {
    const auto id = instance_id(scheme, variant, capability.grid, site);
    if (!id || partition.find(*id) != nullptr) continue;
    mig::Partition trial = partition;
    mig::GpuInstance made;
    made.id = *id;
    made.profile = profile.id;
    made.placement = site;
    trial.instances.push_back(made);
    const Choice choice{site, last_resort(capability, profile, site), usable_sites(capability, trial), id->value};
    const auto better = [](const Choice& a, const Choice& b) {
      if (a.last != b.last) return !a.last;
      if (a.capacity != b.capacity) return a.capacity > b.capacity;
      return a.id < b.id;
    };
    if (!best || better(choice, *best)) best = choice;
  }
  if (!best) return std::nullopt;
  return best->site;
}

bool aligns_compute(const mig::Capability& whole) {
  constexpr mig::CiProfileId mini_quarter{7};  // NVML_COMPUTE_INSTANCE_PROFILE_1_SLICE_REV1
  for (const auto& profile : whole.profiles)
    if (profile.find(mini_quarter) != nullptr) return true;
  return false;
}

std::optional<mig::Placement> default_compute_placement(const mig::GiProfile& parent, const mig::GpuInstance& instance,
                                                        const mig::CiProfile& profile, bool aligned) {
  std::optional<mig::Placement> best;
  unsigned best_left = 0;
  for (const auto site : mig::free_sites(parent, instance, profile)) {
    if (!aligned) return site;
    mig::GpuInstance trial = instance;
    trial.compute.push_back({mig::CiId{0}, profile.id, site});
    unsigned left = 0;
    for (const auto& other : parent.compute)
      left += static_cast<unsigned>(mig::free_sites(parent, trial, other).size());
    if (!best || left > best_left) {
      best = site;
      best_left = left;
    }
  }
  return best;
}

}  // namespace gpuslice::sim
