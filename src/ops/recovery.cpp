#include "ops/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ops/observe.hpp"
#include "plan/keep.hpp"
#include "plan/settings.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::ops {
namespace {

using store::GpuRecord;
using store::Transaction;

std::string users(const std::vector<model::Client>& clients) {
  std::string text;
  for (const auto& client : clients)
    text += fmt::format("{}process {}{}", text.empty() ? "" : ", ", client.pid,
                        client.command.empty() ? "" : " (" + client.command + ")");
  return text;
}

// Applies the steps of `plan` to `gpu` by the rules of MIG. Errors: refused, for example because of clients.
Result<void> take_steps(model::Gpu& gpu, const model::GpuPlan& plan) {
  std::uint32_t next = unknown_id;
  for (const auto& step : plan.steps) {
    auto after = plan::after_step(gpu.capability, gpu.state, gpu.clients, step);
    if (!after)
      return fail(ErrorKind::refused, fmt::format("GPU {}", gpu.index.value),
                  fmt::format("cannot {}{}", plan::step_text(gpu.capability, step),
                              step.clients.empty() ? "" : ": in use by " + users(step.clients)));
    if (const auto* made = std::get_if<model::CreateGi>(&step.action))
      for (auto& gi : after->mig.partition.instances)
        if (gi.placement == made->seat.placement) gi.id = mig::GiId{next++};
    if (const auto* made = std::get_if<model::CreateCi>(&step.action))
      for (auto& gi : after->mig.partition.instances)
        for (auto& ci : gi.compute)
          if (gi.placement == made->seat.parent.placement && ci.placement == made->seat.placement)
            ci.id = mig::CiId{next++};
    gpu.state = *std::move(after);
  }
  return {};
}

std::string missing_steps(const mig::Capability& capability, const model::GpuPlan& plan) {
  std::string text;
  for (const auto& step : plan.steps) text += (text.empty() ? "" : ", ") + plan::step_text(capability, step);
  return text;
}

}  // namespace

const model::Gpu* find_gpu(const model::Inventory& inventory, const std::string& uuid) {
  for (const auto& gpu : inventory.gpus)
    if (gpu.problem.empty() && gpu.uuid == uuid) return &gpu;
  return nullptr;
}

Remainder missing_gpu(const model::Inventory& inventory, const GpuRecord& record) {
  const auto* there = inventory.find(record.index);
  return {record.index, record.uuid, there != nullptr && !there->problem.empty() ? there->problem : "is missing"};
}

bool is_complete(const model::Inventory& inventory, const Transaction& interrupted) {
  return std::all_of(interrupted.gpus.begin(), interrupted.gpus.end(), [&](const auto& record) {
    const auto* gpu = find_gpu(inventory, record.uuid);
    return gpu != nullptr && plan::same_shape(gpu->state, record.after) &&
           plan::steps_to_settings(gpu->state, record.after).empty();
  });
}

std::expected<model::GpuPlan, plan::Refusal> way_back(model::Gpu gpu, const GpuRecord& record) {
  gpu.made =
      plan::merged(plan::as_made(record.before, record.made_before), plan::as_made(record.after, record.made_after));
  auto back = plan::plan_gpu(gpu, plan::target_of(record.before, record.made_before));
  if (!back) return back;
  // Settings come last. All of them are set if a step resets the GPU, because the reset clears them.
  for (auto& step : plan::steps_to_settings(back->after, record.before)) {
    if (auto after = plan::after_step(gpu.capability, back->after, {}, step)) back->after = *std::move(after);
    back->steps.push_back(std::move(step));
    ++back->cost.steps;
  }
  return back;
}

bool is_as_before(const model::Gpu& gpu, const GpuRecord& record) {
  return plan::same_shape(gpu.state, record.before) && plan::steps_to_settings(gpu.state, record.before).empty();
}

bool depends_on_settings(const GpuRecord& record) {
  return plan::knows_settings(record.before) || plan::knows_settings(record.after);
}

std::string still_to_do(const model::Gpu& gpu, const GpuRecord& record) {
  const auto rest = way_back(gpu, record);
  if (!rest) return rest.error().what;
  auto text = missing_steps(gpu.capability, *rest);
  // No step can restore a pending switch: without clients the driver would switch immediately.
  if (text.empty() && gpu.state.mig.pending != record.before.mig.pending)
    text = fmt::format("MIG mode {} was pending and no longer is", record.before.mig.pending ? "on" : "off");
  return text;
}

Recovery foresee_recovery(const model::Inventory& inventory, const Transaction& interrupted) {
  Recovery recovery;
  recovery.transaction = interrupted;
  recovery.complete = is_complete(inventory, interrupted);
  recovery.plan.digest = plan::digest(inventory);
  if (recovery.complete) return recovery;
  for (const auto& record : interrupted.gpus) {
    const auto* gpu = find_gpu(inventory, record.uuid);
    if (gpu == nullptr) {
      recovery.remains.push_back(missing_gpu(inventory, record));
      continue;
    }
    if (is_as_before(*gpu, record)) continue;
    auto back = way_back(*gpu, record);
    if (!back) {
      recovery.remains.push_back({gpu->index, "", back.error().what});
      continue;
    }
    auto now = *gpu;
    if (const auto taken = take_steps(now, *back); !taken)
      recovery.remains.push_back({gpu->index, "", taken.error().what});
    else if (const auto rest = still_to_do(now, record); !rest.empty())
      recovery.remains.push_back({gpu->index, "", "still to do: " + rest});
    back->after = now.state;
    back->made = record.made_before;
    recovery.plan.gpus.push_back(*std::move(back));
  }
  std::sort(recovery.plan.gpus.begin(), recovery.plan.gpus.end(),
            [](const auto& a, const auto& b) { return a.gpu < b.gpu; });
  return recovery;
}

void recover_in(const Recovery& recovery, model::Inventory& inventory, store::Names& names,
                std::vector<Transaction>& history) {
  if (recovery.complete) {
    for (const auto& record : recovery.transaction.gpus) names.set(record.uuid, record.made_after);
    for (auto& past : history)
      if (recovery.transaction.undoes != 0 && past.number == recovery.transaction.undoes)
        past.outcome = store::Outcome::undone;
    std::erase_if(history, [&](const auto& past) { return past.number == recovery.transaction.number; });
    history.push_back(recovery.transaction);
    history.back().outcome = store::Outcome::done;
  }
  for (const auto& one : recovery.plan.gpus)
    for (auto& gpu : inventory.gpus) {
      if (gpu.index != one.gpu) continue;
      gpu.state = one.after;
      std::erase_if(gpu.devices, [&](const auto& device) {
        const auto* gi = gpu.state.mig.partition.find(device.gi);
        return gi == nullptr || gi->find(device.ci) == nullptr;
      });
    }
  remember(inventory, names);
}

bool undo_ends_with(const Transaction& interrupted, bool complete) {
  const bool is_undo = interrupted.undoes != 0;
  return is_undo ? complete : !complete;
}

}  // namespace gpuslice::ops
