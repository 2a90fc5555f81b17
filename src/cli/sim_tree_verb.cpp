// `gpuslice sim tree`: lists or writes the files of a node's driver.
#include <fmt/format.h>

#include <memory>

#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "report/table.hpp"
#include "sim/state_file.hpp"
#include "sim/tree_files.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::None;
using report::Type;
using sim::TreeEntry;

const char* kind(const TreeEntry& entry) {
  switch (entry.kind) {
    case TreeEntry::Kind::directory:
      return "directory";
    case TreeEntry::Kind::file:
      return "file";
    case TreeEntry::Kind::link:
      return "link";
    case TreeEntry::Kind::character_device:
      return "device";
  }
  return "unknown";
}

// The configuration space of a PCI device is binary.
std::string shown(const std::string& content) {
  const bool text = content.find('\0') == std::string::npos;
  if (text) return content;
  std::string hex;
  for (const char c : content) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

const std::vector<report::Column<TreeEntry>>& columns() {
  const auto of_device = [](std::uint32_t TreeEntry::* which) {
    return [which](const TreeEntry& e) {
      if (e.kind != TreeEntry::Kind::character_device) return Cell(None{});
      return Cell(static_cast<std::int64_t>(e.*which));
    };
  };
  static const std::vector<report::Column<TreeEntry>> all = {
      {"path", "PATH", Type::text, "path as a client opens it", [](const TreeEntry& e) { return Cell(e.path); }},
      {"kind", "KIND", Type::text, "directory, file, link or device",
       [](const TreeEntry& e) { return Cell(std::string(kind(e))); }},
      {"mode", "MODE", Type::text, "permission bits, octal",
       [](const TreeEntry& e) { return Cell(fmt::format("{:04o}", e.mode)); }},
      {"major", "MAJOR", Type::number, "major number of a device", of_device(&TreeEntry::major)},
      {"minor", "MINOR", Type::number, "minor number of a device", of_device(&TreeEntry::minor)},
      {"content", "CONTENT", Type::text, "content of a file (in hex if it is not text), target of a link",
       [](const TreeEntry& e) {
         const bool has = e.kind == TreeEntry::Kind::file || e.kind == TreeEntry::Kind::link;
         return has ? Cell(shown(e.content)) : Cell(None{});
       },
       report::Shown::data_only},
  };
  return all;
}

struct TreeWords {
  std::string node, output{"table"}, write;
};

Result<int> tree(const TreeWords& words, const Terminal& terminal) {
  const auto state =
      GPUSLICE_TRY(sim::StateFile::open(GPUSLICE_TRY(node_to_read(words.node)) + "/state", sim::Access::read_only));
  const auto entries = sim::trees(state->config(), state->read(), sim::host_processors());
  if (words.write.empty()) {
    print(report::sheet(columns(), entries), words.output, terminal.out);
    return 0;
  }
  GPUSLICE_CHECK(sim::write_trees(words.write, entries));
  terminal.err << fmt::format("wrote {} entries below {}\n", entries.size(), words.write);
  return 0;
}

}  // namespace

report::schema::Json sim_tree_schema() { return report::schema::rows(report::heads(columns())); }

void add_sim_tree_verb(Verb sim, CommandLine& line) {
  auto verb = sim.add_subcommand("tree", "List the files of a node's driver in /proc, /dev and /sys");
  auto words = std::make_shared<TreeWords>();
  verb.add_option("NODE", words->node, "Name of the node").required();
  verb.add_option("--write", words->write, "Write the files into this new directory; device files become plain files")
      .type_name("DIR");
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] { return column_help(report::heads(columns())); });
  verb.callback([&line, words] { line.chosen = [&line, words] { return tree(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
