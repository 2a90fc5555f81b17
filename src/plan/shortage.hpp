// Why requested instances do not fit, in numbers: the exhausted budget, or the placements that overlap. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mig/partition.hpp"
#include "model/layout.hpp"
#include "model/target.hpp"

namespace gpuslice::plan {

enum class Resource : std::uint8_t {
  memory_slices,
  compute_slices,
  copy_engines,
  decoders,
  encoders,
  jpeg_engines,
  ofa_engines,
  instances_of_profile,
  instances,
};

// A budget of the GPU, or of one GPU instance, that is too small.
struct Exhausted {
  Resource resource{};
  std::string profile{};  // for instances_of_profile: "1g.10gb+me"
  unsigned requested{};   // amount for the instances to be created
  unsigned held{};        // amount for the instances that stay
  unsigned total{};
  friend bool operator==(const Exhausted&, const Exhausted&) = default;
};

// A requested placement that overlaps another one.
struct Overlap {
  std::string profile{};
  mig::Placement at{};
  std::string other{};  // profile of the other instance
  mig::Placement other_at{};
  std::optional<std::uint32_t> other_id{};  // id of an existing instance; absent: the other one is requested too
  model::Origin other_origin{};
  std::vector<mig::Placement> free{};  // placements of `profile` that overlap no other instance
  friend bool operator==(const Overlap&, const Overlap&) = default;
};

// Every budget suffices, but every combination of the possible placements has an overlap.
struct NoArrangement {
  struct Choice {
    std::string profile{};
    std::vector<mig::Placement> placements{};  // of one instance on an empty GPU
    friend bool operator==(const Choice&, const Choice&) = default;
  };
  std::vector<Choice> choices{};  // each profile once
  bool beside_others{};           // instances that stay occupy part of the GPU
  friend bool operator==(const NoArrangement&, const NoArrangement&) = default;
};

struct Shortage {
  std::string inside{};  // profile of the GPU instance whose compute instances do not fit; empty: GPU instances do not
  std::variant<Exhausted, Overlap, NoArrangement> reason{};
  model::Origin origin{};  // of the instance that does not fit, if it is a single one
  friend bool operator==(const Shortage&, const Shortage&) = default;
};

// Why `requested` does not fit next to `staying`; the caller knows that it does not. Reasons are checked in this order:
// compute instances inside one GPU instance, overlapping placements, budgets, arrangement.
[[nodiscard]] Shortage shortage(const mig::Capability& capability, std::span<const model::TargetGi> requested,
                                std::span<const mig::GpuInstance> staying);

// A clause that follows "do not fit: ": "they need 8 compute slices, and the GPU has 7".
[[nodiscard]] std::string shortage_text(const Shortage& shortage);

// "memory_slices": the name in JSON output.
[[nodiscard]] std::string_view resource_key(Resource resource);

}  // namespace gpuslice::plan
