#include "cli/sim_verb.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/split.hpp"
#include "cli/exit_status.hpp"
#include "cli/input_file.hpp"
#include "cli/open_node.hpp"
#include "cli/own_node.hpp"
#include "cli/program.hpp"
#include "cli/reboot_node.hpp"
#include "report/json_text.hpp"
#include "sim/driver.hpp"
#include "sim/node_dir.hpp"
#include "simhost/create_node.hpp"
#include "simhost/denial_error.hpp"
#include "simhost/draft.hpp"
#include "simhost/enter_node.hpp"
#include "simhost/node_gaps.hpp"
#include "simhost/summarise.hpp"
#include "spec/file.hpp"
#include "spec/tree.hpp"

namespace gpuslice::cli {
namespace {

struct Words {
  std::string node, gpus, recipe, driver, variant, output{"table"}, memory{"0"}, hidden{"0"}, type{"C"}, load{"0"},
      name, only;
  std::uint64_t seed{1};
  std::uint32_t gpu{};
  int gi{-1}, ci{-1};
  bool mig_given{}, no_hooks{};
  std::vector<std::string> command;
};

Result<std::string> nodes() { return sim::nodes_directory(sim::home_from_environment()); }

// What is no YAML, too large, nested too deep or full of aliases is refused as in a layout file, before it is
// understood.
Result<simhost::NodeSpec> read_recipe(const std::string& path) {
  const auto text = GPUSLICE_TRY(read_input(path, spec::max_file_bytes));
  const std::string source = path == "-" ? "<stdin>" : path;
  GPUSLICE_CHECK(spec::parse_tree(text, source, "a recipe"));
  return simhost::parse_recipe(text, source);
}

// --board-variant goes to the GPUs that come in variants, and says so when there is none.
Result<void> choose_variant(simhost::NodeSpec& spec, catalog::BoardVariant variant) {
  bool any = false;
  for (auto& gpu : spec.gpus) {
    const auto* product = GPUSLICE_TRY(catalog::find(gpu.product));
    if (product->id_scheme != catalog::IdScheme::seven_slice) continue;
    gpu.board_variant = variant;
    any = true;
  }
  if (any) return {};
  return fail(ErrorKind::usage, "--board-variant", "fits none of these GPUs: only seven-slice parts come as A and B");
}

Result<int> create(const Words& w) {
  simhost::NodeSpec spec;
  if (!w.recipe.empty() && !w.gpus.empty())
    return fail(ErrorKind::usage, "sim create", "takes --gpus or a recipe (-f), not both");
  if (w.recipe.empty() && w.gpus.empty())
    return fail(ErrorKind::usage, "sim create", "needs the GPUs of the node",
                Hint::gpuslice({"sim", "create", w.node, {"gpus", "8xa100-40gb"}}));
  if (!w.recipe.empty()) spec = GPUSLICE_TRY(read_recipe(w.recipe));
  if (!w.gpus.empty()) spec.gpus = GPUSLICE_TRY(simhost::parse_gpus(w.gpus));
  if (!w.driver.empty()) spec.driver = w.driver;
  if (w.recipe.empty() || w.seed != 1) spec.seed = w.seed;
  if (!w.variant.empty())
    GPUSLICE_CHECK(choose_variant(spec, w.variant == "A" ? catalog::BoardVariant::a : catalog::BoardVariant::b));
  const auto all = GPUSLICE_TRY(nodes());
  simhost::sweep_drafts(all);
  const auto made = GPUSLICE_TRY(simhost::create_node(all, w.node, spec, GPUSLICE_TRY(own_parts())));
  for (const auto& note : made.notes) fmt::print(stderr, "gpuslice: note: {}\n", printable(note));
  fmt::print("{}\n", made.directory);
  fmt::print(stderr, "made node {}; next: gpuslice sim exec {} -- nvidia-smi\n", w.node, w.node);
  return 0;
}

Result<int> list(const Words& w) {
  const auto all_nodes = GPUSLICE_TRY(nodes());
  simhost::sweep_drafts(all_nodes);
  const auto found = simhost::summarise_nodes(all_nodes);
  if (w.output == "json") {
    auto all = nlohmann::json::array();
    for (const auto& n : found) {
      if (!n.problem.empty()) {
        all.push_back({{"name", n.name}, {"directory", n.directory}, {"problem", n.problem}});
        continue;
      }
      all.push_back({{"name", n.name},
                     {"driver", n.driver},
                     {"gpus", n.gpus},
                     {"gpu_count", n.gpu_count},
                     {"mig_gpus", n.mig_gpus},
                     {"gpu_instances", n.gpu_instances},
                     {"compute_instances", n.compute_instances},
                     {"clients", n.clients},
                     {"unreproduced_views", simhost::unreproduced_views(n.driver)},
                     {"directory", n.directory}});
    }
    fmt::print("{}\n", report::json_text(all, 2));
    return 0;
  }
  if (found.empty()) {
    fmt::print(stderr, "there is no simulated node; make one: gpuslice sim create demo --gpus 8xa100-40gb\n");
    return 0;
  }
  std::size_t name = 20, gpus = 28;
  for (const auto& n : found) {
    name = std::max(name, n.name.size());
    gpus = std::max(gpus, n.gpus.size());
  }
  fmt::print("{:<{}} {:<12} {:<{}} {:>4} {:>4} {:>4} {:>7}  {}\n", "NODE", name, "DRIVER", "GPUS", gpus, "MIG", "GI",
             "CI", "CLIENTS", "DIRECTORY");
  for (const auto& n : found) {
    if (!n.problem.empty())
      fmt::print("{:<{}} cannot be read: {}\n", printable(n.name), name, printable(n.problem));
    else
      fmt::print("{:<{}} {:<12} {:<{}} {:>4} {:>4} {:>4} {:>7}  {}\n", n.name, name, printable(n.driver),
                 printable(n.gpus), gpus, n.mig_gpus, n.gpu_instances, n.compute_instances, n.clients,
                 printable(n.directory));
  }
  return 0;
}

// Shows why the command could not be run; the statuses are those of env(1) and of containers.
Result<int> run(const simhost::Entry& entry, const std::optional<simhost::ClientWish>& client,
                const std::vector<std::string>& command) {
  const auto error = simhost::run_in_node(entry, client, command);
  show(error, Terminal::of_process());
  if (error.kind == ErrorKind::not_found) return 127;
  if (error.kind == ErrorKind::permission) return 126;
  return 125;
}

// A command that was not run: 125, as env(1) has it, so that it is told from the command's own failure.
Result<int> or_not_run(const Result<int>& ran) {
  if (ran || ran.error().kind == ErrorKind::usage) return ran;
  show(ran.error(), Terminal::of_process());
  return 125;
}

Result<int> exec(const Words& w) {
  if (w.command.empty())
    return fail(ErrorKind::usage, "sim exec", "needs a command",
                Hint::gpuslice({"sim", "exec", w.node, "--", "nvidia-smi"}));
  return run({GPUSLICE_TRY(node_directory(w.node)), split(w.only, ',')}, std::nullopt, w.command);
}

Result<int> shell(const Words& w) {
  const auto directory = GPUSLICE_TRY(node_directory(w.node));
  const char* program = std::getenv("SHELL");
  fmt::print(stderr, "inside node {}: nvidia-smi and NVML clients see its GPUs; leave with exit\n", w.node);
  return run({directory, split(w.only, ','), true}, std::nullopt,
             {program != nullptr && *program != '\0' ? program : "/bin/sh"});
}

Result<int> attach(const Words& w) {
  if (w.command.empty())
    return fail(ErrorKind::usage, "sim attach", "needs the command that is the client",
                Hint::gpuslice({"sim", "attach", w.node, {"gpu", "0"}, {"memory", "2GiB"}, "--", "sleep", "60"}));
  simhost::ClientWish wish;
  wish.gpu = w.gpu;
  if (w.gi >= 0) wish.gi = static_cast<std::uint32_t>(w.gi);
  if (w.ci >= 0) wish.ci = static_cast<std::uint32_t>(w.ci);
  wish.memory_bytes = GPUSLICE_TRY(simhost::parse_size(w.memory));
  wish.hidden_bytes = GPUSLICE_TRY(simhost::parse_size(w.hidden));
  wish.kinds = GPUSLICE_TRY(simhost::parse_kinds(w.type));
  wish.load = GPUSLICE_TRY(simhost::parse_load(w.load));
  wish.name = w.name;
  return run({GPUSLICE_TRY(node_directory(w.node)), {}}, wish, w.command);
}

Result<int> reboot(const Words& w) {
  const auto directory = GPUSLICE_TRY(node_directory(w.node));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(directory, directory));
  return reboot_node(*driver, !w.no_hooks);
}

Result<int> reset(const Words& w) {
  const auto directory = GPUSLICE_TRY(node_directory(w.node));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(directory, directory));
  const auto object = fmt::format("GPU {} of node {}", w.gpu, w.node);
  if (w.gpu >= driver->gpu_count())
    return fail(ErrorKind::not_found, object, fmt::format("is not there; the node has {}", driver->gpu_count()));
  if (const auto done = driver->reset(w.gpu); !done)
    return std::unexpected(simhost::denial_error(done.error(), *driver, object));
  fmt::print(stderr, "reset {}\n", object);
  return 0;
}

