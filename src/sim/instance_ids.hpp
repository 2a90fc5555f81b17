// Which GPU instance id belongs to which placement, and which placement the driver picks when the caller names none.
//
// A GPU instance id ("swizzId") encodes a memory class and a position: full 0, halves 1-2, quarters 3-6, eighths 7-14
// (open-gpu-kernel-modules, kmigmgr_ga100.c). On seven-slice boards one eighth is missing; which one decides between
// two maps (variants A and B, found in nvidia-smi -lgi transcripts: tests/oracle/gi_ids.py). The choice of a placement
// is fitted to all transcripts, not taken from source code: the id that leaves the most capacity, ties to the lowest
// id. Only the simulated driver uses this; a planner names its placements.
#pragma once

#include <optional>

#include "catalog/product.hpp"
#include "mig/partition.hpp"

namespace gpuslice::sim {

// The id of an instance of `placement` on a board with `grid` units; nullopt when the board has no such id.
[[nodiscard]] std::optional<mig::GiId> instance_id(catalog::IdScheme scheme, catalog::BoardVariant variant,
                                                   unsigned grid, mig::Placement placement);

// The placement that the driver picks for one more instance of `profile`; nullopt when none is free.
[[nodiscard]] std::optional<mig::Placement> default_placement(const mig::Capability& capability,
                                                              catalog::IdScheme scheme, catalog::BoardVariant variant,
                                                              const mig::Partition& partition,
                                                              const mig::GiProfile& profile);

// True where the product has the larger one-slice compute profile (id 7, "mini-quarter" in NVIDIA's source: Hopper and
// later): compute instances are placed in compute slots, each size aligned to its own multiple. On other products they
// can start at every slice where they fit (open-gpu-kernel-modules 595.45, kernel_mig_manager.c:
// kmigmgrIsCTSAlignmentRequired_PF, kmigmgrComputeProfileGetCapacity).
[[nodiscard]] bool aligns_compute(const mig::Capability& whole);

// The same for a compute instance. When aligned: the placement that leaves most slots usable, ties to the lowest
// (kmigmgrGetFreeCTSId). Else the first that fits from the low end (kernel_graphics_manager.c,
// kgrmgrCheckVeidsRequest).
[[nodiscard]] std::optional<mig::Placement> default_compute_placement(const mig::GiProfile& parent,
                                                                      const mig::GpuInstance& instance,
                                                                      const mig::CiProfile& profile, bool aligned);

}  // namespace gpuslice::sim
