// `gpuslice sim list`: lists the simulated nodes.
#include <algorithm>
#include <memory>

#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "report/table.hpp"
#include "simhost/draft.hpp"
#include "simhost/node_gaps.hpp"
#include "simhost/summarise.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Shown;
using report::Type;
using simhost::NodeSummary;

// A value read from the state of a node; unknown if the node cannot be read.
template <class Get>
auto read(Get get) {
  return [get](const NodeSummary& node) { return node.problem.empty() ? Cell(get(node)) : Cell(report::Unknown{}); };
}
auto number(unsigned NodeSummary::* which) {
  return read([which](const NodeSummary& node) { return std::int64_t{node.*which}; });
}

// The table has the column of problems only if a node has one.
std::vector<report::Column<NodeSummary>> columns(Shown problems) {
  return {
      {"name", "NODE", Type::text, "name of the node", [](const NodeSummary& n) { return Cell(n.name); }},
      {"driver", "DRIVER", Type::text, "driver version", read([](const NodeSummary& n) { return n.driver; })},
      {"gpus", "GPUS", Type::text, "number of GPUs of each product", read([](const NodeSummary& n) { return n.gpus; })},
      {"gpu_count", "", Type::number, "number of GPUs", number(&NodeSummary::gpu_count), Shown::data_only},
      {"mig_gpus", "MIG", Type::number, "GPUs with MIG mode on", number(&NodeSummary::mig_gpus)},
      {"gpu_instances", "GI", Type::number, "GPU instances", number(&NodeSummary::gpu_instances)},
      {"compute_instances", "CI", Type::number, "compute instances", number(&NodeSummary::compute_instances)},
      {"clients", "CLIENTS", Type::number, "processes that use a GPU", number(&NodeSummary::clients)},
      {"unreproduced_views", "", Type::list, "views that nvidia-smi prints differently from NVIDIA's of this driver",
       read([](const NodeSummary& n) { return simhost::unreproduced_views(n.driver); }), Shown::data_only},
      {"directory", "DIRECTORY", Type::text, "directory of the node",
       [](const NodeSummary& n) { return Cell(n.directory); }},
      {"problem", "PROBLEM", Type::text, "why the node cannot be read",
       [](const NodeSummary& n) { return n.problem.empty() ? Cell(report::None{}) : Cell(n.problem); }, problems},
  };
}

Result<int> list(const std::string& output, const Terminal& terminal) {
  const auto nodes = GPUSLICE_TRY(nodes_directory());
  simhost::sweep_drafts(nodes);
  const auto found = simhost::summarise_nodes(nodes);
  if (found.empty() && output == "table") {
    terminal.err << "there is no simulated node; create one: gpuslice sim create demo --gpus 8xa100-40gb\n";
    return 0;
  }
  const bool whole = std::ranges::all_of(found, [](const NodeSummary& node) { return node.problem.empty(); });
  print(report::sheet(columns(whole ? Shown::data_only : Shown::always), found), output, terminal.out);
  return status(whole ? Exit::done : Exit::unknown);
}

}  // namespace

report::schema::Json sim_list_schema() { return report::schema::rows(report::heads(columns(Shown::always))); }

void add_sim_list_verb(Verb sim, CommandLine& line) {
  auto verb = sim.add_subcommand("list", "List the simulated nodes");
  auto output = std::make_shared<std::string>("table");
  add_choice(verb, "--output", *output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] { return column_help(report::heads(columns(Shown::always))); });
  verb.callback([&line, output] { line.chosen = [&line, output] { return list(*output, line.terminal); }; });
}

}  // namespace gpuslice::cli
