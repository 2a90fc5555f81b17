// Seating wanted instances on slices: of all ways to give each its place without overlap, the cheapest, exactly.
//
// What a way costs is the sum of what its parts cost, and what is left free depends only on which slices are taken. So
// it is enough to know, after each wanted instance, the best way for every set of slices taken (at most 2^12 of them).
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "mig/capability.hpp"

namespace gpuslice::plan {

// As model::Cost, but a part may give back what the whole was charged before.
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
  std::vector<std::size_t> chosen;  // for each wanted instance the index of its option
  Price price;
};

// Every set of slices that can be taken, with the cheapest way to take it; of equally cheap ways the one whose options
// come first. Empty when there is no way. `options[i]`: the places of wanted instance i; `closed`: slices that nobody
// may take.
[[nodiscard]] std::vector<Seating> seatings(const std::vector<std::vector<Option>>& options, std::uint32_t closed = 0);

[[nodiscard]] constexpr std::uint32_t slices_of(mig::Placement p) { return ((1U << p.size) - 1U) << p.start; }

}  // namespace gpuslice::plan
