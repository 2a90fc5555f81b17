// `gpuslice sim create`: creates a simulated node.
#include <fmt/format.h>

#include <memory>

#include "base/printable.hpp"
#include "cli/input_file.hpp"
#include "cli/option_words.hpp"
#include "cli/own_node.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "simhost/create_node.hpp"
#include "simhost/draft.hpp"
#include "spec/file.hpp"
#include "spec/tree.hpp"

namespace gpuslice::cli {
namespace {

struct CreateNodeWords {
  std::string node, gpus, recipe, driver, variant;
  std::uint64_t seed{1};
};

// As for a layout file, input that is not YAML, too large, nested too deeply or full of aliases is refused before its
// keys are read.
Result<simhost::NodeSpec> read_recipe(const std::string& path) {
  const auto text = GPUSLICE_TRY(read_input(path, spec::max_file_bytes));
  const std::string source = path == "-" ? "<stdin>" : path;
  GPUSLICE_CHECK(spec::parse_tree(text, source, "a recipe"));
  return simhost::parse_recipe(text, source);
}

// Applies --board-variant to the GPUs that have variants; an error if there are none.
Result<void> choose_variant(simhost::NodeSpec& spec, catalog::BoardVariant variant) {
  bool any = false;
  for (auto& gpu : spec.gpus) {
    const auto* product = GPUSLICE_TRY(catalog::find(gpu.product));
    if (product->id_scheme != catalog::IdScheme::seven_slice) continue;
    gpu.board_variant = variant;
    any = true;
  }
  if (any) return {};
  return fail(ErrorKind::usage, "--board-variant",
              "applies to none of these GPUs: only seven-slice boards have variants A and B");
}

Result<simhost::NodeSpec> spec_of(const CreateNodeWords& w) {
  if (!w.recipe.empty() && !w.gpus.empty())
    return fail(ErrorKind::usage, "sim create", "takes --gpus or a recipe (-f), not both");
  if (w.recipe.empty() && w.gpus.empty())
    return fail(ErrorKind::usage, "sim create", "needs the GPUs of the node",
                Hint::gpuslice({"sim", "create", w.node, {"gpus", "8xa100-40gb"}}));
  simhost::NodeSpec spec;
  if (!w.recipe.empty()) spec = GPUSLICE_TRY(read_recipe(w.recipe));
  if (!w.gpus.empty()) spec.gpus = GPUSLICE_TRY(simhost::parse_gpus(w.gpus));
  if (!w.driver.empty()) spec.driver = w.driver;
  if (w.recipe.empty() || w.seed != 1) spec.seed = w.seed;
  if (!w.variant.empty())
    GPUSLICE_CHECK(choose_variant(spec, w.variant == "A" ? catalog::BoardVariant::a : catalog::BoardVariant::b));
  return spec;
}

Result<int> create(const CreateNodeWords& w, const Terminal& terminal) {
  const auto spec = GPUSLICE_TRY(spec_of(w));
  const auto nodes = GPUSLICE_TRY(nodes_directory());
  simhost::sweep_drafts(nodes);
  const auto made = GPUSLICE_TRY(simhost::create_node(nodes, w.node, spec, GPUSLICE_TRY(own_parts())));
  for (const auto& note : made.notes) terminal.err << "gpuslice: note: " << printable(note) << '\n';
  terminal.out << made.directory << '\n';
  terminal.err << fmt::format("created node {0}; next: gpuslice sim exec {0} -- nvidia-smi\n", w.node);
  return 0;
}

}  // namespace

void add_sim_create_verb(Verb sim, CommandLine& line) {
  auto words = std::make_shared<CreateNodeWords>();
  auto verb = sim.add_subcommand("create", "Create a simulated node");
  verb.add_option("NODE", words->node, "Name of the node").required();
  verb.add_option("--gpus", words->gpus,
                  "Create these GPUs, such as 8xa100-40gb or 4xh100,1xa30 (see gpuslice products)")
      .type_name("GPUS");
  verb.add_option("-f,--file", words->recipe,
                  "Read the node from this recipe file (gpuslice.sim/v1); - is standard input")
      .type_name("FILE");
  verb.add_option("--driver", words->driver, "Simulate this driver version (default 580.126.09)").type_name("VERSION");
  add_choice(verb, "--board-variant", words->variant, {"A", "B"},
             "Variant of seven-slice boards (default: the usual variant of the board)");
  verb.add_option("--seed", words->seed, "Derive UUIDs and other identities from this number (default 1)");
  verb.callback([&line, words] { line.chosen = [&line, words] { return create(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
