// `gpuslice placements`: where each profile can stand on a node now, or --for a PRODUCT, in its own placement units.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/catalogue.hpp"
#include "cli/live.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Type;

// "{0,2}:2", as nvidia-smi mig -lgipp.
std::string starts(const mig::GiProfile& profile) {
  std::vector<unsigned> all;
  for (const auto site : profile.sites) all.push_back(site.start);
  return fmt::format("{{{}}}:{}", fmt::join(all, ","), profile.sites[0].size);
}

std::string as_json(const mig::Capability& capability) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& p : capability.profiles) {
    auto sites = nlohmann::ordered_json::array();
    for (const auto site : p.sites) sites.push_back({{"start", site.start}, {"size", site.size}});
    all.push_back({{"profile", p.name}, {"id", p.id.value}, {"placements", sites}});
  }
  return report::json_text(all, 2) + "\n";
}

Result<int> placements(const std::string& product, const std::string& output, std::ostream& out) {
  const auto capability = GPUSLICE_TRY(placeable(GPUSLICE_TRY(mig_product(product)), ""));
  if (output == "json") {
    out << as_json(capability);
    return 0;
  }
  const std::vector<report::Column<mig::GiProfile>> columns = {
      {"id", "ID", Type::number, "", [](const auto& p) { return Cell(std::int64_t{p.id.value}); }},
      {"profile", "PROFILE", Type::text, "", [](const auto& p) { return Cell(std::string(p.name)); }},
      {"placements", "PLACEMENTS", Type::text, "", [](const auto& p) { return Cell(starts(p)); }}};
  print(report::sheet(columns, std::vector<mig::GiProfile>(capability.profiles.begin(), capability.profiles.end())),
        output, out);
  if (output == "table")
    out << fmt::format("grid: {} units, {} compute slices\n", capability.grid, capability.compute_slices);
  return 0;
}

}  // namespace

void add_placements_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("placements",
                                      "Show the possible placements of MIG profiles, on a node now or for a product");
  struct PlacementsWords {
    std::string product, output{"table"};
    std::vector<std::string> gpus;
  };
  auto words = std::make_shared<PlacementsWords>();
  add_product_option(verb, words->product);
  add_live_option(verb, words->gpus);
  verb.fallthrough();
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "how to print them (default table)");
  verb.callback([&line, words] {
    line.chosen = [&line, words] {
      if (words->product.empty()) return live_placements(line, words->gpus, words->output);
      return placements(words->product, words->output, line.terminal.out);
    };
  });
}

}  // namespace gpuslice::cli
