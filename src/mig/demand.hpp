// Finds the layouts of a GPU that serve a demand such as two instances of 40 GB and three of 10 GB. Pure.
//
// The memory of a profile is the figure in its name, in GB: 20 for "3g.20gb". An instance serves a demanded instance if
// it is at least as large in everything that is demanded.
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

// One item of a demand: a number of equal instances.
struct Need {
  std::string text;  // as typed, without the count: "40gb"
  unsigned count{1};
  unsigned slices{};                    // minimum number of compute slices of each instance; 0: any
  unsigned memory_gb{};                 // minimum memory of each instance; 0: any
  bool media{};                         // profiles without video engines ("-me") do not serve it
  std::vector<std::string> attributes;  // "me", "me.all", "gfx": the attributes after the plus sign of a profile's name
  friend bool operator==(const Need&, const Need&) = default;
};
using Demand = std::vector<Need>;

inline constexpr unsigned most_of_a_need = 64;  // maximum number of instances: eight on each of eight GPUs
inline constexpr std::size_t most_needs = 16;

// Parses "2x40gb,1g.10gb+me,3x2g": a list of COUNTxAMOUNT. COUNT may be omitted if it is 1; AMOUNT is memory, a
// profile, or compute slices, in upper or lower case. Error: usage, naming the invalid item.
[[nodiscard]] Result<Demand> parse_demand(std::string_view text);
// Returns "2x40gb", or only the amount if the count is 1.
[[nodiscard]] std::string need_text(const Need& need);

// The memory in a profile's name: 20 for "3g.20gb"; 0 if the name contains none.
[[nodiscard]] unsigned nominal_gb(const GiProfile& profile);
// True if an instance of the profile serves one instance of the need. A profile has the attributes me and me.all if its
// name says so or, where its engines are known, if it has those engines.
[[nodiscard]] bool serves(const Capability& capability, const GiProfile& profile, const Need& need);

// What further instances could use in addition to a layout.
struct Room {
  unsigned memory_gb{};       // the most memory that they can have together
  unsigned compute_slices{};  // compute slices that no instance of the layout uses
  unsigned largest_gb{};      // memory of the largest single instance that fits
  friend bool operator==(const Room&, const Room&) = default;
};

// A layout that serves a demand.
struct Serving {
  SeatList seats;
  // For each seat, the need of the demand that it serves; absent: it serves none.
  std::vector<std::optional<std::size_t>> need;
  unsigned surplus_gb{};  // how much more memory the seats that serve have than is demanded
  Room room;
  bool maximal{};
};

// The reason why no layout serves a demand.
struct Shortfall {
  enum class Reason {
    no_profile,  // no profile serves `need`, whatever the count
    too_many,    // only `fit` instances of `need` fit on an otherwise empty GPU
    together,    // the needs before `need` fit on a GPU together, but only `fit` instances of `need` fit in addition
  };
  Reason reason{};
  std::size_t need{};  // index in the demand
  unsigned fit{};
  // How many such GPUs serve the demand; absent: no number does, or there are too many ways to try.
  std::optional<unsigned> gpus;
};

struct Layouts {
  std::vector<Serving> serving;  // ordered from best to worst
  // The numbers of legal and of maximal layouts, whether or not they serve the demand.
  std::uint64_t legal{}, maximal{};
};

// The layouts of `profiles` that serve the demand, best first: the least surplus memory, then the most room left
// (memory, then compute slices, then the largest instance that still fits), then the fewest instances. Equally good
// layouts are in the order of for_each_layout. In each layout, the seats that serve are chosen so that their total
// memory is least. If a need names no memory, the memory of the smallest profile that serves it is used as the demanded
// memory.
[[nodiscard]] Layouts layouts_for(const Capability& capability, const std::vector<const GiProfile*>& profiles,
                                  const Demand& demand);
// The reason why no layout of `profiles` serves the demand. Call it only if layouts_for found none.
[[nodiscard]] Shortfall why_not(const Capability& capability, const std::vector<const GiProfile*>& profiles,
                                const Demand& demand);

}  // namespace gpuslice::mig
