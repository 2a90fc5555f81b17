// `gpuslice placements`: the free placements of each profile on a node, or --for a PRODUCT all of them, in placement
// units.
#include <fmt/format.h>

#include <memory>

#include "cli/catalogue.hpp"
#include "cli/live.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Type;

// "{0,2}:2", as nvidia-smi mig -lgipp prints it.
std::string starts(const mig::GiProfile& profile) {
  std::vector<unsigned> all;
  for (const auto site : profile.sites) all.push_back(site.start);
  return fmt::format("{{{}}}:{}", fmt::join(all, ","), profile.sites[0].size);
}

std::vector<report::Column<mig::GiProfile>> columns() {
  using report::Known;
  using report::Shown;
  return {{"id", "ID", Type::number, "profile ID", [](const auto& p) { return Cell(std::int64_t{p.id.value}); },
           Shown::always, Known::always},
          {"profile", "PROFILE", Type::text, "profile name", [](const auto& p) { return Cell(std::string(p.name)); },
           Shown::always, Known::always},
          {"placements", "PLACEMENTS", Type::text, "", [](const auto& p) { return Cell(starts(p)); }, Shown::table_only,
           Known::always},
          {"placements", "PLACEMENTS", Type::spans, "all possible placements",
           [](const auto& p) {
             report::Spans all;
             for (const auto site : p.sites) all.push_back({site.start, site.size});
             return Cell(all);
           },
           Shown::data_only, Known::always}};
}

Result<int> placements(const std::string& product, const std::string& output, std::ostream& out) {
  const auto capability = GPUSLICE_TRY(placeable(GPUSLICE_TRY(mig_product(product)), ""));
  print(report::sheet(columns(), std::vector<mig::GiProfile>(capability.profiles.begin(), capability.profiles.end())),
        output, out);
  if (output == "table")
    out << fmt::format("grid: {} units, {} compute slices\n", capability.grid, capability.compute_slices);
  return 0;
}

}  // namespace

report::schema::Json placements_for_schema() { return report::schema::rows(report::heads(columns())); }

void add_placements_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("placements",
                                      "Show the placements of MIG profiles: free on a node now, or all of a product");
  struct PlacementsWords {
    std::string product, output{"table"};
    std::vector<std::string> gpus;
  };
  auto words = std::make_shared<PlacementsWords>();
  add_product_option(verb, words->product);
  add_live_option(verb, words->gpus);
  verb.fallthrough();
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.callback([&line, words] {
    line.chosen = [&line, words] {
      if (words->product.empty()) return live_placements(line, words->gpus, words->output);
      return placements(words->product, words->output, line.terminal.out);
    };
  });
}

}  // namespace gpuslice::cli
