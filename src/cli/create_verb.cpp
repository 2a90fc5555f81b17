// `gpuslice create`: one more GPU instance, or more, beside what stands.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/change_words.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"
#include "mig/instance_name.hpp"
#include "ops/select.hpp"
#include "plan/gpu_planner.hpp"
#include "plan/keep.hpp"
#include "plan/planner.hpp"
#include "plan/resolve.hpp"
#include "plan/shape.hpp"

namespace gpuslice::cli {
namespace {

struct Words {
  ChangeWords change;
  std::vector<std::string> gpus, profiles, compute;
  std::string placement, name;
  std::uint32_t count{1};
};

Result<std::optional<mig::Placement>> placement_of(const Words& words, const mig::GiProfile& profile) {
  if (words.placement.empty()) return std::optional<mig::Placement>{};
  unsigned start = 0, size = 0;
  char rest = 0;
  const auto count = std::sscanf(words.placement.c_str(), "%3u:%3u%c", &start, &size, &rest);
  const bool bare = count == 1 && words.placement.find(':') == std::string::npos;
  std::string known;
  for (const auto site : profile.sites) {
    if (site.start == start && (bare || (count == 2 && site.size == size))) return std::optional(site);
    known += fmt::format("{}{}:{}", known.empty() ? "" : " ", site.start, site.size);
  }
  return fail(ErrorKind::usage, "--placement " + words.placement, fmt::format("{} cannot stand there", profile.name),
              "one of: " + known);
}

// --name NAME, and the names in --compute 1c=NAME.
Result<void> check_names(const Words& words) {
  const auto check = [](const std::string& option, const std::string& name, const char* example) -> Result<void> {
    const auto fault = mig::name_fault(name);
    if (fault.empty()) return {};
    return fail(ErrorKind::usage, option, fmt::format("\"{}\" {}", name, fault), example);
  };
  if (!words.name.empty()) GPUSLICE_CHECK(check("--name", words.name, "--name train"));
  for (const auto& one : words.compute)
    if (const auto equals = one.find('='); equals != std::string::npos)
      GPUSLICE_CHECK(check("--compute", one.substr(equals + 1), "--compute 1c=a,2c=b"));
  return {};
}

Result<model::TargetGi> wanted(const Words& words, const mig::Capability& capability, const std::string& word) {
  const auto* profile = GPUSLICE_TRY(plan::find_profile(capability, word));
  model::TargetGi gi{words.name, profile->id, GPUSLICE_TRY(placement_of(words, *profile)), {}};
  if (words.compute.empty()) {
    const auto* whole = profile->default_compute();
    if (whole == nullptr)
      return fail(ErrorKind::unsupported, std::string(profile->name), "its compute instance profiles are not known",
                  "--compute none");
    gi.compute.push_back({"", whole->id, {}});
  } else if (words.compute != std::vector<std::string>{"none"}) {
    for (const auto& one : words.compute) {
      // "1c" or "1c=NAME"
      const auto equals = one.find('=');
      const auto* inner = GPUSLICE_TRY(plan::find_profile(*profile, one.substr(0, equals)));
      gi.compute.push_back({equals == std::string::npos ? "" : one.substr(equals + 1), inner->id, {}});
    }
  }
  return gi;
}

Result<model::Plan> make_plan(const Words& words, const model::Inventory& inventory) {
  std::vector<model::GpuTarget> targets;
  for (const auto* gpu : GPUSLICE_TRY(ops::select_mig_gpus(inventory, words.gpus))) {
    const auto object = fmt::format("GPU {}", gpu->index.value);
    if (!gpu->capability.mode.supported) return fail(ErrorKind::unsupported, object, gpu->name + " has no MIG");
    if (!gpu->state.mig.mode)
      return fail(ErrorKind::refused, object, "MIG mode is off",
                  fmt::format("gpuslice enable --gpu {}", gpu->index.value));
    model::Target target;
    target.mig = true;
    target.instances = plan::as_wanted(gpu->made);
    for (const auto& made : gpu->made) {
      if (!words.name.empty() && made.name == words.name)
        return fail(ErrorKind::exists, "name " + words.name,
                    fmt::format("is taken by an instance of GPU {}", gpu->index.value), "gpuslice list");
    }
    for (const auto& word : words.profiles) {
      const auto one = GPUSLICE_TRY(wanted(words, gpu->capability, word));
      for (std::uint32_t i = 0; i < words.count; ++i) target.instances.push_back(one);
    }
    targets.push_back({gpu->index, std::move(target)});
  }
  auto plan = plan::plan_node(inventory, targets);
  if (!plan) {
    auto error = plan::explain(inventory, plan.error());
    error.object = "create";
    error.hint = fmt::format("gpuslice placements --gpu {}", plan.error().front().gpu.value);
    return std::unexpected(error);
  }
  return *std::move(plan);
}

}  // namespace

void add_create_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("create", "Create GPU instances with their compute instances");
  auto words = std::make_shared<Words>();
  verb.add_option("PROFILE", words->profiles, "profile names or ids: 3g.20gb, 19").required();
  verb.add_option("--gpu", words->gpus, "on which GPUs: indices, UUIDs or PCI addresses, comma separated, or all")
      .required()
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  verb.add_option("--placement", words->placement,
                   "where: start:size, or the start alone (default: where most room is left)")
      .type_name("PLACE");
  verb.add_option("--name", words->name, "what to call it").type_name("NAME").check(not_empty("NAME"));
  verb.add_option(
          "--compute", words->compute,
          "compute instances in it, comma separated: 1c,1c,2c or 1c=NAME; none for none (default: one that takes "
          "all of it)")
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  verb.add_option("--count", words->count, "how many of each (default 1)")
      .range(1, 8)
      .type_name("N");
  add_change_options(verb, words->change);
  verb.callback([&line, words] {
    line.chosen = [&line, words]() -> Result<int> {
      const bool several = words->count > 1 || words->profiles.size() > 1;
      if (several && (!words->name.empty() || !words->placement.empty()))
        return fail(ErrorKind::usage, words->name.empty() ? "--placement" : "--name", "is for one instance",
                    "create them one by one, or apply a layout");
      GPUSLICE_CHECK(check_names(*words));
      return change_node(line, words->change, "create",
                         [&](const model::Inventory& inventory) { return make_plan(*words, inventory); });
    };
  });
}

}  // namespace gpuslice::cli
