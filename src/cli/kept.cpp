#include "cli/kept.hpp"

#include "cli/input_file.hpp"
#include "cli/open_node.hpp"
#include "spec/file.hpp"

namespace gpuslice::cli {

Result<store::KeptFile> kept_file(const CommandLine& line) {
  return store::KeptFile(GPUSLICE_TRY(chosen_simulated_node(line.choice())) + "/etc/gpuslice/layout.yaml");
}

Result<std::optional<model::Layout>> kept_layout(const store::KeptFile& file) {
  const auto text = read_input(file.path(), spec::max_file_bytes);
  if (!text && text.error().kind == ErrorKind::not_found) return std::optional<model::Layout>{};
  if (!text) return std::unexpected(text.error());
  auto layout = GPUSLICE_TRY(spec::choose(GPUSLICE_TRY(spec::load(*text, file.path())), std::nullopt));
  return std::optional<model::Layout>(std::move(layout));
}

}  // namespace gpuslice::cli
