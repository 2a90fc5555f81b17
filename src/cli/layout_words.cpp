#include "cli/layout_words.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/input_file.hpp"
#include "plan/absent.hpp"
#include "simhost/node_spec.hpp"
#include "spec/file.hpp"
#include "store/inventory_file.hpp"

namespace gpuslice::cli {

void add_layout_options(Verb verb, LayoutWords& words) {
  verb.add_option(
          "-f,--file", words.file,
          "Read the layout from this file, gpuslice/v1 or mig-parted v1, or a ConfigMap with one; - is standard "
          "input")
      .type_name("FILE")
      .required();
  verb.add_option("-c,--config", words.configuration, "Use this configuration of the file").type_name("NAME");
}

Result<model::Layout> read_layout(const std::string& file, const std::string& configuration) {
  const auto loaded = GPUSLICE_TRY(spec::load(GPUSLICE_TRY(read_input(file, spec::max_file_bytes)), file));
  return spec::choose(loaded, configuration.empty() ? std::nullopt : std::optional(configuration));
}
Result<model::Layout> read_layout(const LayoutWords& words) { return read_layout(words.file, words.configuration); }

void add_where_options(Verb verb, WhereWords& words) {
  auto products =
      verb.add_option("--for", words.products, "Use GPUs of these products instead of a node, such as 8xa100-40gb,a30")
          .type_name("PRODUCTS");
  verb.add_option("--from", words.inventory_file,
                  "Use a saved inventory (gpuslice list --output inventory) instead of a node")
      .type_name("FILE")
      .excludes(products);
  verb.add_option("--driver", words.driver, "Use the memory figures of this driver version")
      .type_name("VERSION")
      .needs(products);
  verb.fallthrough();
}

Result<model::Inventory> fresh_gpus(const std::string& products, const std::string& driver) {
  model::Inventory inventory;
  inventory.driver = driver;
  for (const auto& wish : GPUSLICE_TRY(simhost::parse_gpus(products))) {
    const auto* product = GPUSLICE_TRY(catalog::find(wish.product));
    for (unsigned i = 0; i < wish.count; ++i) {
      model::Gpu gpu;
      gpu.index = GpuIndex{static_cast<std::uint32_t>(inventory.gpus.size())};
      gpu.name = std::string(product->names[0]);
      gpu.product = std::string(product->key);
      gpu.pci_device_id = product->pci_device_id == 0 ? 0U : (std::uint32_t{product->pci_device_id} << 16U) | 0x10DEU;
      gpu.capability = product->capability;
      if (product->capability.mode.supported) {
        const auto meant = GPUSLICE_TRY(mig_product(wish.product));
        gpu.name = std::string(meant.board);
        gpu.capability = GPUSLICE_TRY(placeable(meant, driver));
        gpu.pci_device_id =
            catalog::at_board(*product, meant.board).pci_device_id == 0
                ? 0U
                : (std::uint32_t{catalog::at_board(*product, meant.board).pci_device_id} << 16U) | 0x10DEU;
      }
      inventory.gpus.push_back(std::move(gpu));
    }
  }
  return inventory;
}

model::Layout layout_for(const model::Inventory& inventory, model::Layout layout, const Terminal& terminal) {
  for (const auto& note : plan::leave_out_absent_gpus(layout, inventory))
    terminal.err << "gpuslice: note: " << printable(note) << '\n';
  return layout;
}

Result<model::Inventory> read_where(const CommandLine& line, const WhereWords& words,
                                    const ops::SettingsOf& settings_of) {
  if (!words.products.empty()) return fresh_gpus(words.products, words.driver);
  if (!words.inventory_file.empty())
    return store::read_inventory(GPUSLICE_TRY(read_input(words.inventory_file, max_inventory_bytes)),
                                 words.inventory_file);
  auto subject = GPUSLICE_TRY(open_subject(line));
  subject.settings_of = settings_of;
  auto seen = GPUSLICE_TRY(ops::see(subject));
  warn_cut_off(seen, line);
  return std::move(seen.inventory);
}

}  // namespace gpuslice::cli
