// `gpuslice destroy`: destroys the named instances, or all instances of a GPU; everything else stays.
#include <memory>

#include "cli/change_words.hpp"
#include "cli/verbs.hpp"
#include "ops/destroying.hpp"
#include "ops/select.hpp"

namespace gpuslice::cli {
namespace {

struct DestroyWords {
  ChangeWords change;
  std::vector<std::string> instances, gpus;
  bool all{};
};

Result<model::Plan> make_plan(const DestroyWords& words, const model::Inventory& inventory) {
  const auto gpus = GPUSLICE_TRY(ops::select_gpus(inventory, words.gpus));
  return ops::plan_destroy(inventory, gpus, GPUSLICE_TRY(ops::select_instances(inventory, words.instances)));
}

}  // namespace

void add_destroy_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("destroy", "Destroy GPU instances or compute instances");
  auto words = std::make_shared<DestroyWords>();
  verb.add_option("INSTANCE", words->instances, "A name, GPU:GI, GPU:GI/CI, or the UUID of a MIG device");
  verb.add_flag("--all", words->all, "Destroy all instances of the GPUs that --gpu names");
  verb.add_option("--gpu", words->gpus,
                  "With --all, on these GPUs: indices, UUIDs or PCI addresses, comma separated, or all")
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  add_change_options(verb, words->change);
  verb.callback([&line, words] {
    line.chosen = with_last_line(line, {words, &words->change}, [&line, words]() -> Result<int> {
      if (words->all == words->gpus.empty())
        return fail(ErrorKind::usage, "destroy",
                    words->all ? "--all requires --gpu to select the GPUs"
                               : "--gpu is allowed only with --all; name an instance as NAME, GPU:GI or GPU:GI/CI",
                    Hint::gpuslice({"list"}));
      if (words->instances.empty() && !words->all)
        return fail(ErrorKind::usage, "destroy", "needs an instance, or --all with --gpu", Hint::gpuslice({"list"}));
      return change_node(line, words->change, "destroy",
                         [&](const model::Inventory& inventory) { return make_plan(*words, inventory); });
    });
  });
}

}  // namespace gpuslice::cli
