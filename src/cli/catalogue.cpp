#include "cli/catalogue.hpp"

#include <fmt/format.h>

namespace gpuslice::cli {

Option add_product_option(Verb app, std::string& product) {
  return app
      .add_option("--for", product,
                  "Show this product, without a node: its key, an alias or its NVML name (see gpuslice products)")
      .type_name("PRODUCT");
}

Result<MeantProduct> mig_product(const std::string& name) {
  const auto* product = GPUSLICE_TRY(catalog::find(name));
  if (!product->capability.mode.supported)
    return fail(ErrorKind::unsupported, "product " + std::string(product->key), "does not support MIG",
                Hint::gpuslice({"products"}));
  const auto* board = catalog::find_board(*product, name);
  return MeantProduct{product, board != nullptr ? board->name : product->names[0]};
}

Result<mig::Capability> placeable(const MeantProduct& meant, const std::string& driver) {
  const auto capability = catalog::capability(*meant.product, driver, meant.board);
  if (!capability.profiles.empty()) return capability;
  std::vector<std::string_view> known;
  for (const auto& other : catalog::products())
    if (!other.capability.profiles.empty()) known.push_back(other.key);
  return fail(ErrorKind::unsupported, "product " + std::string(meant.product->key),
              "the placements of its MIG profiles are unknown; they are known for: " + joined(known),
              Hint::gpuslice({"profiles", {"for", std::string(meant.product->key)}, Hint::flag("sources")}));
}

std::string joined(std::span<const std::string_view> words) { return fmt::format("{}", fmt::join(words, ", ")); }

void print(const report::Sheet& sheet, const std::string& output, std::ostream& out) {
  out << (output == "json" ? report::json(sheet) : output == "csv" ? report::csv(sheet) : report::text_table(sheet));
}

std::string column_help(const std::vector<report::Sheet::Head>& heads) {
  return "Columns (json and csv have all of them; an unknown value is null there and unknown in a table):\n" +
         report::column_list(heads);
}

}  // namespace gpuslice::cli
