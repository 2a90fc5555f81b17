// Reads the current state of a node through the port: GPUs, capabilities, instances, clients.
//
// The capability of a GPU comes from its driver. What the driver does not report before an instance exists (compute
// instance profiles, how the mode is switched) comes from the catalogue, or, for an unknown product, from its
// architecture.
#pragma once

#include <functional>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"
#include "node/port.hpp"
#include "ops/workers.hpp"
#include "store/transaction.hpp"

namespace gpuslice::ops {

// How much to read of a GPU whose MIG mode is off. `all` reads its capability from the driver: about 30 calls, which
// take 9 ms on real hardware. `what_stands` takes the capability from the catalogue.
enum class Ask : std::uint8_t { all, what_stands };

// All GPUs, each read by its worker. A GPU that cannot be read, or does not answer, is listed with its problem. Errors:
// only if the node does not answer at all.
[[nodiscard]] Result<model::Inventory> observe(Workers& workers, Ask ask = Ask::all);

// Reads one GPU, on its worker.
[[nodiscard]] Result<model::Gpu> observe_gpu(Workers& workers, GpuIndex gpu, Ask ask = Ask::all);

// Reads the changeable parts of a GPU again: mode, instances, MIG devices, clients.
[[nodiscard]] Result<model::Gpu> observe_again(Workers& workers, const model::Gpu& gpu);

// The same for code that already runs on the GPU's worker. After an error `gpu` may hold a mix of new and old parts.
[[nodiscard]] Result<void> read_again(node::Node& node, model::Gpu& gpu);

// Reads the settings of the whole GPU, compute mode and time slice. The functions above leave them unchanged, because
// on a real driver reading the time slice runs an NVIDIA program. What the driver does not report is absent. Runs on
// the GPU's worker.
void read_settings(node::Node& node, model::Gpu& gpu);

// The same for a GPU of an inventory, on its worker. The GPU is unchanged when there is no answer.
void observe_settings(Workers& workers, model::Gpu& gpu);

// Selects GPUs whose settings are read along with everything else; null: none.
using SettingsOf = std::function<bool(const model::Gpu&)>;
// The GPUs of which the layout declares settings, because what has to be done depends on the present ones.
[[nodiscard]] SettingsOf settings_declared_by(const model::Layout& layout);

// Removes instances that no longer exist from the list of those that gpuslice created.
void remember(model::Inventory& inventory, const store::Names& names);
[[nodiscard]] std::vector<model::NamedGi> still_standing(const model::GpuState& state,
                                                         std::vector<model::NamedGi> made);

}  // namespace gpuslice::ops
