// What a GPU has used up to a moment: energy, and time spent idle or held back. It is added up at each change of its
// clients, because the load is constant in between; a client that ended counts until some process notices.
//
// Times are microseconds since the epoch; the same state and time give the same figures.
#pragma once

#include <span>
#include <vector>

#include "catalog/product.hpp"
#include "mig/capability.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// The figures of `gpu` at `now_us`, when `load` has been on it since they were last added up.
[[nodiscard]] Usage usage_at(const catalog::Sensors& board, const GpuConfig& config, const GpuDynamic& gpu,
                             const Load& load, std::uint64_t now_us);

// The records of the GPU's clients of this boot, including those whose end nobody has noticed yet.
[[nodiscard]] std::vector<Client> recorded_clients(const NodeDynamic& state, std::uint32_t gpu);

// Adds up until now, with the clients that are recorded. The overload without board and capability looks them up; it
// leaves a GPU whose product is not in the catalogue unchanged.
void settle_usage(const catalog::Sensors& board, const mig::Capability& capability, const GpuConfig& config,
                  NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us);
void settle_usage(const NodeConfig& node, NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us);

// The client of the slot has ended: settles its GPU, adds an accounting record if accounting is on, and clears the
// slot's record. `now_us` 0: only clears.
void retire_client(const NodeConfig& node, NodeDynamic& state, std::size_t slot, std::uint64_t now_us);

// The accounting records of the GPU's ended processes, oldest first.
[[nodiscard]] std::vector<Accounted> accounted_of(const AccountedRing& ring, std::uint32_t gpu);
void forget_accounted(AccountedRing& ring, std::uint32_t gpu);

}  // namespace gpuslice::sim
