// Decides from the state of the GPUs how to end an interrupted change: it is completed if all of its steps were done,
// and rolled back otherwise. Pure: `recover` executes the same decision that a dry run shows.
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

// Whether every GPU of the change is in the state that the change was to reach.
[[nodiscard]] bool is_complete(const model::Inventory& inventory, const store::Transaction& interrupted);

// The readable GPU with this UUID, or null.
[[nodiscard]] const model::Gpu* find_gpu(const model::Inventory& inventory, const std::string& uuid);
// The remainder for a GPU of the change that find_gpu does not find.
[[nodiscard]] Remainder missing_gpu(const model::Inventory& inventory, const store::GpuRecord& record);

// The plan from the current state of the GPU to the state before the change. Instances that the change recorded may be
// destroyed; others stay.
[[nodiscard]] std::expected<model::GpuPlan, plan::Refusal> way_back(model::Gpu gpu, const store::GpuRecord& record);

// Whether a GPU is in the state before the change, including settings that the change recorded.
[[nodiscard]] bool is_as_before(const model::Gpu& gpu, const store::GpuRecord& record);
// Whether the change recorded settings. If so, they must be read before any other function here is called.
[[nodiscard]] bool depends_on_settings(const store::GpuRecord& record);

// The steps that are missing to reach the state before the change; empty: none.
[[nodiscard]] std::string still_to_do(const model::Gpu& gpu, const store::GpuRecord& record);

// How an interrupted change will end.
struct Recovery {
  store::Transaction transaction;
  bool complete{};
  model::Plan plan;                // the steps of the rollback; empty if the change is complete
  std::vector<Remainder> remains;  // what cannot be rolled back according to the rules of MIG
};
[[nodiscard]] Recovery foresee_recovery(const model::Inventory& inventory, const store::Transaction& interrupted);

// Changes the arguments to the state after the recovery. Instances that the rollback creates again get ids from
// `unknown_id` on, because the driver will choose the real ones; their MIG devices are not listed.
inline constexpr std::uint32_t unknown_id = 1U << 30U;
void recover_in(const Recovery& recovery, model::Inventory& inventory, store::Names& names,
                std::vector<store::Transaction>& history);

// Whether `undo` has nothing left to do after recovering this change. The rollback of an interrupted change is already
// the undo; a change that recovery completes is undone like any other. If an interrupted undo is completed by recovery,
// it is done; if it is rolled back, it is repeated. So exactly one change is undone, whenever the process was killed.
[[nodiscard]] bool undo_ends_with(const store::Transaction& interrupted, bool complete);

}  // namespace gpuslice::ops
