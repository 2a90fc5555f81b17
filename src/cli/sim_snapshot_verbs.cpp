// `gpuslice sim snapshot`, `restore`, `clone`: save the state of a node, return to it, copy a node.
#include <fmt/format.h>

#include <memory>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "report/table.hpp"
#include "simhost/draft.hpp"
#include "simhost/snapshot.hpp"

namespace gpuslice::cli {
namespace {

struct SnapshotWords {
  std::string node, name, output{"table"};
  bool remove{};
};

const std::vector<report::Column<simhost::Snapshot>>& columns() {
  using report::Cell;
  using report::Type;
  static const std::vector<report::Column<simhost::Snapshot>> all = {
      {"name", "NAME", Type::text, "name of the snapshot", [](const simhost::Snapshot& s) { return Cell(s.name); }},
      {"taken", "TAKEN", Type::text, "when it was taken, UTC",
       [](const simhost::Snapshot& s) { return Cell(s.taken); }},
      {"gpu_instances", "GI", Type::number, "GPU instances in it",
       [](const simhost::Snapshot& s) { return Cell(std::int64_t{s.gpu_instances}); }},
      {"compute_instances", "CI", Type::number, "compute instances in it",
       [](const simhost::Snapshot& s) { return Cell(std::int64_t{s.compute_instances}); }},
  };
  return all;
}

Result<int> snapshot(const SnapshotWords& w, const Terminal& terminal) {
  const auto node = GPUSLICE_TRY(w.name.empty() ? node_to_read(w.node) : node_directory(w.node));
  if (w.name.empty() && w.remove)
    return fail(ErrorKind::usage, "sim snapshot", "needs the name of the snapshot to delete",
                Hint::gpuslice({"sim", "snapshot", w.node}));
  if (w.name.empty()) {
    const auto all = GPUSLICE_TRY(simhost::snapshots(node));
    if (all.empty() && w.output == "table")
      terminal.err << fmt::format("node {0} has no snapshot; take one: gpuslice sim snapshot {0} before\n", w.node);
    else
      print(report::sheet(columns(), all), w.output, terminal.out);
    return 0;
  }
  if (w.remove) {
    GPUSLICE_CHECK(simhost::delete_snapshot(node, w.name));
    terminal.err << fmt::format("deleted snapshot {} of node {}\n", w.name, w.node);
    return 0;
  }
  GPUSLICE_CHECK(simhost::take_snapshot(node, w.name));
  terminal.err << fmt::format("took snapshot {1} of node {0}; to return to it: gpuslice sim restore {0} {1}\n", w.node,
                              w.name);
  return 0;
}

Result<int> restore(const SnapshotWords& w, const Terminal& terminal) {
  auto done = simhost::restore_snapshot(GPUSLICE_TRY(node_directory(w.node)), w.name);
  if (!done) {
    auto error = done.error();
    if (error.object == "the node" || error.object == "node") error.object = "node " + w.node;
    if (error.kind == ErrorKind::not_found && error.hint.empty())
      error.hint = Hint::gpuslice({"sim", "snapshot", w.node});
    return std::unexpected(error);
  }
  terminal.err << fmt::format("node {} restored to snapshot {}\n", w.node, w.name);
  return 0;
}

Result<int> clone(const SnapshotWords& w, const Terminal& terminal) {
  const auto nodes = GPUSLICE_TRY(nodes_directory());
  simhost::sweep_drafts(nodes);
  GPUSLICE_CHECK(node_directory(w.node));  // upgrades and repairs the node before it is copied
  terminal.out << GPUSLICE_TRY(simhost::clone_node(nodes, w.node, w.name)) << '\n';
  terminal.err << fmt::format("created node {1} as a copy of node {0}, with the same identities\n", w.node, w.name);
  return 0;
}

}  // namespace

report::schema::Json sim_snapshots_schema() { return report::schema::rows(report::heads(columns())); }

void add_sim_snapshot_verbs(Verb sim, CommandLine& line) {
  auto words = std::make_shared<SnapshotWords>();
  const auto verb = [&](const char* name, const char* help,
                        Result<int> (*action)(const SnapshotWords&, const Terminal&)) {
    auto app = sim.add_subcommand(name, help);
    app.add_option("NODE", words->node, "Name of the node").required();
    app.callback(
        [&line, action, words] { line.chosen = [&line, action, words] { return action(*words, line.terminal); }; });
    return app;
  };
  auto take = verb("snapshot", "Save the state of a node, or list its snapshots", snapshot);
  take.add_option("NAME", words->name, "Name of the snapshot (default: list the snapshots)");
  take.add_flag("--delete", words->remove, "Delete the snapshot");
  add_choice(take, "--output", words->output, {"table", "json", "csv"},
             "Print the list in this format (default table)");
  take.footer([] { return column_help(report::heads(columns())); });
  verb("restore", "Return a node to a snapshot, as after a reboot", restore)
      .add_option("NAME", words->name, "Name of the snapshot")
      .required();
  verb("clone", "Copy a node under a new name, with the same UUIDs", clone)
      .add_option("NEW", words->name, "Name of the new node")
      .required();
}

}  // namespace gpuslice::cli
