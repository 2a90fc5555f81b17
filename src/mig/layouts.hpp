// All legal layouts of GPU instances on one GPU: which instances fit together, at which placements.
//
// The enumeration is exact: an A100 has 2,319 legal layouts with all seven profiles, and 298 with the base set
// (reference counts are in tests/oracle). Compute instances are not considered.
#pragma once

#include <functional>
#include <vector>

#include "mig/partition.hpp"

namespace gpuslice::mig {

struct Seat {
  const GiProfile* profile{};
  Placement placement{};
};
using SeatList = std::vector<Seat>;  // ascending (start, profile id)

// Calls `visit(seats, maximal)` for each legal layout of `profiles` (pointers into `capability`), including the empty
// one, in lexicographic order of (start, profile id). `maximal` is true if no further instance of `profiles` fits
// anywhere.
void for_each_layout(const Capability& capability, const std::vector<const GiProfile*>& profiles,
                     const std::function<void(const SeatList& seats, bool maximal)>& visit);

}  // namespace gpuslice::mig
