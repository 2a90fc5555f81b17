#include "ops/stepper.hpp"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "ops/driver_error.hpp"
#include "ops/observe.hpp"
#include "plan/shape.hpp"

namespace gpuslice::ops {
namespace {

std::atomic<bool> stuck{false};

using Kind = model::Step::Kind;

std::string name_of(GpuIndex gpu) { return fmt::format("GPU {}", gpu.value); }

const mig::GpuInstance* standing(const model::Gpu& gpu, const model::Step& step) {
  for (const auto& gi : gpu.state.partition.instances)
    if (gi.placement == step.gi_placement && gi.profile == step.gi_profile) return &gi;
  return nullptr;
}
const mig::ComputeInstance* standing(const mig::GpuInstance& gi, const model::Step& step) {
  for (const auto& ci : gi.compute)
    if (ci.placement == step.ci_placement && ci.profile == step.ci_profile) return &ci;
  return nullptr;
}

mig::Placement span(mig::Placement placement) { return {placement.start, placement.size}; }

template <class Pick>
std::string clients_text(const model::Gpu& gpu, const char* whose, Pick pick) {
  std::string text;
  for (const auto& client : gpu.clients)
    if (pick(client))
      text += fmt::format("{}process {}{}", text.empty() ? whose : ", ", client.pid,
                          client.command.empty() ? "" : " (" + client.command + ")");
  return text;
}

// Who is on the GPU, for a driver that says "in use" without saying by whom.
std::string users(const model::Gpu& gpu) {
  return clients_text(gpu, "; its clients: ", [](const model::Client&) { return true; });
}

// The same for a step on an instance: only those that can be in its way (mig::step), never the clients of another
// instance. Drivers answer "in use" for other reasons too, so that none may be found.
std::string users(const model::Gpu& gpu, const model::Step& step) {
  if (step.kind == Kind::reset) return users(gpu);
  const auto* gi = step.kind == Kind::create_gi ? nullptr : standing(gpu, step);
  const auto* ci = gi != nullptr && step.kind == Kind::destroy_ci ? standing(*gi, step) : nullptr;
  auto text = clients_text(gpu, "; its clients: ", [&](const model::Client& client) {
    return gi != nullptr && client.gi == gi->id && (ci == nullptr || client.ci == ci->id);
  });
  if (step.kind == Kind::create_gi || step.kind == Kind::destroy_gi)
    text += clients_text(gpu, "; clients of the whole GPU: ", [](const model::Client& client) { return !client.gi; });
  return text.empty() ? "; no client that could be in the way is visible here" : text;
}

template <class T>
Result<void> answered(const model::Gpu& gpu, const model::Step& step, const node::Answer<T>& answer) {
  if (answer) return {};
  auto error = driver_error(name_of(gpu.index), plan::step_text(gpu.capability, step), answer.error());
  if (answer.error().code == node::err_in_use)
    error.what += step.kind == Kind::enable_mig || step.kind == Kind::disable_mig ? users(gpu) : users(gpu, step);
  return std::unexpected(error);
}

Result<void> switch_mode(node::Node& node, const model::Gpu& gpu, const model::Step& step) {
  const bool enable = step.kind == Kind::enable_mig;
  const auto answer = node.mig().set_mig_mode(gpu.index, enable);
  GPUSLICE_CHECK(answered(gpu, step, answer));
  if (answer->active) return {};
  // The request is stored and would come into force at some later reset: take it back, unless it was stored before.
  const bool was_pending = gpu.state.pending == enable;
  const bool stays = was_pending || !node.mig().set_mig_mode(gpu.index, !enable);
  return fail(ErrorKind::refused, name_of(gpu.index),
              fmt::format("cannot {} now: the driver answers {}{}{}", plan::step_text(gpu.capability, step),
                          answer->activation.text, users(gpu),
                          was_pending ? "; the switch stays pending, as it was"
                          : stays     ? "; the switch stays pending: the driver does not take it back"
                                      : ""),
              "end those clients, or name their unit with --stop-unit");
}

// The call of the driver for a step, on the instances that stand there now.
Result<void> perform(node::Node& node, const model::Gpu& gpu, const model::Step& step) {
  const auto missing = [&] {
    return fail(ErrorKind::not_found, name_of(gpu.index),
                "cannot " + plan::step_text(gpu.capability, step) + ": it is not there");
  };
  if (step.kind == Kind::enable_mig || step.kind == Kind::disable_mig) return switch_mode(node, gpu, step);
  if (step.kind == Kind::reset) return answered(gpu, step, node.reset().reset_gpu(gpu.index));
  if (step.kind == Kind::create_gi)
    return answered(gpu, step, node.mig().create_gi(gpu.index, step.gi_profile, span(step.gi_placement)));
  const auto* gi = standing(gpu, step);
  if (gi == nullptr) return missing();
  if (step.kind == Kind::destroy_gi) return answered(gpu, step, node.mig().destroy_gi(gpu.index, gi->id));
  if (step.kind == Kind::create_ci)
    return answered(gpu, step, node.mig().create_ci(gpu.index, gi->id, step.ci_profile, span(step.ci_placement)));
  const auto* ci = standing(*gi, step);
  if (ci == nullptr) return missing();
  return answered(gpu, step, node.mig().destroy_ci(gpu.index, gi->id, ci->id));
}

}  // namespace

bool driver_is_stuck() { return stuck.load(); }

Result<void> in_time(std::chrono::milliseconds timeout, const std::string& object, std::function<Result<void>()> call) {
  struct Waiting {
    std::mutex guard;
    std::condition_variable changed;
    std::optional<Result<void>> result;
  };
  const auto waiting = std::make_shared<Waiting>();
  std::thread worker;
  try {
    worker = std::thread([waiting, call = std::move(call)] {
      auto result = call();
      const std::scoped_lock lock(waiting->guard);
      waiting->result = std::move(result);
      waiting->changed.notify_one();
    });
  } catch (const std::system_error& thrown) {
    return fail(ErrorKind::io, object, std::string("cannot start a thread: ") + thrown.what());
  }
  std::unique_lock lock(waiting->guard);
  if (waiting->changed.wait_for(lock, timeout, [&] { return waiting->result.has_value(); })) {
    lock.unlock();
    // What the call holds goes with its thread, and not while the program ends.
    worker.join();
    return *waiting->result;
  }
  worker.detach();
  stuck = true;
  return fail(ErrorKind::unknown, object,
              fmt::format("the driver has not answered within {:g} s; the kernel log may say why",
                          static_cast<double>(timeout.count()) / 1000.0),
              "gpuslice recover");
}

Result<void> do_step(const std::shared_ptr<node::Node>& node, model::Gpu& gpu, const model::Step& step,
                     std::chrono::milliseconds timeout) {
  struct Shared {
    model::Gpu gpu;
    model::Step step;
    std::shared_ptr<node::Node> node;
  };
  const auto shared = std::make_shared<Shared>(Shared{gpu, step, node});
  const auto expected = GPUSLICE_TRY(plan::after_step(gpu.capability, gpu.state, {}, step));
  const auto done = in_time(timeout, name_of(gpu.index), [shared, expected]() -> Result<void> {
    auto& now = shared->gpu;
    const auto before = now.state;
    GPUSLICE_CHECK(observe_again(*shared->node, now));
    if (!plan::same_shape(before, now.state))
      return fail(ErrorKind::refused, name_of(now.index),
                  "was changed by somebody else: " + plan::unexpected_text(now.capability, before, now.state),
                  "see who else partitions this GPU, then type the same again");
    const auto performed = perform(*shared->node, now, shared->step);
    GPUSLICE_CHECK(observe_again(*shared->node, now));
    GPUSLICE_CHECK(performed);
    if (!plan::same_shape(expected, now.state))
      return fail(ErrorKind::unknown, name_of(now.index),
                  fmt::format("the driver said yes to \"{}\", but {}", plan::step_text(now.capability, shared->step),
                              plan::unexpected_text(now.capability, expected, now.state)));
    return {};
  });
  if (!driver_is_stuck()) gpu = shared->gpu;
  return done;
}

}  // namespace gpuslice::ops
