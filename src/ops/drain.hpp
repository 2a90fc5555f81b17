// Who has to leave before a change, and how: hooks first, then on --force the clients that are still there.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "ops/change.hpp"
#include "ops/verdict.hpp"

namespace gpuslice::ops {

// An event that is no step.
void tell(const Subject& subject, Event::Kind kind, std::string text, std::optional<GpuIndex> gpu = std::nullopt);

// The refusal that names them (pid, user, command, what they hold).
[[nodiscard]] Error would_stop(const std::vector<InTheWay>& all);

struct Hooks {
  std::vector<std::string> before;
  std::vector<std::string> afterwards;  // what undoes them; to be run however the change ends
};
// Units that do not run are left alone, and are not started afterwards. wrong_options for a word that is no unit's
// name.
[[nodiscard]] std::expected<Hooks, Failure> hooks_of(const Subject& subject, const ChangeOptions& options);

// Runs all of them; the first that failed.
[[nodiscard]] Result<void> run_all(const Subject& subject, const std::vector<std::string>& commands, bool go_on);

// Runs the hooks, waits for those whom they told to go, and with `force` ends the others, who are then in `stopped`.
[[nodiscard]] std::expected<void, Failure> drain(const Subject& subject, const ChangeOptions& options,
                                                 const model::Inventory& inventory, const model::Plan& plan,
                                                 const Hooks& hooks, std::vector<model::Client>& stopped);

}  // namespace gpuslice::ops
