// Shared by the commands about layouts: the options for the file and its configuration, and for the GPUs that the
// layout is resolved against: those of a node, of a product without a node, or of a saved inventory.
#pragma once

#include <optional>
#include <string>

#include "cli/program.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"
#include "ops/observe.hpp"

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
// The GPUs that a layout is resolved against. GPUs of a node include the instance names that gpuslice gave, and the
// settings of the GPUs that `settings_of` selects.
[[nodiscard]] Result<model::Inventory> read_where(const CommandLine& line, const WhereWords& words,
                                                  const ops::SettingsOf& settings_of = nullptr);

// The layout without the GPUs that a mig-parted file selects but the inventory does not have; each entry that loses
// GPUs is noted on standard error.
[[nodiscard]] model::Layout layout_for(const model::Inventory& inventory, model::Layout layout,
                                       const Terminal& terminal);

// GPUs in their factory state, such as "8xa100-40gb,a30": MIG mode is off on all of them.
[[nodiscard]] Result<model::Inventory> fresh_gpus(const std::string& products, const std::string& driver);

}  // namespace gpuslice::cli
