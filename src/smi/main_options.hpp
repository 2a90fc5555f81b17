// The options of nvidia-smi when no subcommand is named, each in the group that it belongs to.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "smi/option_table.hpp"

namespace gpuslice::smi {

// nvidia-smi takes one command at a time and refuses options of the others.
struct MainGroup {
  enum : unsigned {
    help = 1,
    version,
    list,
    select,       // -i
    summary,      // shapes the default view
    output,       // where and how often: default view, -q and --query-...
    full_query,   // -q
    query_part,   // belongs to -q
    field_query,  // --query-...
    query_format,
    help_query,
    change,       // sets something on a GPU
    change_part,  // -eow
    clock_mode,   // -m, belongs to -lgc
    clock_lock,   // -lgc
  };
};

// Several of them as a set.
using Groups = std::uint32_t;
constexpr Groups groups(std::initializer_list<unsigned> members) {
  Groups set = 0;
  for (const unsigned group : members) set |= 1U << group;
  return set;
}

[[nodiscard]] const OptionTable& main_options();

}  // namespace gpuslice::smi
