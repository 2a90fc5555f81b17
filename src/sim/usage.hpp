// What a GPU has used up to a moment: energy, and time spent idle or held back. Summed up at each change of its
// clients, because a load is constant in between; a client that ended counts until somebody notices.
//
// Clock values come in as microseconds since the epoch; the same state and time give the same figures.
#pragma once

#include <span>
#include <vector>

#include "catalog/product.hpp"
#include "mig/capability.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// The figures of `gpu` at `now_us`, when `load` has been on it since they were summed up last.
[[nodiscard]] Usage usage_at(const catalog::Sensors& board, const GpuConfig& config, const GpuDynamic& gpu,
                             const Load& load, std::uint64_t now_us);

// The records of the GPU's clients of this boot, those that ended unnoticed among them.
[[nodiscard]] std::vector<Client> recorded_clients(const NodeDynamic& state, std::uint32_t gpu);

// Sums up until now, with the clients that are recorded. Who does not have its figures at hand has them looked up; a
// GPU whose product is not in the catalogue stays as it is.
void settle_usage(const catalog::Sensors& board, const mig::Capability& capability, const GpuConfig& config,
                  NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us);
void settle_usage(const NodeConfig& node, NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us);

// The client of the slot has ended: its GPU is settled, the process accounted for where the GPU does that, and its
// record cleared. `now_us` 0: only cleared.
void retire_client(const NodeConfig& node, NodeDynamic& state, std::size_t slot, std::uint64_t now_us);

// The processes of the GPU that ended and were accounted for, the oldest first.
[[nodiscard]] std::vector<Accounted> accounted_of(const AccountedRing& ring, std::uint32_t gpu);
void forget_accounted(AccountedRing& ring, std::uint32_t gpu);

}  // namespace gpuslice::sim
