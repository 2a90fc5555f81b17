// The options of nvidia-smi without a subcommand, each with its group.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "smi/option_table.hpp"

namespace gpuslice::smi {

// The groups of options. nvidia-smi accepts one command at a time and refuses options of other commands.
struct MainGroup {
  enum : unsigned {
    help = 1,
    version,
    list,
    select,       // -i
    summary,      // options that change the default view
    output,       // frequency and file of the output: default view, -q and --query-...
    full_query,   // -q
    query_part,   // options that are valid only with -q
    field_query,  // --query-...
    query_format,
    help_query,
    change,       // changes a setting of a GPU
    change_part,  // -eow
    clock_mode,   // -m, only with -lgc
    clock_lock,   // -lgc
  };
};

// A set of groups.
using Groups = std::uint32_t;
constexpr Groups groups(std::initializer_list<unsigned> members) {
  Groups set = 0;
  for (const unsigned group : members) set |= 1U << group;
  return set;
}

[[nodiscard]] const OptionTable& main_options();

}  // namespace gpuslice::smi
