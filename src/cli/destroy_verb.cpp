// `gpuslice destroy`: named instances, or all of a GPU; everything else stays.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "cli/change_words.hpp"
#include "cli/verbs.hpp"
#include "ops/observe.hpp"
#include "ops/select.hpp"
#include "plan/keep.hpp"
#include "plan/planner.hpp"
#include "plan/shape.hpp"

namespace gpuslice::cli {
namespace {

struct Words {
  ChangeWords change;
  std::vector<std::string> instances, gpus;
  bool all{};
};

// What is to go on one GPU: of each GPU instance all, or some compute instances.
struct Doomed {
  const model::Gpu* gpu{};
  std::vector<mig::GiId> whole;
  std::vector<std::pair<mig::GiId, mig::CiId>> inside;
};

Result<std::map<GpuIndex, Doomed>> doomed(const Words& words, const model::Inventory& inventory) {
  std::map<GpuIndex, Doomed> all;
  for (const auto* gpu : GPUSLICE_TRY(ops::select_gpus(inventory, words.gpus))) {
    auto& one = all[gpu->index];
    one.gpu = gpu;
    for (const auto& gi : gpu->state.mig.partition.instances) one.whole.push_back(gi.id);
  }
  for (const auto& word : words.instances) {
    const auto picked = GPUSLICE_TRY(ops::select_instance(inventory, word));
    auto& one = all[picked.gpu->index];
    one.gpu = picked.gpu;
    if (picked.ci)
      one.inside.emplace_back(picked.gi, *picked.ci);
    else
      one.whole.push_back(picked.gi);
  }
  return all;
}

// What stands without what is to go, everything at its place and ours to destroy; names stay with who had them.
Result<model::GpuPlan> plan_one(const Doomed& one) {
  const auto contains = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  auto left = one.gpu->state;
  model::GpuState rest = left;
  rest.mig.partition = {};
  for (auto gi : left.mig.partition.instances) {
    if (contains(one.whole, gi.id)) continue;
    decltype(gi.compute) compute;
    for (const auto& ci : gi.compute)
      if (!contains(one.inside, std::pair(gi.id, ci.id))) compute.push_back(ci);
    gi.compute = compute;
    rest.mig.partition.instances.push_back(gi);
  }
  auto gpu = *one.gpu;
  gpu.made = plan::as_made(gpu.state, gpu.made);
  auto plan = plan::plan_gpu(gpu, plan::target_of(rest, one.gpu->made));
  if (!plan) return fail(ErrorKind::refused, fmt::format("GPU {}", gpu.index.value), plan.error().what);
  plan->made = ops::still_standing(plan->after, one.gpu->made);
  return *std::move(plan);
}

Result<model::Plan> make_plan(const Words& words, const model::Inventory& inventory) {
  model::Plan plan;
  plan.digest = plan::digest(inventory);
  for (const auto& [index, one] : GPUSLICE_TRY(doomed(words, inventory)))
    plan.gpus.push_back(GPUSLICE_TRY(plan_one(one)));
  return plan;
}

}  // namespace

void add_destroy_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("destroy", "Destroy instances");
  auto words = std::make_shared<Words>();
  verb.add_option("INSTANCE", words->instances, "a name, GPU:GI, GPU:GI/CI, or the UUID of a MIG device");
  verb.add_flag("--all", words->all, "all instances of the GPUs of --gpu");
  verb.add_option("--gpu", words->gpus, "with --all: indices, UUIDs or PCI addresses, comma separated, or all")
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  add_change_options(verb, words->change);
  verb.callback([&line, words] {
    line.chosen = [&line, words]() -> Result<int> {
      if (words->all == words->gpus.empty())
        return fail(ErrorKind::usage, "destroy",
                    words->all ? "--all needs --gpu: which GPUs"
                               : "--gpu goes with --all only; an instance is named without it: NAME, GPU:GI or GPU:GI/CI",
                    "gpuslice list");
      if (words->instances.empty() && !words->all)
        return fail(ErrorKind::usage, "destroy", "needs an instance, or --all with --gpu", "gpuslice list");
      return change_node(line, words->change, "destroy",
                         [&](const model::Inventory& inventory) { return make_plan(*words, inventory); });
    };
  });
}

}  // namespace gpuslice::cli
