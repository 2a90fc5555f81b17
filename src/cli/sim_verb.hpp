// The subcommands of `gpuslice sim`, which create, use and delete simulated nodes; one file for each, or for a few that
// belong together. Each adds itself to `sim` and sets `chosen` to its action.
#pragma once

#include "cli/program.hpp"

namespace gpuslice::cli {

void add_sim_create_verb(Verb sim, CommandLine& line);
void add_sim_list_verb(Verb sim, CommandLine& line);
// Commands inside a node: exec, shell, attach.
void add_sim_enter_verbs(Verb sim, CommandLine& line);
// Power commands: reboot, reset, delete.
void add_sim_power_verbs(Verb sim, CommandLine& line);
// Faults of a node's driver calls, and events of its GPUs: inject, faults, raise.
void add_sim_fault_verbs(Verb sim, CommandLine& line);
void add_sim_raise_verb(Verb sim, CommandLine& line);
void add_sim_latency_verb(Verb sim, CommandLine& line);
void add_sim_trace_verb(Verb sim, CommandLine& line);
// The files of a node's driver: tree.
void add_sim_tree_verb(Verb sim, CommandLine& line);
// Snapshots and copies: snapshot, restore, clone.
void add_sim_snapshot_verbs(Verb sim, CommandLine& line);

}  // namespace gpuslice::cli
