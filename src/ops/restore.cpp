#include "ops/restore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "ops/observe.hpp"
#include "plan/by_gpu.hpp"
#include "plan/planner.hpp"

namespace gpuslice::ops {
namespace {

// Whether the layout decides what becomes of everything that an interrupted change left.
bool decided_by(const plan::ByGpu& split, const std::vector<Remainder>& remains) {
  return std::ranges::all_of(remains, [&](const Remainder& one) {
    if (!one.gpu) return false;          // no GPU could be read
    if (!one.uuid.empty()) return true;  // it is not there, or cannot be read
    return std::ranges::any_of(split.gpus, [&](const plan::OnGpu& on) { return on.gpu == *one.gpu; });
  });
}

std::expected<Recovered, Failure> recover_first(const Subject& subject, const ChangeOptions& options,
                                                const plan::ByGpu& split) {
  const auto recovery = recover(subject, options, false);
  if (!recovery) {
    const bool busy = recovery.error().kind == ErrorKind::busy;
    return std::unexpected(Failure(busy ? Cause::busy : Cause::cut_off, recovery.error()));
  }
  if (recovery->remains.empty() || recovery->forward || options.stop.stop_requested()) return *recovery;
  if (!decided_by(split, recovery->remains)) {
    Failure failure(Cause::cut_off,
                    Error{ErrorKind::refused, "node", "has an interrupted change that cannot be rolled back", ""});
    failure.remains = recovery->remains;
    failure.recorded = Recorded::journalled;
    failure.interrupted = recovery->transaction->number;
    return std::unexpected(std::move(failure));
  }
  auto accepted = because(Cause::cut_off, recover(subject, options, true));
  if (accepted) accepted->remains = recovery->remains;
  return accepted;
}

// Whether a failure concerns the restore as a whole, so that trying each GPU by itself would end the same way.
bool ends_all(Cause cause) {
  return cause == Cause::interrupted || cause == Cause::declined || cause == Cause::busy || cause == Cause::store ||
         cause == Cause::wrong_options || cause == Cause::unreadable || cause == Cause::hook_failed;
}

// One restore of a node whose interrupted change has been ended.
class Restorer {
 public:
  Restorer(const Subject& subject, const ChangeOptions& options, const plan::ByGpu& split,
           std::vector<RestoredGpu>& gpus)
      : subject_(subject), options_(options), split_(split), gpus_(gpus) {}

  void go() {
    model::Layout all;
    for (const auto& gpu : gpus_)
      if (const auto* wanted = to_do(gpu)) all.gpus.push_back(wanted->gpus.front());
    if (all.gpus.empty()) return;
    const auto done = restore(all);
    for (auto& gpu : gpus_) {
      if (to_do(gpu) == nullptr) continue;
      if (done)
        gpu.change = done->number;
      else if (ends_all(done.error().cause) || all.gpus.size() == 1)
        gpu.failure = done.error();
      else
        by_itself(gpu, done.error());
    }
  }

 private:
  // The layout of a GPU that is not as it should be and can be; null: nothing is to be done, or nothing can be.
  [[nodiscard]] const model::Layout* to_do(const RestoredGpu& gpu) const {
    if (!gpu.before.gpu || gpu.before.reason || gpu.before.matches()) return nullptr;
    const auto on = std::ranges::find(split_.gpus, *gpu.before.gpu, &plan::OnGpu::gpu);
    return on == split_.gpus.end() || !on->layout ? nullptr : &*on->layout;
  }

  void by_itself(RestoredGpu& gpu, const Failure& first) {
    // The call that did not return was one of this GPU: a second one would only wait for it.
    if (subject_.workers->hung(*gpu.before.gpu)) {
      gpu.failure = first;
      return;
    }
    if (const auto recovered = recover_first(subject_, options_, split_); !recovered) {
      gpu.failure = recovered.error();
      return;
    }
    const auto done = restore(*to_do(gpu));
    if (done)
      gpu.change = done->number;
    else
      gpu.failure = done.error();
  }

  std::expected<Changed, Failure> restore(const model::Layout& layout) {
    return change(subject_, options_,
                  [&](const model::Inventory& inventory) { return plan::plan_layout(inventory, layout); });
  }

  const Subject& subject_;
  const ChangeOptions& options_;
  const plan::ByGpu& split_;
  std::vector<RestoredGpu>& gpus_;
};

}  // namespace

bool Restoration::complete() const {
  return std::ranges::all_of(gpus, [](const RestoredGpu& gpu) { return !gpu.failure && gpu.after.matches(); });
}

bool Restoration::unknown() const {
  return !complete() && std::ranges::all_of(gpus, [](const RestoredGpu& gpu) {
    return (!gpu.failure && gpu.after.matches()) || gpu.after.unknown();
  });
}

std::expected<Restoration, Failure> restore(const Subject& subject, const ChangeOptions& options,
                                            const model::Layout& layout) {
  auto of_restore = options;
  of_restore.verb = store::restore_verb;
  Restoration done;
  const auto found = GPUSLICE_TRY(because(Cause::unreadable, see(subject)));
  done.recovered = GPUSLICE_TRY(recover_first(subject, of_restore, plan::by_gpu(layout, found.inventory)));
  const auto seen = GPUSLICE_TRY(because(Cause::unreadable, see(subject)));
  done.problems = seen.problems;
  for (auto& standing : standing_of(seen.inventory, layout, {})) done.gpus.emplace_back().before = std::move(standing);

  const auto split = plan::by_gpu(layout, seen.inventory);
  Restorer(subject, of_restore, split, done.gpus).go();

  const auto now = GPUSLICE_TRY(because(Cause::unreadable, see(subject)));
  const auto history = subject.store.history().value_or(std::vector<store::Transaction>{});
  const auto standing = standing_of(now.inventory, layout, history);
  for (auto& gpu : done.gpus) {
    gpu.after = gpu.before;
    if (!gpu.before.gpu) continue;
    const auto same = std::ranges::find(standing, gpu.before.gpu, &GpuStanding::gpu);
    if (same != standing.end())
      gpu.after = *same;
    else if (const auto* lost = now.inventory.find(*gpu.before.gpu); lost == nullptr || !lost->problem.empty())
      gpu.after.reason = Error{ErrorKind::unknown, fmt::format("GPU {}", gpu.before.gpu->value),
                               lost == nullptr ? "is not there any more" : lost->problem, ""};
  }
  return done;
}

bool all_present(const model::Inventory& inventory, const model::Layout& layout) {
  const auto split = plan::by_gpu(layout, inventory);
  return split.absent.empty() && std::ranges::all_of(split.gpus, [&](const plan::OnGpu& on) {
           return inventory.find(on.gpu)->problem.empty();
         });
}

}  // namespace gpuslice::ops
