// Which GPU instance id belongs to which placement, and which placement the driver picks when the caller names none.
//
// A GPU instance id ("swizzId") encodes a memory class and a position: full 0, halves 1-2, quarters 3-6, eighths 7-14
// (open-gpu-kernel-modules, kmigmgr_ga100.c). On seven-slice boards one eighth is missing; which one it is determines
// one of two maps (variants A and B, found in nvidia-smi -lgi transcripts: tests/oracle/gi_ids.py). The rule for the
// choice of a placement is fitted to all transcripts, not taken from source code: the driver picks the id that leaves
// the most capacity and, among equals, the lowest id. Only the simulated driver uses this rule; a planner names its
// placements.
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

// True if the product has the larger one-slice compute profile (id 7, "mini-quarter" in NVIDIA's source: Hopper and
// later). Its compute instances are placed in compute slots, each size aligned to a multiple of itself. On other
// products a compute instance can start at every slice where it fits (open-gpu-kernel-modules 595.45,
// kernel_mig_manager.c: kmigmgrIsCTSAlignmentRequired_PF, kmigmgrComputeProfileGetCapacity).
[[nodiscard]] bool aligns_compute(const mig::Capability& whole);

// The placement that the driver picks for a compute instance. If slots are aligned: the placement that leaves the most
// slots usable and, among equals, the lowest (kmigmgrGetFreeCTSId). Otherwise the lowest that fits
// (kernel_graphics_manager.c, kgrmgrCheckVeidsRequest).
[[nodiscard]] std::optional<mig::Placement> default_compute_placement(const mig::GiProfile& parent,
                                                                      const mig::GpuInstance& instance,
                                                                      const mig::CiProfile& profile, bool aligned);

}  // namespace gpuslice::sim
