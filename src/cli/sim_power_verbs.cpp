// `gpuslice sim reboot`, `reset`, `delete`: reboot a node, reset one of its GPUs, delete a node.
#include <fmt/format.h>

#include <memory>

#include "cli/reboot_node.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "sim/driver.hpp"
#include "simhost/create_node.hpp"
#include "simhost/denial_error.hpp"
#include "simhost/draft.hpp"

namespace gpuslice::cli {
namespace {

struct RebootWords {
  std::string node;
  bool no_hooks{};
};

struct ResetWords {
  std::string node;
  std::uint32_t gpu{};
};

Result<int> reboot(const RebootWords& w, const Terminal& terminal) {
  const auto directory = GPUSLICE_TRY(node_directory(w.node));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(directory, directory));
  return reboot_node(*driver, !w.no_hooks, terminal);
}

Result<int> reset(const ResetWords& w, const Terminal& terminal) {
  const auto directory = GPUSLICE_TRY(node_directory(w.node));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(directory, directory));
  const auto object = fmt::format("GPU {} of node {}", w.gpu, w.node);
  if (w.gpu >= driver->gpu_count())
    return fail(ErrorKind::not_found, object, fmt::format("does not exist; GPUs on the node: {}", driver->gpu_count()));
  if (const auto done = driver->reset(w.gpu); !done)
    return std::unexpected(simhost::denial_error(done.error(), *driver, object));
  terminal.err << fmt::format("reset {}\n", object);
  return 0;
}

Result<int> remove(const std::string& node, const Terminal& terminal) {
  const auto nodes = GPUSLICE_TRY(nodes_directory());
  simhost::sweep_drafts(nodes);
  GPUSLICE_CHECK(simhost::delete_node(nodes, node));
  terminal.err << fmt::format("deleted node {}\n", node);
  return 0;
}

void add_node_option(Verb verb, std::string& node) { verb.add_option("NODE", node, "Name of the node").required(); }

}  // namespace

void add_sim_power_verbs(Verb sim, CommandLine& line) {
  auto restarted = std::make_shared<RebootWords>();
  auto verb =
      sim.add_subcommand("reboot", "Reboot a node: removes clients and instances; MIG mode persists on Ampere only");
  add_node_option(verb, restarted->node);
  verb.add_flag("--no-hooks", restarted->no_hooks, "Do not run the programs in the node's boot.d");
  verb.callback([&line, restarted] { line.chosen = [&line, restarted] { return reboot(*restarted, line.terminal); }; });

  auto one = std::make_shared<ResetWords>();
  verb = sim.add_subcommand("reset", "Reset a GPU of a node");
  add_node_option(verb, one->node);
  verb.add_option("--gpu", one->gpu, "Index of the GPU (default 0)");
  verb.callback([&line, one] { line.chosen = [&line, one] { return reset(*one, line.terminal); }; });

  auto gone = std::make_shared<std::string>();
  verb = sim.add_subcommand("delete", "Delete a node");
  add_node_option(verb, *gone);
  verb.callback([&line, gone] { line.chosen = [&line, gone] { return remove(*gone, line.terminal); }; });
}

}  // namespace gpuslice::cli
