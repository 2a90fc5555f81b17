// What `apply` would do with a plan, as text for people and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/exit_status.hpp"
#include "cli/state_json.hpp"
#include "ops/verdict.hpp"
#include "plan/gpu_planner.hpp"

namespace gpuslice::cli {

// "refused without --force: apply would stop 1 process"; empty if every step can be executed or there is nothing to do.
[[nodiscard]] std::string verdict_text(const ops::Verdict& verdict);

// The exit status of `apply` without further options.
[[nodiscard]] Exit exit_of(const ops::Verdict& verdict);

// {"outcome": "ready" | "nothing-to-do" | "refused", "reason": null | "clients" | "reboot", "status": 0 | 5,
//  "stops": [processes with their GPU], "refusals": []}
[[nodiscard]] nlohmann::ordered_json verdict_json(const ops::Verdict& verdict);

// The same for a layout without a plan: outcome "refused" with reason "impossible", "unknown" where the node could not
// be read, or "invalid" where the layout is wrong; `refusals` has the planner's reasons in numbers, one object for each
// GPU.
[[nodiscard]] nlohmann::ordered_json no_plan_json(const Error& error, const std::vector<plan::Refusal>& refusals,
                                                  const std::string& node);

// The schemas of a verdict, by their names under "$defs".
[[nodiscard]] std::vector<Definition> verdict_definitions();

}  // namespace gpuslice::cli
