// Assigns requested instances to slices: finds the cheapest of all assignments without overlap, exactly.
//
// The cost of an assignment is the sum of the costs of its options, and what stays free depends only on the set of
// occupied slices. So dynamic programming suffices: after each requested instance, it keeps the cheapest assignment for
// every set of occupied slices (at most 2^12).
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "mig/capability.hpp"

namespace gpuslice::plan {

// Like model::Cost, but signed: keeping an instance refunds the cost of destroying it that was charged in advance.
struct Price {
  std::int32_t busy{}, stopped{}, steps{};
  std::int32_t renamed{};  // instances that are kept under another name
  friend constexpr auto operator<=>(const Price&, const Price&) = default;
  constexpr Price operator+(const Price& o) const {
    return {busy + o.busy, stopped + o.stopped, steps + o.steps, renamed + o.renamed};
  }
  constexpr Price operator-(const Price& o) const {
    return {busy - o.busy, stopped - o.stopped, steps - o.steps, renamed - o.renamed};
  }
};

struct Option {
  mig::Placement at{};
  Price price;
};

struct Seating {
  std::uint32_t taken{};            // a bit per slice
  std::vector<std::size_t> chosen;  // the index of the option of each requested instance
  Price price;
};

// For every set of slices that can be occupied, the cheapest assignment; of equally cheap ones, the one whose options
// come first. Empty if there is no assignment. `options[i]`: the placements of requested instance i. `closed`: slices
// that must stay free.
[[nodiscard]] std::vector<Seating> seatings(const std::vector<std::vector<Option>>& options, std::uint32_t closed = 0);

[[nodiscard]] constexpr std::uint32_t slices_of(mig::Placement p) { return ((1U << p.size) - 1U) << p.start; }

}  // namespace gpuslice::plan
