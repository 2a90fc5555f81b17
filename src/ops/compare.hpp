// The differences between a node and a layout, or between two layouts on the same GPUs, as values. Pure.
//
// A difference is something that the planner would have to change. An instance of another program that the layout keeps
// is not a difference.
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
// The name of an instance that exists under another name, or without one.
struct GiName {
  model::GiSeat seat;
  friend bool operator==(const GiName&, const GiName&) = default;
};
struct CiName {
  model::CiSeat seat;
  friend bool operator==(const CiName&, const CiName&) = default;
};

// A thing that a GPU has and should not have (extra), or should have and does not (missing). An instance with the wrong
// name gives two differences: its name is extra, the requested name is missing.
struct Difference {
  enum class Side : std::uint8_t { extra, missing };
  using Object = std::variant<model::ComputeDisplay, MigMode, model::GiSeat, model::CiSeat, GiName, CiName,
                              model::ComputeMode, model::TimeSlice>;

  GpuIndex gpu{};
  Side side{};
  Object object;
  std::string name;  // of the instance; empty: no name
  friend bool operator==(const Difference&, const Difference&) = default;
};

// The changes that a plan makes to the inventory that it starts from, in the order of its steps; then the names.
[[nodiscard]] std::vector<Difference> differences_of(const model::Inventory& inventory, const model::Plan& plan);

// From a node to a layout. Errors: those of plan_layout.
[[nodiscard]] Result<std::vector<Difference>> differences_to(const model::Inventory& inventory,
                                                             const model::Layout& layout);
// From one layout to another, each applied to the GPUs of the inventory as if they were empty.
[[nodiscard]] Result<std::vector<Difference>> differences_between(const model::Inventory& inventory,
                                                                  const model::Layout& from, const model::Layout& to);

// Whether a node matches a layout. The answer is unknown when the node cannot be read completely.
struct Match {
  enum class Answer : std::uint8_t { matches, differs, unknown };
  Answer answer{};
  std::vector<Difference> differences;
  std::optional<Error> reason;  // why it is unknown, or why the node cannot match the layout: then it differs, and
                                // `differences` is empty
};
// Errors: usage if the layout is invalid for any node.
[[nodiscard]] Result<Match> match(const model::Inventory& inventory, const model::Layout& layout);

}  // namespace gpuslice::ops
