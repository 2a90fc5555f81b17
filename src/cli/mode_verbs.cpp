// `gpuslice enable`, `disable` and `reset`: MIG mode of GPUs, and the GPU reset.
#include <memory>

#include "cli/change_words.hpp"
#include "cli/verbs.hpp"
#include "ops/modes.hpp"
#include "ops/select.hpp"

namespace gpuslice::cli {
namespace {

struct ModeWords {
  ChangeWords change;
  std::vector<std::string> gpus;
};

using Select = Result<ops::SelectedGpus> (*)(const model::Inventory&, const std::vector<std::string>& words);
using PlanFor = Result<model::Plan> (*)(const model::Inventory&, const ops::SelectedGpus&);

void add(CommandLine& line, const char* name, const char* help, Select select, PlanFor plan) {
  auto verb = line.app.add_subcommand(name, help);
  auto words = std::make_shared<ModeWords>();
  verb.add_option("--gpu", words->gpus, "Act on these GPUs: indices, UUIDs or PCI addresses, comma separated, or all")
      .required()
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  add_change_options(verb, words->change);
  verb.callback([&line, words, name, select, plan] {
    line.chosen = with_last_line(line, {words, &words->change}, [&line, words, name, select, plan] {
      return change_node(line, words->change, name, [&](const model::Inventory& inventory) -> Result<model::Plan> {
        return plan(inventory, GPUSLICE_TRY(select(inventory, words->gpus)));
      });
    });
  });
}

}  // namespace

void add_enable_verb(CommandLine& line) {
  add(line, "enable", "Enable MIG mode", ops::select_mig_gpus, ops::plan_enable);
}
void add_disable_verb(CommandLine& line) {
  add(line, "disable", "Destroy the instances that gpuslice created and disable MIG mode", ops::select_mig_gpus,
      ops::plan_disable);
}
void add_reset_verb(CommandLine& line) {
  add(line, "reset", "Reset GPUs: destroys their instances and applies a pending MIG mode", ops::select_gpus,
      ops::plan_reset);
}

}  // namespace gpuslice::cli
