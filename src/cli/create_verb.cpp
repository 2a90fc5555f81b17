// `gpuslice create`: creates GPU instances; existing ones stay as they are.
#include <fmt/format.h>

#include <memory>

#include "cli/change_words.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"
#include "ops/creating.hpp"
#include "ops/select.hpp"

namespace gpuslice::cli {
namespace {

struct CreateWords {
  ChangeWords change;
  std::vector<std::string> gpus, profiles, compute;
  std::string placement, name;
  std::uint32_t count{1};
};

ops::CreateRequest request_of(const CreateWords& words) {
  ops::CreateRequest request{words.profiles, words.placement, words.name, std::nullopt, words.count};
  if (words.compute.empty()) return request;
  auto& compute = request.compute.emplace();
  if (words.compute == std::vector<std::string>{"none"}) return request;
  for (const auto& one : words.compute) {
    // "1c" or "1c=NAME"
    const auto equals = one.find('=');
    compute.push_back(
        {one.substr(0, equals), equals == std::string::npos ? std::nullopt : std::optional(one.substr(equals + 1))});
  }
  return request;
}

// The same failure, naming the option that the field of the request came from, and with a hint.
Error with_options(ops::CreateFailure failure) {
  using About = ops::CreateFailure::About;
  const auto gpu = failure.gpu.value;
  switch (failure.about) {
    case About::other:
      break;
    case About::name:
      failure.object = "--name";
      if (failure.hint.empty()) failure.hint = "--name train";
      break;
    case About::placement:  // "placement", or "placement 4:4"
      failure.object = "--" + failure.object;
      break;
    case About::compute:
      failure.object = "--compute";
      failure.hint = "--compute 1c=a,2c=b";
      break;
    case About::default_compute:
      failure.hint = "--compute none";
      break;
    case About::mig_mode:
      failure.hint = Hint::gpuslice({"enable", {"gpu", std::to_string(gpu)}});
      break;
    case About::room:
      failure.hint = Hint::gpuslice({"placements", {"gpu", std::to_string(gpu)}});
      break;
  }
  return failure;
}

Result<int> create(const CommandLine& line, const CreateWords& words) {
  const auto request = request_of(words);
  if (const auto checked = ops::check_request(request); !checked) return std::unexpected(with_options(checked.error()));
  return change_node(line, words.change, "create", [&](const model::Inventory& inventory) -> Result<model::Plan> {
    const auto gpus = GPUSLICE_TRY(ops::select_mig_gpus(inventory, words.gpus));
    auto plan = ops::plan_create(inventory, gpus, request);
    if (!plan) return std::unexpected(with_options(plan.error()));
    return *std::move(plan);
  });
}

}  // namespace

void add_create_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("create", "Create GPU instances with their compute instances");
  auto words = std::make_shared<CreateWords>();
  verb.add_option("PROFILE", words->profiles, "Profile name or id, such as 3g.20gb or 19").required();
  verb.add_option("--gpu", words->gpus,
                  "Create on these GPUs: indices, UUIDs or PCI addresses, comma separated, or all")
      .required()
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  verb.add_option(
          "--placement", words->placement,
          "Create at this placement: start:size or the start alone (default: the placement that leaves the most room)")
      .type_name("PLACE");
  verb.add_option("--name", words->name, "Name the instance, for destroy and layout files")
      .type_name("NAME")
      .check(not_empty("NAME"));
  verb.add_option(
          "--compute", words->compute,
          "Create these compute instances in it, comma separated: 1c,1c,2c or 1c=NAME; none creates none (default: "
          "one that takes the whole GPU instance)")
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  verb.add_option("--count", words->count, "Create this many of each profile (default 1)").range(1, 8).type_name("N");
  add_change_options(verb, words->change);
  verb.callback([&line, words] {
    line.chosen = with_last_line(line, {words, &words->change}, [&line, words] { return create(line, *words); });
  });
}

}  // namespace gpuslice::cli
