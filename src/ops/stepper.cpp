#include "ops/stepper.hpp"

#include <fmt/format.h>

#include <utility>

#include "ops/driver_error.hpp"
#include "ops/instance_path.hpp"
#include "ops/observe.hpp"
#include "plan/settings.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::ops {
namespace {

const mig::GpuInstance* standing(const model::Gpu& gpu, const model::GiSeat& seat) {
  for (const auto& gi : gpu.state.mig.partition.instances)
    if (gi.placement == seat.placement && gi.profile == seat.profile) return &gi;
  return nullptr;
}
const mig::ComputeInstance* standing(const mig::GpuInstance& gi, const model::CiSeat& seat) {
  for (const auto& ci : gi.compute)
    if (ci.placement == seat.placement && ci.profile == seat.profile) return &ci;
  return nullptr;
}

template <class Pick>
std::string clients_text(const model::Gpu& gpu, const char* whose, Pick pick) {
  std::string text;
  for (const auto& client : gpu.clients)
    if (pick(client))
      text += fmt::format("{}process {}{}", text.empty() ? whose : ", ", client.pid,
                          client.command.empty() ? "" : " (" + client.command + ")");
  return text;
}

// Lists the clients of the GPU, because the driver returns "in use" without naming them.
std::string users(const model::Gpu& gpu) {
  return clients_text(gpu, "; clients: ", [](const model::Client&) { return true; });
}

// The same for a step on an instance: only clients that can block it (mig::step), never those of another instance. The
// list may be empty, because drivers return "in use" for other reasons too.
std::string users(const model::Gpu& gpu, const model::Step& step) {
  const auto* seat = model::gi_seat(step);
  if (seat == nullptr) return users(gpu);
  const auto* gi = step.is<model::CreateGi>() ? nullptr : standing(gpu, *seat);
  const auto* gone = std::get_if<model::DestroyCi>(&step.action);
  const auto* ci = gi != nullptr && gone != nullptr ? standing(*gi, gone->seat) : nullptr;
  auto text = clients_text(gpu, "; clients: ", [&](const model::Client& client) {
    return gi != nullptr && client.gi == gi->id && (ci == nullptr || client.ci == ci->id);
  });
  if (step.is<model::CreateGi>() || step.is<model::DestroyGi>())
    text += clients_text(gpu, "; clients of the whole GPU: ", [](const model::Client& client) { return !client.gi; });
  return text.empty() ? "; no client that could block this is visible here" : text;
}

template <class T>
Result<void> answered(const model::Gpu& gpu, const model::Step& step, const node::Answer<T>& answer) {
  if (answer) return {};
  auto error = driver_error(gpu_text(gpu.index), plan::step_text(gpu.capability, step), answer.error());
  if (answer.error().code == node::err_in_use) error.what += users(gpu, step);
  return std::unexpected(error);
}

// Makes the driver call for a step, on the instances that exist now.
struct Perform {
  node::Node& node;
  const model::Gpu& gpu;
  const model::Step& step;

  // Only the user can do these two steps. check_doable refuses the plan, so they are never executed here.
  Result<void> operator()(const model::ComputeDisplay&) const { return not_ours(); }
  Result<void> operator()(const model::Reboot&) const { return not_ours(); }
  Result<void> operator()(const model::Reset&) const { return told(node.reset().reset_gpu(gpu.index)); }
  Result<void> operator()(const model::SetMig& set) const {
    const auto answer = node.mig().set_mig_mode(gpu.index, set.enable);
    GPUSLICE_CHECK(told(answer));
    if (answer->active) return {};
    // The request is stored and a later reset would activate it. Revert it, unless it was pending before.
    const bool was_pending = gpu.state.mig.pending == set.enable;
    const bool stays = was_pending || !node.mig().set_mig_mode(gpu.index, !set.enable);
    return fail(ErrorKind::refused, gpu_text(gpu.index),
                fmt::format("cannot {} now: the driver answers {}{}{}", plan::step_text(gpu.capability, step),
                            answer->activation.text, users(gpu),
                            was_pending ? "; the switch stays pending, as it was"
                            : stays     ? "; the switch stays pending: the driver refused to cancel it"
                                        : ""),
                "stop these processes, or name their unit with " + Hint::option("stop-unit"));
  }
  Result<void> operator()(const model::CreateGi& made) const {
    return told(node.mig().create_gi(gpu.index, made.seat.profile, made.seat.placement));
  }
  Result<void> operator()(const model::DestroyGi& gone) const {
    const auto* gi = GPUSLICE_TRY(found(gone.seat));
    return told(node.mig().destroy_gi(gpu.index, gi->id));
  }
  Result<void> operator()(const model::CreateCi& made) const {
    const auto* gi = GPUSLICE_TRY(found(made.seat.parent));
    return told(node.mig().create_ci(gpu.index, gi->id, made.seat.profile, made.seat.placement));
  }
  Result<void> operator()(const model::DestroyCi& gone) const {
    const auto* gi = GPUSLICE_TRY(found(gone.seat.parent));
    const auto* ci = standing(*gi, gone.seat);
    if (ci == nullptr) return missing();
    return told(node.mig().destroy_ci(gpu.index, gi->id, ci->id));
  }
  Result<void> operator()(const model::SetComputeMode& set) const {
    return told(node.modes().set_compute_mode(gpu.index, static_cast<std::uint32_t>(set.mode)));
  }
  Result<void> operator()(const model::SetTimeSlice& set) const {
    return told(node.modes().set_time_slice(gpu.index, static_cast<std::uint32_t>(set.policy)));
  }

