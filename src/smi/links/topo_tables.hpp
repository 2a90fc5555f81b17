// The tables of `nvidia-smi topo`: how each GPU reaches each other one, and what it may do with its memory.
//
// Recorded, the calls and what becomes of a refusal of each, with NVIDIA's program over the simulated library.
#pragma once

#include <array>

#include "smi/session.hpp"

namespace gpuslice::smi {

struct LevelText {
  const char *mark, *by_way_of;
};
[[nodiscard]] const LevelText& level_text(node::PathLevel level);

// More runs of CPUs and memory nodes are not shown (published output of hosts that count CPUs in turn).
inline constexpr std::size_t most_ranges = 6;

// Each prints a table of the session's GPUs and returns the exit status. GPUs that cannot be reached are left out, but
// for their rows in the table of peers.
[[nodiscard]] int print_matrix(Session& session, bool with_links);
[[nodiscard]] int print_nvme_matrix(Session& session);
void print_peers(Session& session, node::PeerAccess access);

}  // namespace gpuslice::smi
