#include "plan/step_rules.hpp"

#include <fmt/format.h>

#include "plan/instance_text.hpp"
#include "plan/settings.hpp"

namespace gpuslice::plan {
namespace {

using namespace model;

const mig::GpuInstance* standing(const GpuState& state, const GiSeat& seat) {
  for (const auto& gi : state.mig.partition.instances)
    if (gi.placement == seat.placement && gi.profile == seat.profile) return &gi;
  return nullptr;
}
const mig::ComputeInstance* standing(const mig::GpuInstance& gi, const CiSeat& seat) {
  for (const auto& ci : gi.compute)
    if (ci.placement == seat.placement && ci.profile == seat.profile) return &ci;
  return nullptr;
}

struct Text {
  const mig::Capability& capability;

  std::string operator()(const ComputeDisplay&) const { return "switch to the compute display mode"; }
  std::string operator()(const Reboot&) const { return "reboot the node"; }
  std::string operator()(const Reset&) const { return "reset the GPU"; }
  std::string operator()(const SetMig& step) const { return step.enable ? "enable MIG mode" : "disable MIG mode"; }
  std::string operator()(const DestroyCi& step) const { return "destroy " + inside(step.seat); }
  std::string operator()(const DestroyGi& step) const {
    return "destroy GPU instance " + seat_text(capability, step.seat);
  }
  std::string operator()(const CreateGi& step) const {
    return "create GPU instance " + seat_text(capability, step.seat);
  }
  std::string operator()(const CreateCi& step) const { return "create " + inside(step.seat); }
  std::string operator()(const SetComputeMode& step) const {
    return fmt::format("set the compute mode to {}", setting_text(step.mode));
  }
  std::string operator()(const SetTimeSlice& step) const {
    return fmt::format("set the time slice to {}", setting_text(step.policy));
  }

  [[nodiscard]] std::string inside(const CiSeat& seat) const {
    return fmt::format("compute instance {} in {}", seat_text(capability, seat), seat_text(capability, seat.parent));
  }
};

struct Word {
  std::string_view operator()(const ComputeDisplay&) const { return "compute-display-mode"; }
  std::string_view operator()(const Reboot&) const { return "reboot"; }
  std::string_view operator()(const Reset&) const { return "reset-gpu"; }
  std::string_view operator()(const SetMig& step) const { return step.enable ? "enable-mig" : "disable-mig"; }
  std::string_view operator()(const DestroyCi&) const { return "destroy-compute-instance"; }
  std::string_view operator()(const DestroyGi&) const { return "destroy-gpu-instance"; }
  std::string_view operator()(const CreateGi&) const { return "create-gpu-instance"; }
  std::string_view operator()(const CreateCi&) const { return "create-compute-instance"; }
  std::string_view operator()(const SetComputeMode&) const { return "set-compute-mode"; }
  std::string_view operator()(const SetTimeSlice&) const { return "set-time-slice"; }
};

// Checks the precondition of a step and applies its effect.
struct After {
  const mig::Capability& capability;
  const GpuState& state;
  const std::vector<Client>& clients;

