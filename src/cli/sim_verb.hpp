// The verbs of `gpuslice sim`, which make, enter and end simulated nodes: one file for each, or for a few that belong
// together. Each adds itself to `sim` and leaves what it does as `chosen`.
#pragma once

#include "cli/program.hpp"

namespace gpuslice::cli {

void add_sim_create_verb(Verb sim, CommandLine& line);
void add_sim_list_verb(Verb sim, CommandLine& line);
// Commands inside a node: exec, shell, attach.
void add_sim_enter_verbs(Verb sim, CommandLine& line);
// Its host restarted, one of its GPUs reset, the node deleted: reboot, reset, delete.
void add_sim_power_verbs(Verb sim, CommandLine& line);
// What is ordered for the calls of a node's driver, and for its GPUs.
void add_sim_fault_verbs(Verb sim, CommandLine& line);
void add_sim_raise_verb(Verb sim, CommandLine& line);
void add_sim_latency_verb(Verb sim, CommandLine& line);
void add_sim_trace_verb(Verb sim, CommandLine& line);
// What its driver shows in files.
void add_sim_tree_verb(Verb sim, CommandLine& line);
// A node as it was, and a second one like it.
void add_sim_snapshot_verbs(Verb sim, CommandLine& line);

}  // namespace gpuslice::cli
