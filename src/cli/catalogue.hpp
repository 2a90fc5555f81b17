// What the verbs about products share: the product that is meant, and how a table is shown.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "catalog/product.hpp"
#include "cli/program.hpp"
#include "mig/capability.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {

// --for PRODUCT.
Option add_product_option(Verb app, std::string& product);

struct MeantProduct {
  const catalog::Product* product{};
  std::string_view board;  // NVML name: the one given, else the usual one
};
// Errors: not_found with the nearest names; unsupported when the product has no MIG.
[[nodiscard]] Result<MeantProduct> mig_product(const std::string& name);

// The product's capability; unsupported, with the products that would do, when nobody has seen where its profiles
// stand.
[[nodiscard]] Result<mig::Capability> placeable(const MeantProduct& meant, const std::string& driver);

[[nodiscard]] std::string joined(std::span<const std::string_view> words);

// `output` is table, json or csv.
void print(const report::Sheet& sheet, const std::string& output, std::ostream& out);

// The columns of a verb, as they stand below its help.
[[nodiscard]] std::string column_help(const std::vector<report::Sheet::Head>& heads);

}  // namespace gpuslice::cli
