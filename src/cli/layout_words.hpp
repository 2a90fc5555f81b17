// What the verbs about layouts share: which file and configuration, and on which GPUs it is understood: those of a
// node, of a product that need not be there, or of a saved inventory.
#pragma once

#include <optional>
#include <string>

#include "cli/program.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::cli {

struct LayoutWords {
  std::string file, configuration;
};
// -f FILE and -c NAME.
void add_layout_options(Verb verb, LayoutWords& words);
[[nodiscard]] Result<model::Layout> read_layout(const LayoutWords& words);
[[nodiscard]] Result<model::Layout> read_layout(const std::string& file, const std::string& configuration);

struct WhereWords {
  std::string products, inventory_file, driver;
};
// --for PRODUCTS, --from FILE, --driver.
void add_where_options(Verb verb, WhereWords& words);
// The GPUs that a layout is understood on. Of a node: with the names that gpuslice gave.
[[nodiscard]] Result<model::Inventory> read_where(const CommandLine& line, const WhereWords& words);

// What a layout says about the GPUs of an inventory: GPUs that a mig-parted file names and that are not there are left
// out, with a note on standard error for each entry that names one.
[[nodiscard]] model::Layout layout_for(const model::Inventory& inventory, model::Layout layout,
                                       const Terminal& terminal);

// GPUs as they come from the factory: "8xa100-40gb,a30". MIG is off on all of them.
[[nodiscard]] Result<model::Inventory> fresh_gpus(const std::string& products, const std::string& driver);

}  // namespace gpuslice::cli