Result<int> remove(const Words& w) {
  const auto all = GPUSLICE_TRY(nodes());
  simhost::sweep_drafts(all);
  GPUSLICE_CHECK(simhost::delete_node(all, w.node));
  fmt::print(stderr, "deleted node {}\n", w.node);
  return 0;
}

}  // namespace

Result<std::string> node_directory(const std::string& name) {
  const auto all = GPUSLICE_TRY(nodes());
  simhost::sweep_drafts(all);
  auto node = GPUSLICE_TRY(sim::find_own_node(all, name));
  simhost::sweep_node(node);
  GPUSLICE_CHECK(prepare_node(node));
  return node;
}

Result<std::string> node_to_read(const std::string& name) {
  const auto all = GPUSLICE_TRY(nodes());
  return sim::find_node(all, name);
}

void add_sim_verbs(Verb sim, std::function<Result<int>()>& chosen) {
  auto words = std::make_shared<Words>();
  sim.require_subcommand();
  const auto verb = [&, words](const char* name, const char* help, Result<int> (*action)(const Words&)) {
    auto app = sim.add_subcommand(name, help);
    app.callback([&chosen, action, words] { chosen = [action, words] { return action(*words); }; });
    return app;
  };
  const auto node = [words](Verb app) { app.add_option("NODE", words->node, "name of the node").required(); };
  // Everything behind `--` (or behind the node's name) is the command, options of its own included.
  const auto command = [words](Verb app) {
    app.add_option("COMMAND", words->command, "the command and its arguments, behind --");
  };

  auto make = verb("create", "Make a simulated node", create);
  node(make);
  make.add_option("--gpus", words->gpus, "GPUs, such as 8xa100-40gb or 4xh100,1xa30 (see gpuslice products)");
  make.add_option("-f,--file", words->recipe, "recipe file (YAML, format gpuslice.sim/v1); - reads standard input");
  make.add_option("--driver", words->driver, "driver version (default 580.126.09)");
  make.add_option("--board-variant", words->variant, "A or B: which eighth a seven-slice board lacks")
      .one_of({"A", "B"});
  make.add_option("--seed", words->seed, "identities are a function of it (default 1)");

  auto show = verb("list", "List the simulated nodes", list);
  show.add_option("--output", words->output, "table or json").one_of({"table", "json"});

  auto inside = verb("exec", "Run a command inside a node", [](const Words& w) { return or_not_run(exec(w)); });
  node(inside);
  inside.add_option("--only", words->only,
                    "see only these MIG devices (UUIDs, comma separated), as a container given them");
  command(inside);

  auto sh = verb("shell", "Start a shell inside a node", [](const Words& w) { return or_not_run(shell(w)); });
  node(sh);
  sh.add_option("--only", words->only, "see only these MIG devices (UUIDs, comma separated)");

  auto hold = verb("attach", "Run a command as a client of a GPU: it holds the GPU while it lives",
                   [](const Words& w) { return or_not_run(attach(w)); });
  node(hold);
  hold.add_option("--gpu", words->gpu, "index of the GPU (default 0)");
  hold.add_option("--gi", words->gi, "GPU instance id: a client of a MIG device");
  hold.add_option("--ci", words->ci, "compute instance id");
  hold.add_option("--memory", words->memory, "GPU memory it uses, such as 512MiB or 2GiB (default 0)");
  hold.add_option("--hidden-memory", words->hidden, "memory the driver holds for it but shows for no process");
  hold.add_option("--type", words->type, "C, G, C+G, M+C or M+C+G (default C)");
  hold.add_option("--load", words->load,
                  "what it keeps busy, in percent: SM[,memory[,encoder[,decoder[,JPEG[,OFA]]]]] (default 0)");
  hold.add_option("--name", words->name, "process name to show (default: the command)");
  command(hold);

  auto restart = verb("reboot", "Restart the node's host: clients and instances go, MIG mode by generation", reboot);
  node(restart);
  restart.add_flag("--no-hooks", words->no_hooks, "do not run what stands in the node's boot.d");
  auto one = verb("reset", "Reset one GPU", reset);
  node(one);
  one.add_option("--gpu", words->gpu, "index of the GPU (default 0)");
  node(verb("delete", "Delete a node", remove));
}

}  // namespace gpuslice::cli
