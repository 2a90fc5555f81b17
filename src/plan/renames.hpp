// Which instances get another name by a plan. A name is what people know an instance by, so a plan that only moves
// names is not one that does nothing. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::plan {

// Of an instance that exists before and after the plan.
struct Rename {
  model::GiSeat gi;
  std::optional<model::CiSeat> ci;     // absent: the GPU instance itself
  std::string from, to;                // empty: no name
  std::vector<model::Client> clients;  // that use it now
  friend bool operator==(const Rename&, const Rename&) = default;
};

// In the order of the instances. `gpu`: as it is before the plan, with its names.
[[nodiscard]] std::vector<Rename> renames(const model::Gpu& gpu, const model::GpuPlan& plan);

}  // namespace gpuslice::plan
