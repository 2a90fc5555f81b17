// `gpuslice products`: the products of the catalogue and their names.
#include <memory>

#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Type;
using Row = const catalog::Product*;

report::List list(std::span<const std::string_view> words) { return {words.begin(), words.end()}; }

std::string mig_word(const catalog::Product& product) {
  if (!product.capability.mode.supported) return "no";
  return product.capability.profiles.empty() ? "placements unknown" : "yes";
}

std::vector<report::Column<Row>> columns() {
  return {{"key", "PRODUCT", Type::text, "key of the product", [](const Row& p) { return Cell(std::string(p->key)); }},
          {"aliases", "ALIASES", Type::list, "short names", [](const Row& p) { return Cell(list(p->aliases)); }},
          {"architecture", "ARCHITECTURE", Type::text, "architecture of the GPU",
           [](const Row& p) { return Cell(std::string(p->architecture)); }},
          {"memory_total_mib", "MEMORY MiB", Type::number, "total memory that NVML reports",
           [](const Row& p) {
             return p->memory_total_mib.value ? Cell(std::int64_t{*p->memory_total_mib.value})
                                              : Cell(report::Unknown{});
           }},
          {"mig", "MIG", Type::text, "yes, no, or placements unknown (profiles can be shown, not created)",
           [](const Row& p) { return Cell(mig_word(*p)); }},
          {"names", "NVML NAMES", Type::list, "names that NVML reports for its boards",
           [](const Row& p) { return Cell(list(p->names)); }}};
}

Result<int> products(const std::string& output, std::ostream& out) {
  std::vector<Row> rows;
  for (const auto& product : catalog::products()) rows.push_back(&product);
  print(report::sheet(columns(), rows), output, out);
  return 0;
}

}  // namespace

report::schema::Json products_schema() { return report::schema::rows(report::heads(columns())); }

void add_products_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("products", "List the GPU models that gpuslice knows");
  auto output = std::make_shared<std::string>("table");
  add_choice(verb, "--output", *output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] { return column_help(report::heads(columns())); });
  verb.callback([&line, output] { line.chosen = [&line, output] { return products(*output, line.terminal.out); }; });
}

}  // namespace gpuslice::cli
