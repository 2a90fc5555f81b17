// Stops the clients that block a change: first through hooks, then with --force those that still run.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "ops/change.hpp"
#include "ops/verdict.hpp"

namespace gpuslice::ops {

// Reports an event that is not a step.
void tell(const Subject& subject, Event::Kind kind, std::string text, std::optional<GpuIndex> gpu = std::nullopt);

// The refusal that lists these clients: pid, user, command, and the memory that they hold.
[[nodiscard]] Error would_stop(const std::vector<InTheWay>& all);

struct Hooks {
  std::vector<std::string> before;
  std::vector<std::string> afterwards;  // starts the units again; run whether or not the change succeeds
};
// Units that are not running are skipped and not started afterwards. Fails with wrong_options for an invalid unit name.
[[nodiscard]] std::expected<Hooks, Failure> hooks_of(const Subject& subject, const ChangeOptions& options);

// Runs the commands; returns the first failure. `go_on`: the commands after a failed one are run too.
[[nodiscard]] Result<void> run_all(const Subject& subject, const std::vector<std::string>& commands, bool go_on);

// Runs the hooks and waits for clients that they asked to exit. With `force`, stops the remaining clients and adds them
// to `stopped`.
[[nodiscard]] std::expected<void, Failure> drain(const Subject& subject, const ChangeOptions& options,
                                                 const model::Inventory& inventory, const model::Plan& plan,
                                                 const Hooks& hooks, std::vector<model::Client>& stopped);

}  // namespace gpuslice::ops
