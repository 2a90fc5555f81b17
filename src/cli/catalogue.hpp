// Shared by the commands about products: finding the product that the user names, and showing a table.
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
  std::string_view board;  // NVML name: the one that the user gave, or the usual one
};
// Errors: not_found, with the nearest names; unsupported if the product has no MIG.
[[nodiscard]] Result<MeantProduct> mig_product(const std::string& name);

// The product's capability. Errors: unsupported if the placements of its profiles are unknown; the message names
// products that can be used instead.
[[nodiscard]] Result<mig::Capability> placeable(const MeantProduct& meant, const std::string& driver);

[[nodiscard]] std::string joined(std::span<const std::string_view> words);

// `output` is table, json or csv.
void print(const report::Sheet& sheet, const std::string& output, std::ostream& out);

// The columns of a command, as listed below its help.
[[nodiscard]] std::string column_help(const std::vector<report::Sheet::Head>& heads);

}  // namespace gpuslice::cli
