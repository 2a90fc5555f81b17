// What is on a node now, through the port: GPUs, what they can do, what stands on them, who uses it.
//
// What a GPU can do comes from its driver. What the driver does not say before an instance stands (compute instance
// profiles, how the mode is switched) comes from the catalogue, or for an unknown product from its architecture.
#pragma once

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "node/port.hpp"
#include "ops/workers.hpp"
#include "store/transaction.hpp"

namespace gpuslice::ops {

// How much is asked of a GPU whose MIG mode is off. What it could do is a question of some 30 calls, which on a real
// card take 9 ms; without them its capability is as the catalogue has it.
enum class Ask : std::uint8_t { all, what_stands };

// All GPUs, each read by its worker. One that cannot be read, or does not answer, is there with its problem; the error
// is for a node that does not answer at all.
[[nodiscard]] Result<model::Inventory> observe(Workers& workers, Ask ask = Ask::all);

// One of them, by its worker.
[[nodiscard]] Result<model::Gpu> observe_gpu(Workers& workers, GpuIndex gpu, Ask ask = Ask::all);

// The GPU with what changes on it read again: mode, instances, MIG devices, clients.
[[nodiscard]] Result<model::Gpu> observe_again(Workers& workers, const model::Gpu& gpu);

// The same for code that already runs on the GPU's worker. After an error `gpu` may hold new and old parts.
[[nodiscard]] Result<void> read_again(node::Node& node, model::Gpu& gpu);

// Asks besides how the whole GPU is shared, compute mode and time slice, which the others leave as it was: on a real
// driver the time slice takes a program of NVIDIA's. What the driver does not say stays absent. Runs on the GPU's
// worker.
void read_settings(node::Node& node, model::Gpu& gpu);

// The same for a GPU of an inventory, by its worker. Left as it was when there is no answer.
void observe_settings(Workers& workers, model::Gpu& gpu);

// What gpuslice made, as far as it still stands.
void remember(model::Inventory& inventory, const store::Names& names);
[[nodiscard]] std::vector<model::NamedGi> still_standing(const model::GpuState& state,
                                                         std::vector<model::NamedGi> made);

}  // namespace gpuslice::ops