  template <class T>
  [[nodiscard]] Result<void> told(const node::Answer<T>& answer) const {
    return answered(gpu, step, answer);
  }
  [[nodiscard]] Result<void> missing() const {
    return fail(ErrorKind::not_found, gpu_text(gpu.index),
                "cannot " + plan::step_text(gpu.capability, step) + ": it does not exist");
  }
  [[nodiscard]] Result<const mig::GpuInstance*> found(const model::GiSeat& seat) const {
    const auto* gi = standing(gpu, seat);
    if (gi == nullptr) return std::unexpected(missing().error());
    return gi;
  }
  [[nodiscard]] Result<void> not_ours() const {
    return fail(ErrorKind::refused, gpu_text(gpu.index),
                "cannot " + plan::step_text(gpu.capability, step) + ": only the user can do that");
  }
};

// Whether a step changes the values that read_settings reads.
struct ChangesSettings {
  bool operator()(const model::ComputeDisplay&) const { return false; }
  bool operator()(const model::Reboot&) const { return false; }
  bool operator()(const model::Reset&) const { return false; }
  bool operator()(const model::SetMig&) const { return false; }
  bool operator()(const model::DestroyCi&) const { return false; }
  bool operator()(const model::DestroyGi&) const { return false; }
  bool operator()(const model::CreateGi&) const { return false; }
  bool operator()(const model::CreateCi&) const { return false; }
  bool operator()(const model::SetComputeMode&) const { return true; }
  bool operator()(const model::SetTimeSlice&) const { return true; }
};

}  // namespace

Result<void> do_step(Workers& workers, model::Gpu& gpu, const model::Step& step, Workers::Patience patience) {
  const auto expected = GPUSLICE_TRY(plan::after_step(gpu.capability, gpu.state, {}, step));
  // The GPU as it was last read, and the result.
  using Seen = std::pair<model::Gpu, Result<void>>;
  const auto take = [now = gpu, step, expected](node::Node& node) mutable -> Result<Seen> {
    const auto before = now.state;
    const auto look = [&]() -> Result<void> {
      GPUSLICE_CHECK(read_again(node, now));
      if (std::visit(ChangesSettings{}, step.action)) read_settings(node, now);
      return {};
    };
    const auto done = [&]() -> Result<void> {
      GPUSLICE_CHECK(look());
      if (!plan::same_shape(before, now.state))
        return fail(ErrorKind::refused, gpu_text(now.index),
                    "was changed by another program: " + plan::unexpected_text(now.capability, before, now.state),
                    "find the other program that partitions this GPU, then repeat the command");
      const auto performed = std::visit(Perform{node, now, step}, step.action);
      // What the step has cleared is not known any more, until it is read.
      plan::each_setting(expected, [&](const char*, auto member, auto) {
        if (!(expected.*member)) (now.state.*member).reset();
      });
      GPUSLICE_CHECK(look());
      GPUSLICE_CHECK(performed);
      if (!plan::same_shape(expected, now.state))
        return fail(ErrorKind::unknown, gpu_text(now.index),
                    fmt::format("the driver reported success for \"{}\", but {}", plan::step_text(now.capability, step),
                                plan::unexpected_text(now.capability, expected, now.state)));
      return {};
    }();
    return Seen{std::move(now), done};
  };
  auto seen = workers.on(gpu.index, patience, take);
  if (!seen) return std::unexpected(seen.error());
  gpu = std::move(seen->first);
  return std::move(seen->second);
}

}  // namespace gpuslice::ops
