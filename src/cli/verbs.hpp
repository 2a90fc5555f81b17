// The table of commands, one file each. A new command needs its file, a declaration here and a line in the table; help,
// completion and the manual pages are generated.
#pragma once

#include <span>

#include "cli/program.hpp"

namespace gpuslice::cli {

// Adds a command to the command line: its options, and its action, which is set as `chosen` when the command is given.
using AddVerb = void (*)(CommandLine& line);

void add_products_verb(CommandLine& line);
void add_profiles_verb(CommandLine& line);
void add_placements_verb(CommandLine& line);
void add_layouts_verb(CommandLine& line);
void add_list_verb(CommandLine& line);
void add_who_verb(CommandLine& line);
void add_query_verb(CommandLine& line);
void add_plan_verb(CommandLine& line);
void add_diff_verb(CommandLine& line);
void add_apply_verb(CommandLine& line);
void add_assert_verb(CommandLine& line);
void add_export_verb(CommandLine& line);
void add_convert_verb(CommandLine& line);
void add_create_verb(CommandLine& line);
void add_destroy_verb(CommandLine& line);
void add_enable_verb(CommandLine& line);
void add_disable_verb(CommandLine& line);
void add_reset_verb(CommandLine& line);
void add_undo_verb(CommandLine& line);
void add_recover_verb(CommandLine& line);
void add_history_verb(CommandLine& line);
void add_keep_verb(CommandLine& line);
void add_restore_verb(CommandLine& line);
void add_status_verb(CommandLine& line);
void add_resolve_verb(CommandLine& line);
void add_doctor_verb(CommandLine& line);
void add_run_verb(CommandLine& line);
void add_cdi_verb(CommandLine& line);
void add_schema_verb(CommandLine& line);
void add_smi_verb(CommandLine& line);
void add_help_verb(CommandLine& line);
void add_completion_verb(CommandLine& line);
void add_man_verb(CommandLine& line);
void add_version_verb(CommandLine& line);

[[nodiscard]] std::span<const AddVerb> verbs();

}  // namespace gpuslice::cli
