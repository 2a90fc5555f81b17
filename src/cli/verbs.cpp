#include "cli/verbs.hpp"

#include <array>

#include "cli/sim_verb.hpp"

namespace gpuslice::cli {
namespace {

// The subcommands of a group add themselves to it.
void add_sim_verb(CommandLine& line) {
  auto sim = line.app.add_subcommand("sim", "Create, enter, break and delete simulated nodes");
  sim.require_subcommand();
  add_sim_create_verb(sim, line);
  add_sim_list_verb(sim, line);
  add_sim_enter_verbs(sim, line);
  add_sim_power_verbs(sim, line);
  add_sim_fault_verbs(sim, line);
  add_sim_raise_verb(sim, line);
  add_sim_latency_verb(sim, line);
  add_sim_trace_verb(sim, line);
  add_sim_tree_verb(sim, line);
  add_sim_snapshot_verbs(sim, line);
}

// In the order of --help.
constexpr std::array table = {
    add_list_verb, add_who_verb,       add_query_verb,   add_plan_verb,    add_diff_verb,       add_apply_verb,    add_assert_verb,
    add_export_verb,     add_convert_verb, add_create_verb,  add_destroy_verb,    add_enable_verb,   add_disable_verb,
    add_reset_verb,      add_undo_verb,    add_recover_verb, add_history_verb, add_keep_verb, add_restore_verb, add_status_verb, add_doctor_verb,    add_products_verb, add_profiles_verb,
    add_placements_verb, add_layouts_verb, add_resolve_verb, add_run_verb,        add_cdi_verb,      add_schema_verb,
    add_sim_verb,        add_smi_verb,     add_help_verb,    add_completion_verb, add_man_verb,      add_version_verb};

}  // namespace

std::span<const AddVerb> verbs() { return table; }

}  // namespace gpuslice::cli
