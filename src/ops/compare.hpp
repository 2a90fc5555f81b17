// What differs between a node and a layout, or between two layouts on the same GPUs, as values. Pure.
//
// A difference is what the planner would have to change: an instance of another program that the layout lets be is
// none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"
#include "model/plan.hpp"

namespace gpuslice::ops {

struct MigMode {
  friend bool operator==(const MigMode&, const MigMode&) = default;
};
// The name of an instance that is there, but under another name or none.
struct GiName {
  model::GiSeat seat;
  friend bool operator==(const GiName&, const GiName&) = default;
};
struct CiName {
  model::CiSeat seat;
  friend bool operator==(const CiName&, const CiName&) = default;
};

// One thing of a GPU that is there and should not be (extra), or should be there and is not (missing). Of an instance
// under the wrong name both names differ: the one extra, the other missing.
struct Difference {
  enum class Side : std::uint8_t { extra, missing };
  using Object = std::variant<model::ComputeDisplay, MigMode, model::GiSeat, model::CiSeat, GiName, CiName,
                              model::ComputeMode, model::TimeSlice>;

  GpuIndex gpu{};
  Side side{};
  Object object;
  std::string name;  // of the instance; empty: none
  friend bool operator==(const Difference&, const Difference&) = default;
};

// What a plan would change on the GPUs of the inventory that it was made from, in the order of its steps; then names.
[[nodiscard]] std::vector<Difference> differences_of(const model::Inventory& inventory, const model::Plan& plan);

// From a node to a layout; the errors are plan_layout's.
[[nodiscard]] Result<std::vector<Difference>> differences_to(const model::Inventory& inventory,
                                                             const model::Layout& layout);
// From a layout to another one, each applied to the GPUs of the inventory with nothing on them.
[[nodiscard]] Result<std::vector<Difference>> differences_between(const model::Inventory& inventory,
                                                                  const model::Layout& from, const model::Layout& to);

// Whether a node matches a layout. What cannot be told of the node is unknown: neither yes nor no.
struct Match {
  enum class Answer : std::uint8_t { matches, differs, unknown };
  Answer answer{};
  std::vector<Difference> differences;
  std::optional<Error> reason;  // why it is unknown, or why this node cannot be brought to match: then it differs, and
                                // `differences` is empty
};
// usage: the layout is wrong, whatever the node is like.
[[nodiscard]] Result<Match> match(const model::Inventory& inventory, const model::Layout& layout);

}  // namespace gpuslice::ops
