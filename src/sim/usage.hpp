// What a GPU has used up to a moment: energy, and time spent idle or with reduced clocks. The usage is added up at each
// change of the GPU's clients, because the load is constant in between; a client that has ended counts until some
// process detects its end.
//
// Times are microseconds since the epoch; the same state and time give the same figures.
#pragma once

#include <span>
#include <vector>

#include "catalog/product.hpp"
#include "mig/capability.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// The usage of `gpu` at `now_us`, if `load` has been on it since the usage was last added up.
[[nodiscard]] Usage usage_at(const catalog::Sensors& board, const GpuConfig& config, const GpuDynamic& gpu,
                             const Load& load, std::uint64_t now_us);

// The records of the GPU's clients of this boot, including those that have ended undetected.
[[nodiscard]] std::vector<Client> recorded_clients(const NodeDynamic& state, std::uint32_t gpu);

// Adds up the usage until now, for the recorded clients. The overload without board and capability looks these up; it
// leaves a GPU whose product is not in the catalogue unchanged.
void settle_usage(const catalog::Sensors& board, const mig::Capability& capability, const GpuConfig& config,
                  NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us);
void settle_usage(const NodeConfig& node, NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us);

// Records that the client of the slot has ended: settles the usage of its GPU, adds an accounting record if accounting
// is on, and clears the slot's record. If `now_us` is 0, it only clears the record.
void retire_client(const NodeConfig& node, NodeDynamic& state, std::size_t slot, std::uint64_t now_us);

// The accounting records of the GPU's ended processes, oldest first.
[[nodiscard]] std::vector<Accounted> accounted_of(const AccountedRing& ring, std::uint32_t gpu);
void forget_accounted(AccountedRing& ring, std::uint32_t gpu);

}  // namespace gpuslice::sim
