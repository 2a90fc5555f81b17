#include "mig/step.hpp"

#include <algorithm>

namespace gpuslice::mig {
namespace {

using Step = std::expected<Outcome, Refusal>;

std::unexpected<Refusal> refuse(RefusalReason reason) {
  Refusal refusal;
  refusal.reason = reason;
  return std::unexpected(refusal);
}

// The driver creates and destroys GPU instances only while no client uses the whole GPU (open-gpu-kernel-modules; in
// tests/replay/expected/15-cgi.txt, Xorg blocks `-cgi`). Clients inside instances do not prevent changes of other
// instances.
template <class Pick>
FixedVector<std::uint32_t, 16> pick_holders(std::span<const Holder> holders, Pick pick) {
  FixedVector<std::uint32_t, 16> keys;
  for (const auto& holder : holders)
    if (pick(holder)) keys.push_back(holder.key);
  return keys;
}

template <class Pick>
std::optional<Refusal> blocked_by(std::span<const Holder> holders, Pick pick) {
  Refusal refusal;
  refusal.reason = RefusalReason::in_use;
  refusal.holders = pick_holders(holders, pick);
  if (refusal.holders.empty()) return std::nullopt;
  return refusal;
}

bool on_whole_gpu(const Holder& holder) { return !holder.gi; }

// Lists the instances that prevent `profile` from being created at `placement`.
Refusal no_room(const Partition& partition, Placement placement, Obstacle obstacle) {
  Refusal refusal;
  refusal.reason = RefusalReason::no_room;
  refusal.obstacle = obstacle;
  for (const auto& instance : partition.instances)
    if (obstacle != Obstacle::slices || instance.placement.overlaps(placement))
      refusal.instances.push_back(instance.id);
  return refusal;
}

bool mig_hidden(const Capability& capability, const GpuState& state) {
  return !capability.mode.supported || (capability.mode.needs_compute_display && !state.compute_display);
}

Step apply(const Capability& capability, const GpuState& state, std::span<const Holder> holders, const SetMode& op) {
  Outcome outcome{state, Activation::active};
  if (mig_hidden(capability, state)) return refuse(RefusalReason::no_mig);
  if (state.mode == op.enable) {  // success; a pending switch is cancelled by this
    outcome.state.pending = op.enable;
    return outcome;
  }
  if (!op.enable && !state.partition.instances.empty()) {  // NVML returns: In use by another client
    Refusal refusal;
    refusal.reason = RefusalReason::in_use;
    for (const auto& instance : state.partition.instances) refusal.instances.push_back(instance.id);
    return std::unexpected(refusal);
  }
  outcome.state.pending = op.enable;
  if (capability.mode.switch_resets && !holders.empty()) {
    // NVIDIA MIG User Guide, Getting Started: on Ampere, the switch needs a GPU reset; if there are clients, it remains
    // pending.
    outcome.activation = Activation::waits_for_clients;
    return outcome;
  }
  // Hopper and later switch without a reset; a Blackwell did so while Xorg was running
  // (tests/replay/expected/11-mig.txt). Nothing is known about compute clients, so they are treated like Xorg.
  outcome.state.mode = op.enable;
  return outcome;
}

Step apply(const Capability& capability, const GpuState& state, std::span<const Holder> holders, const Reset&) {
  if (auto blocked = blocked_by(holders, [](const Holder&) { return true; })) return std::unexpected(*blocked);
  Outcome outcome{state, Activation::active};
  outcome.state.partition = {};
  outcome.state.mode = capability.mode.survives_reboot && state.pending;
  outcome.state.pending = outcome.state.mode;
  return outcome;
}

Step apply(const Capability& capability, const GpuState& state, std::span<const Holder> /*gone by then*/,
           const Reboot&) {
  return apply(capability, state, {}, Reset{});
}

Step apply(const Capability& capability, const GpuState& state, std::span<const Holder> holders, const CreateGi& op) {
  if (mig_hidden(capability, state)) return refuse(RefusalReason::no_mig);
  const auto* profile = capability.find(op.profile);
  if (profile == nullptr) return refuse(RefusalReason::unknown_profile);
  if (!state.mode) return refuse(RefusalReason::mode_off);
  if (std::find(profile->sites.begin(), profile->sites.end(), op.placement) == profile->sites.end())
    return refuse(RefusalReason::unknown_site);
  if (auto blocked = blocked_by(holders, on_whole_gpu)) return std::unexpected(*blocked);
  if (const auto why = obstacle(capability, state.partition, *profile, op.placement); why != Obstacle::none)
    return std::unexpected(no_room(state.partition, op.placement, why));
  if (op.id.value >= gi_id_count || state.partition.find(op.id) != nullptr) return refuse(RefusalReason::id_taken);
  Outcome outcome{state, Activation::active};
  GpuInstance made;
  made.id = op.id;
  made.profile = op.profile;
  made.placement = op.placement;
  auto& instances = outcome.state.partition.instances;
  auto* before = std::find_if(instances.begin(), instances.end(), [&](const auto& g) { return g.id > op.id; });
  instances.insert(before, made);
  return outcome;
}

Step apply(const Capability& capability, const GpuState& state, std::span<const Holder> holders, const DestroyGi& op) {
  if (mig_hidden(capability, state)) return refuse(RefusalReason::no_mig);
  const auto* instance = state.partition.find(op.id);
  if (instance == nullptr) return refuse(RefusalReason::not_found);
  Refusal refusal;
  refusal.reason = RefusalReason::in_use;
  for (const auto& compute : instance->compute) refusal.compute.push_back(compute.id);
  refusal.holders = pick_holders(holders, [&](const Holder& h) { return !h.gi || *h.gi == op.id; });
  if (!refusal.compute.empty() || !refusal.holders.empty()) return std::unexpected(refusal);
  Outcome outcome{state, Activation::active};
  auto& instances = outcome.state.partition.instances;
  instances.erase(outcome.state.partition.find(op.id));
  return outcome;
}

Step apply(const Capability& capability, const GpuState& state, std::span<const Holder> /*not in the way*/,
           const CreateCi& op) {
  if (mig_hidden(capability, state)) return refuse(RefusalReason::no_mig);
  const auto* instance = state.partition.find(op.gi);
  if (instance == nullptr) return refuse(RefusalReason::not_found);
  const auto* parent = capability.find(instance->profile);
  const auto* profile = parent != nullptr ? parent->find(op.profile) : nullptr;
  if (profile == nullptr) return refuse(RefusalReason::unknown_profile);
  if (std::find(profile->sites.begin(), profile->sites.end(), op.placement) == profile->sites.end())
    return refuse(RefusalReason::unknown_site);
  if (const auto why = obstacle(*parent, *instance, *profile, op.placement); why != Obstacle::none) {
    Refusal refusal;
    refusal.reason = RefusalReason::no_room;
    refusal.obstacle = why;
    for (const auto& other : instance->compute)
      if (why != Obstacle::slices || other.placement.overlaps(op.placement)) refusal.compute.push_back(other.id);
    return std::unexpected(refusal);
  }
  if (op.id.value >= max_compute_instances || instance->find(op.id) != nullptr) return refuse(RefusalReason::id_taken);
  Outcome outcome{state, Activation::active};
  auto& list = outcome.state.partition.find(op.gi)->compute;
  auto* before = std::find_if(list.begin(), list.end(), [&](const auto& c) { return c.id > op.id; });
  list.insert(before, ComputeInstance{op.id, op.profile, op.placement});
  return outcome;
}

Step apply(const Capability& capability, const GpuState& state, std::span<const Holder> holders, const DestroyCi& op) {
  if (mig_hidden(capability, state)) return refuse(RefusalReason::no_mig);
  const auto* instance = state.partition.find(op.gi);
  if (instance == nullptr || instance->find(op.id) == nullptr) return refuse(RefusalReason::not_found);
  if (auto blocked = blocked_by(holders, [&](const Holder& h) { return h.gi == op.gi && h.ci == op.id; }))
    return std::unexpected(*blocked);
  Outcome outcome{state, Activation::active};
  auto& list = outcome.state.partition.find(op.gi)->compute;
  list.erase(std::find_if(list.begin(), list.end(), [&](const auto& c) { return c.id == op.id; }));
  return outcome;
}

}  // namespace

std::expected<Outcome, Refusal> step(const Capability& capability, const GpuState& state,
                                     std::span<const Holder> holders, const Op& op) {
  return std::visit([&](const auto& one) { return apply(capability, state, holders, one); }, op);
}

}  // namespace gpuslice::mig
