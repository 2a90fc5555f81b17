// `nvidia-smi mig`: its options, its help, and the choice of the command to run.
#include <algorithm>
#include <array>

#include "smi/mig/change.hpp"
#include "smi/mig/list.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

void print_mig_help(std::ostream& out) {
  out << R"(
    mig -- GPU instances and compute instances of a GPU with MIG mode on.

    Usage: nvidia-smi mig [options]

    Which GPUs and instances (comma separated lists):
    [-h | --help]: This text.
    [-i | --id]: GPUs, by index, PCI address or UUID.
    [-gi | --gpu-instance-id]: GPU instances, by ID.
    [-ci | --compute-instance-id]: Compute instances, by ID.

    GPU instances:
    [-lgip | --list-gpu-instance-profiles]: What can be created, and how many more fit now. Takes -i.
    [-lgipp | --list-gpu-instance-possible-placements]: Possible placements of each profile, as {Start}:Size. Takes -i.
    [-cgi | --create-gpu-instance]: Create one instance per item of a list. An item is a profile name or ID,
                                    with :start behind it to choose the place. Takes -i.
    [-C | --default-compute-instance]: With -cgi: also a compute instance of the default profile in each.
    [-lgi | --list-gpu-instances]: What is there. Takes -i and -gi.
    [-dgi | --destroy-gpu-instance]: Destroy them. Takes -i and -gi.

    Compute instances:
    [-lcip | --list-compute-instance-profiles]: What can be created; * marks the default. Takes -i and -gi.
    [-lcipp | --list-compute-instance-possible-placements]: Possible placements of each, as {Start}:Size. Takes -i and -gi.
    [-cci | --create-compute-instance]: Create one per item of a list of profile names or IDs; without a list
                                        the default one. Takes -i and -gi.
    [-lci | --list-compute-instances]: What is there. Takes -i, -gi and -ci.
    [-dci | --destroy-compute-instance]: Destroy them. Takes -i, -gi and -ci.

)";
}

// The group of options that name a command or select instances; if none of them is given, the help is printed.
constexpr unsigned asks = 1;
constexpr Option verb(std::string_view short_name, std::string_view long_name, Takes takes = Takes::nothing) {
  return {.short_name = short_name, .long_name = long_name, .takes = takes, .group = asks};
}
constexpr std::array mig_options{
    help_option,
    id_option,
    verb("-gi", "--gpu-instance-id", Takes::value),
    verb("-ci", "--compute-instance-id", Takes::value),
    verb("-lgip", "--list-gpu-instance-profiles"),
    verb("-lgipp", "--list-gpu-instance-possible-placements"),
    verb("-C", "--default-compute-instance"),
    verb("-cgi", "--create-gpu-instance", Takes::value),
    verb("-dgi", "--destroy-gpu-instance"),
    verb("-lgi", "--list-gpu-instances"),
    verb("-lcip", "--list-compute-instance-profiles"),
    verb("-lcipp", "--list-compute-instance-possible-placements"),
    verb("-cci", "--create-compute-instance", Takes::optional_value),
    verb("-dci", "--destroy-compute-instance"),
    verb("-lci", "--list-compute-instances"),
};
constexpr OptionTable mig_table{.name = "mig", .about = "", .options = mig_options, .print_help = print_mig_help};

struct Verb {
  std::string_view option;
  int (*run)(Session& session, const MigRequest& request);
};
// Only one command runs. If several are given, it is the first in this order (known from recordings: -lgip before
// -lgipp, and -lgi before -lci).
constexpr std::array verbs{
    Verb{"-lgip", list_gi_profiles},         Verb{"-lgipp", list_gi_placements},
    Verb{"-cgi", create_gpu_instances},      Verb{"-dgi", destroy_gpu_instances},
    Verb{"-lgi", list_gpu_instances},        Verb{"-lcip", list_ci_profiles},
    Verb{"-lcipp", list_ci_placements},      Verb{"-cci", create_compute_instances},
    Verb{"-dci", destroy_compute_instances}, Verb{"-lci", list_compute_instances},
};
// If only -gi, -ci or -C is given, the output is that of -lgi (recorded with MIG mode off).
constexpr Verb without_verb{"-lgi", list_gpu_instances};

}  // namespace

int run_mig(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, mig_table, arguments);
  if (!options) return options.error();
  if (!options->has_any_of(asks)) return answer_with_usage(call, mig_table);
  const auto found = std::ranges::find_if(verbs, [&](const Verb& one) { return options->has(one.option); });
  const Verb& chosen = found == verbs.end() ? without_verb : *found;
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  return chosen.run((*opened)->session, {.gis = options->value("-gi"),
                                         .cis = options->value("-ci"),
                                         .profiles = options->value(chosen.option),
                                         .default_compute = options->has("-C")});
}

}  // namespace gpuslice::smi
