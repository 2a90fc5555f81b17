// Which layouts of a GPU serve a demand such as two instances of 40 GB and three of 10 GB. Pure.
//
// Memory is counted as profiles have it in their names, in GB: 20 of "3g.20gb". A demanded instance is served by an
// instance that is at least as large in everything that is demanded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "mig/layouts.hpp"

namespace gpuslice::mig {

// One line of a demand: so many instances alike.
struct Need {
  std::string text;  // as it was written, without the count: "40gb"
  unsigned count{1};
  unsigned slices{};                    // compute slices that one has at least; 0: any number
  unsigned memory_gb{};                 // memory that one has at least; 0: any
  bool media{};                         // a profile without the engines for video ("-me") does not do
  std::vector<std::string> attributes;  // "me", "me.all", "gfx": what is behind the plus sign of a profile's name
  friend bool operator==(const Need&, const Need&) = default;
};
using Demand = std::vector<Need>;

inline constexpr unsigned most_of_a_need = 64;  // instances: eight on each of eight GPUs
inline constexpr std::size_t most_needs = 16;

// "2x40gb,1g.10gb+me,3x2g": COUNTxAMOUNT, the count 1 where it is left out; the amount is memory, a profile, or compute
// slices, in letters of either case. Error: usage, about the part that is none of these.
[[nodiscard]] Result<Demand> parse_demand(std::string_view text);
// "2x40gb"; the amount alone where one is demanded.
[[nodiscard]] std::string need_text(const Need& need);

// The memory in a profile's name: 20 of "3g.20gb"; 0 where it has none.
[[nodiscard]] unsigned nominal_gb(const GiProfile& profile);
// Whether an instance of the profile serves one instance of the need. What engines a profile has decides about the
// attributes me and me.all where they are known, else its name.
[[nodiscard]] bool serves(const Capability& capability, const GiProfile& profile, const Need& need);

// What further instances can have beside a layout.
struct Room {
  unsigned memory_gb{};       // the most that they can have together
  unsigned compute_slices{};  // that none has
  unsigned largest_gb{};      // of the largest single one that fits
  friend bool operator==(const Room&, const Room&) = default;
};

// A layout that serves a demand.
struct Serving {
  SeatList seats;
  std::vector<std::optional<std::size_t>> need;  // of each seat: which need of the demand it serves; none: it is spare
  unsigned surplus_gb{};                         // memory of the seats that serve, beyond what is demanded
  Room room;
  bool maximal{};
};

// Why no layout serves it.
struct Shortfall {
  enum class Reason {
    no_profile,  // no profile serves `need`, however many
    too_many,    // `fit` of `need` fit on a GPU that has nothing else
    together,    // the needs before `need` fit on a GPU together, and `fit` of `need` beside them
  };
  Reason reason{};
  std::size_t need{};  // index in the demand
  unsigned fit{};
  std::optional<unsigned> gpus;  // how many such GPUs serve the demand; absent: none do, or too many to try
};

struct Layouts {
  std::vector<Serving> serving;      // the best first
  std::uint64_t legal{}, maximal{};  // of all layouts
};

// The layouts of `profiles` that serve the demand. The best first: the least surplus memory, then the most room left
// (memory, then compute slices, then the largest instance that still fits), then the fewest instances; equal ones stay
// in the order of for_each_layout. In each the seats that serve are chosen so that they have the least memory together.
// A demand without memory counts as the memory of the smallest profile that serves it.
[[nodiscard]] Layouts layouts_for(const Capability& capability, const std::vector<const GiProfile*>& profiles,
                                  const Demand& demand);
// Of a demand that no layout of `profiles` serves.
[[nodiscard]] Shortfall why_not(const Capability& capability, const std::vector<const GiProfile*>& profiles,
                                const Demand& demand);

}  // namespace gpuslice::mig
