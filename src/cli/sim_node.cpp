#include "cli/sim_node.hpp"

#include "cli/own_node.hpp"
#include "sim/node_dir.hpp"
#include "simhost/draft.hpp"

namespace gpuslice::cli {

Result<std::string> nodes_directory() { return sim::nodes_directory(sim::home_from_environment()); }

Result<std::string> node_directory(const std::string& name) {
  const auto all = GPUSLICE_TRY(nodes_directory());
  simhost::sweep_drafts(all);
  auto node = GPUSLICE_TRY(sim::find_own_node(all, name));
  simhost::sweep_node(node);
  GPUSLICE_CHECK(prepare_node(node));
  return node;
}

Result<std::string> node_to_read(const std::string& name) {
  return sim::find_node(GPUSLICE_TRY(nodes_directory()), name);
}

}  // namespace gpuslice::cli
