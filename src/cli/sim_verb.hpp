// `gpuslice sim`: make, enter, and end simulated nodes.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "cli/program.hpp"

namespace gpuslice::cli {

// Adds the subcommands to `sim`. The one that the command line names leaves what it does in `chosen`: run it after
// parsing; it returns the exit status, or the error to show.
void add_sim_verbs(Verb sim, std::function<Result<int>()>& chosen);
// What is ordered for the calls of a node's driver, and for its GPUs.
void add_sim_fault_verbs(Verb sim, CommandLine& line);
void add_sim_raise_verb(Verb sim, CommandLine& line);
void add_sim_latency_verb(Verb sim, CommandLine& line);
void add_sim_trace_verb(Verb sim, CommandLine& line);
// What its driver shows in files.
void add_sim_tree_verb(Verb sim, CommandLine& line);
// A node as it was, and a second one like it.
void add_sim_snapshot_verbs(Verb sim, CommandLine& line);

// Of an existing node, by its name: one that this user may act on (sim::check_owner), and, for verbs that only read, any.
[[nodiscard]] Result<std::string> node_directory(const std::string& name);
[[nodiscard]] Result<std::string> node_to_read(const std::string& name);

}  // namespace gpuslice::cli