  // The display mode takes effect after the reboot. NVML supports neither step.
  Result<GpuState> operator()(const ComputeDisplay&) const { return state; }
  Result<GpuState> operator()(const Reboot&) const {
    auto after = state;
    after.mig.compute_display = true;
    return after;
  }
  Result<GpuState> operator()(const Reset&) const { return after_reset(by_rules(mig::Reset{})); }
  Result<GpuState> operator()(const SetMig& step) const {
    auto after = by_rules(mig::SetMode{step.enable});
    return capability.mode.switch_resets && after && after->mig.mode != state.mig.mode ? after_reset(std::move(after))
                                                                                       : after;
  }
  Result<GpuState> operator()(const CreateGi& step) const {
    std::uint32_t id = 0;
    while (state.mig.partition.find(mig::GiId{id}) != nullptr) ++id;
    return by_rules(mig::CreateGi{step.seat.profile, step.seat.placement, mig::GiId{id}});
  }
  Result<GpuState> operator()(const DestroyGi& step) const {
    return by_rules(mig::DestroyGi{GPUSLICE_TRY(found(step.seat))->id});
  }
  Result<GpuState> operator()(const CreateCi& step) const {
    const auto* gi = GPUSLICE_TRY(found(step.seat.parent));
    const auto id = mig::lowest_free_ci(*gi);
    if (!id)
      return fail(ErrorKind::refused, place_text(step.seat.parent.placement),
                  "already has the maximum number of compute instances");
    return by_rules(mig::CreateCi{gi->id, step.seat.profile, step.seat.placement, *id});
  }
  Result<GpuState> operator()(const DestroyCi& step) const {
    const auto* gi = GPUSLICE_TRY(found(step.seat.parent));
    const auto* ci = standing(*gi, step.seat);
    if (ci == nullptr)
      return fail(ErrorKind::refused, place_text(step.seat.placement), "no such compute instance exists there");
    return by_rules(mig::DestroyCi{gi->id, ci->id});
  }
  Result<GpuState> operator()(const SetComputeMode& step) const {
    auto after = state;
    after.compute_mode = step.mode;
    return after;
  }
  Result<GpuState> operator()(const SetTimeSlice& step) const {
    auto after = state;
    after.time_slice = step.policy;
    return after;
  }

  // A reset clears the settings; which values a driver gives them is not known.
  static Result<GpuState> after_reset(Result<GpuState> after) {
    if (after) each_setting(GpuState{}, [&](const char*, auto member, auto) { ((*after).*member).reset(); });
    return after;
  }
  [[nodiscard]] Result<const mig::GpuInstance*> found(const GiSeat& seat) const {
    const auto* gi = standing(state, seat);
    if (gi == nullptr) return fail(ErrorKind::refused, place_text(seat.placement), "no such GPU instance exists there");
    return gi;
  }
  [[nodiscard]] Result<GpuState> by_rules(const mig::Op& op) const {
    std::vector<mig::Holder> holders;
    holders.reserve(clients.size());
    for (const auto& client : clients) holders.push_back({client.pid, client.gi, client.ci});
    auto done = mig::step(capability, state.mig, holders, op);
    if (!done) return fail(ErrorKind::refused, "", "MIG does not allow this step");
    auto after = state;
    after.mig = done->state;
    return after;
  }
};

struct Inverse {
  const GpuState& before;
  using Found = std::optional<Action>;

  Found operator()(const ComputeDisplay&) const { return std::nullopt; }
  Found operator()(const Reboot&) const { return std::nullopt; }
  Found operator()(const Reset&) const { return std::nullopt; }
  Found operator()(const SetMig& step) const { return SetMig{!step.enable}; }
  Found operator()(const DestroyCi& step) const { return CreateCi{step.seat}; }
  Found operator()(const DestroyGi& step) const { return CreateGi{step.seat}; }
  Found operator()(const CreateGi& step) const { return DestroyGi{step.seat}; }
  Found operator()(const CreateCi& step) const { return DestroyCi{step.seat}; }
  Found operator()(const SetComputeMode&) const {
    if (!before.compute_mode) return std::nullopt;
    return SetComputeMode{*before.compute_mode};
  }
  Found operator()(const SetTimeSlice&) const {
    if (!before.time_slice) return std::nullopt;
    return SetTimeSlice{*before.time_slice};
  }
};

}  // namespace

std::string step_text(const mig::Capability& capability, const Step& step) {
  return std::visit(Text{capability}, step.action);
}

std::string_view kind_word(const Step& step) { return std::visit(Word{}, step.action); }

Result<GpuState> after_step(const mig::Capability& capability, const GpuState& state,
                            const std::vector<Client>& clients, const Step& step) {
  auto after = std::visit(After{capability, state, clients}, step.action);
  if (!after && after.error().object.empty()) after.error().object = step_text(capability, step);
  return after;
}

std::optional<Step> inverse(const GpuState& before, const Step& step) {
  const auto action = std::visit(Inverse{before}, step.action);
  if (!action) return std::nullopt;
  return Step{*action, step.name, {}};
}

}  // namespace gpuslice::plan
