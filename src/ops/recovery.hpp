// What ends an interrupted change, decided from what its GPUs show: it is completed when all of its steps had been
// done, and rolled back otherwise. Pure: the same decision is carried out by `recover` and shown by a dry run.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/plan.hpp"
#include "ops/failure.hpp"
#include "plan/gpu_planner.hpp"
#include "store/transaction.hpp"

namespace gpuslice::ops {

// Whether every GPU of the change shows what the change was to lead to.
[[nodiscard]] bool is_complete(const model::Inventory& inventory, const store::Transaction& interrupted);

// The readable GPU with this UUID, or null.
[[nodiscard]] const model::Gpu* find_gpu(const model::Inventory& inventory, const std::string& uuid);
// That of a GPU of the change that find_gpu does not find.
[[nodiscard]] Remainder missing_gpu(const model::Inventory& inventory, const store::GpuRecord& record);

// The plan from what the GPU shows to the state before the change. Whatever the change names may be destroyed; an
// instance that it does not name stays.
[[nodiscard]] std::expected<model::GpuPlan, plan::Refusal> way_back(model::Gpu gpu, const store::GpuRecord& record);

// Whether a GPU shows the state before the change, settings that the change recorded included.
[[nodiscard]] bool is_as_before(const model::Gpu& gpu, const store::GpuRecord& record);
// Whether the change recorded settings, so that they have to be read before any of this is asked.
[[nodiscard]] bool depends_on_settings(const store::GpuRecord& record);

// What a GPU still lacks of the state before the change; empty: nothing.
[[nodiscard]] std::string still_to_do(const model::Gpu& gpu, const store::GpuRecord& record);

// The end of one interrupted change, foreseen.
struct Recovery {
  store::Transaction transaction;
  bool complete{};
  model::Plan plan;                // the steps of the rollback; none when it is complete
  std::vector<Remainder> remains;  // what cannot be rolled back as far as the rules of MIG tell
};
[[nodiscard]] Recovery foresee_recovery(const model::Inventory& inventory, const store::Transaction& interrupted);

// The node as it will be then. Instances that the rollback creates again have ids from `unknown_id` on, because the
// driver chooses them; their MIG devices are not listed.
inline constexpr std::uint32_t unknown_id = 1U << 30U;
void recover_in(const Recovery& recovery, model::Inventory& inventory, store::Names& names,
                std::vector<store::Transaction>& history);

// Whether ending this change is all that `undo` has to do. An interrupted change is what `undo` is about, so rolling it
// back is the undo; a complete one is undone as any other. An interrupted undo that is complete has been done; one that
// was rolled back is done again. So exactly one change is undone whenever the process was killed.
[[nodiscard]] bool undo_ends_with(const store::Transaction& interrupted, bool complete);

}  // namespace gpuslice::ops
