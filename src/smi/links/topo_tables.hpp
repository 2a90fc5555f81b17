// The tables of `nvidia-smi topo`: the path between each pair of GPUs, and how each may access the other's memory.
//
// The driver calls, and the output if one of them is refused, were recorded with NVIDIA's program on the simulated
// library.
#pragma once

#include <array>

#include "smi/session.hpp"

namespace gpuslice::smi {

struct LevelText {
  const char *mark, *by_way_of;
};
[[nodiscard]] const LevelText& level_text(node::PathLevel level);

// nvidia-smi shows no further ranges of CPUs and memory nodes (published output of hosts that interleave CPU numbers).
inline constexpr std::size_t most_ranges = 6;

// Each function prints a table of the session's GPUs and returns the exit status. GPUs that cannot be reached are left
// out, except for their rows in the table of peers.
[[nodiscard]] int print_matrix(Session& session, bool with_links);
[[nodiscard]] int print_nvme_matrix(Session& session);
void print_peers(Session& session, node::PeerAccess access);

}  // namespace gpuslice::smi
