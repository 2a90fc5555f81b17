// `gpuslice export`: writes the current state of a node as a layout that apply reads.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/printable.hpp"
#include "cli/layout_words.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"
#include "mig/instance_name.hpp"
#include "plan/as_layout.hpp"
#include "spec/print.hpp"

namespace gpuslice::cli {
namespace {

struct ExportWords {
  std::string format{"gpuslice"}, output{"yaml"}, select{"portable"}, configuration;
  WhereWords where;
};

plan::SelectBy select_by(const std::string& word) {
  if (word == "index") return plan::SelectBy::index;
  if (word == "uuid") return plan::SelectBy::uuid;
  return word == "pci" ? plan::SelectBy::pci : plan::SelectBy::portable;
}

// Removes names and placements, which every export has and mig-parted's format cannot express; reports each kind in one
// line instead of one line for every instance.
std::vector<std::string> without_names_and_places(model::Layout& layout) {
  std::string names;
  std::size_t places = 0;
  const auto strip = [&](auto& one) {
    if (!one.name.empty()) names += (names.empty() ? "" : ", ") + printable(one.name);
    places += one.placement ? 1 : 0;
    one.name.clear();
    one.placement.reset();
  };
  for (auto& entry : layout.gpus)
    for (auto& gi : entry.instances) {
      strip(gi);
      if (!gi.compute) continue;
      for (auto& ci : *gi.compute) strip(ci);
    }
  std::vector<std::string> lost;
  if (!names.empty()) lost.push_back("names (" + names + ")");
  if (places != 0) lost.push_back("placements; the driver chooses them");
  return lost;
}

// Names from an older version may be invalid today; the file would then be refused.
void leave_out_bad_names(model::Layout& layout, const Terminal& terminal) {
  const auto check = [&](auto& one) {
    const auto fault = one.name.empty() ? std::string{} : mig::name_fault(one.name);
    if (fault.empty()) return;
    terminal.err << fmt::format("gpuslice: note: left out: the name \"{}\", which {}\n", printable(one.name), fault);
    one.name.clear();
  };
  for (auto& entry : layout.gpus)
    for (auto& gi : entry.instances) {
      check(gi);
      if (!gi.compute) continue;
      for (auto& ci : *gi.compute) check(ci);
    }
}

Result<int> export_it(const CommandLine& line, const ExportWords& words) {
  const auto inventory = GPUSLICE_TRY(read_where(line, words.where, [](const model::Gpu&) { return true; }));
  auto layout = GPUSLICE_TRY(plan::as_layout(inventory, select_by(words.select)));
  layout.name = words.configuration;
  leave_out_bad_names(layout, line.terminal);
  auto& out = line.terminal.out;
  if (words.format == "mig-parted") {
    // mig-parted's format has no products, and a file in it removes all instances that it does not name; this one names
    // all.
    const auto by_product = [](const model::GpuEntry& entry) { return !entry.selector.product.empty(); };
    if (std::any_of(layout.gpus.begin(), layout.gpus.end(), by_product))
      layout = GPUSLICE_TRY(plan::as_layout(inventory, plan::SelectBy::index));
    for (auto& entry : layout.gpus) entry.foreign = model::Foreign::remove;
    layout.later_wins = true;
    layout.name = words.configuration.empty() ? "current" : words.configuration;
    auto lost = without_names_and_places(layout);
    const auto printed = spec::print_mig_parted(layout);
    out << printed.text;
    lost.insert(lost.end(), printed.lost.begin(), printed.lost.end());
    for (const auto& one : lost)
      line.terminal.err << "gpuslice: note: mig-parted's format cannot express: " << printable(one) << '\n';
    return 0;
  }
  spec::File file;
  file.configurations.push_back(std::move(layout));
  out << (words.output == "json" ? spec::print_json(file) : spec::print(file));
  return 0;
}

}  // namespace

void add_export_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("export", "Print the current state of a node as a layout file");
  auto words = std::make_shared<ExportWords>();
  add_choice(verb, "--format", words->format, {"gpuslice", "mig-parted"},
             "Write this file format (default: gpuslice, which is gpuslice/v1)");
  add_choice(verb, "--output", words->output, {"yaml", "json"}, "Write gpuslice/v1 as YAML or JSON (default yaml)");
  add_choice(verb, "--select", words->select, {"portable", "index", "uuid", "pci"},
             "Select GPUs by this; portable (default) uses the most general that is exact: all, products or indices");
  verb.add_option("--config", words->configuration, "Write it as a configuration of this name").type_name("NAME");
  verb.add_option("--from", words->where.inventory_file,
                  "Export a saved inventory (gpuslice list --output inventory) instead of a node")
      .type_name("FILE");
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return export_it(line, *words); }; });
}

}  // namespace gpuslice::cli
