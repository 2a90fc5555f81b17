// Which GPU instance id stands at which place, and which place the driver picks when the caller names none.
//
// A GPU instance id ("swizzId") names a memory class and a position: full 0, halves 1-2, quarters 3-6, eighths 7-14
// (RM, kmigmgr_ga100.c). On seven-slice boards one eighth is missing; which one decides between two maps (variants A
// and B, seen in public -lgi transcripts and the project's own). The choice of a place is a fit to all transcripts, not
// read in source: the id that leaves the most capacity, ties to the lowest id. Only the simulated driver uses this; a
// planner names its placements.
#pragma once

#include <optional>

#include "catalog/product.hpp"
#include "mig/partition.hpp"

namespace gpuslice::sim {

// The id of an instance of `placement` on a board with `grid` units; nothing when the board has no such id.
[[nodiscard]] std::optional<mig::GiId> instance_id(catalog::IdScheme scheme, catalog::BoardVariant variant,
                                                   unsigned grid, mig::Placement placement);

// The place the driver picks for one more instance of `profile`; nothing when none is free.
[[nodiscard]] std::optional<mig::Placement> default_placement(const mig::Capability& capability,
                                                              catalog::IdScheme scheme, catalog::BoardVariant variant,
                                                              const mig::Partition& partition,
                                                              const mig::GiProfile& profile);

// Compute instances stand in compute slots, each size on multiples of its own, where the product has the larger
// one-slice compute profile (id 7, RM's mini-quarter: Hopper and later); elsewhere at every slice where they fit
// (open-gpu-kernel-modules 595.45, kernel_mig_manager.c: kmigmgrIsCTSAlignmentRequired_PF,
// kmigmgrComputeProfileGetCapacity).
[[nodiscard]] bool aligns_compute(const mig::Capability& whole);

// The same for a compute instance. With slots the one that leaves most of them usable, ties lowest
// (kmigmgrGetFreeCTSId); else the first that fits from the low end (kernel_graphics_manager.c,
// kgrmgrCheckVeidsRequest).
[[nodiscard]] std::optional<mig::Placement> default_compute_placement(const mig::GiProfile& parent,
                                                                      const mig::GpuInstance& instance,
                                                                      const mig::CiProfile& profile, bool aligned);

}  // namespace gpuslice::sim
