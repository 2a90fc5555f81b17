#include "simhost/summarise.hpp"

#include <filesystem>
#include <utility>

#include "sim/driver.hpp"
#include "sim/node_dir.hpp"

namespace gpuslice::simhost {
namespace {

std::string describe_gpus(const sim::Driver& driver) {
  std::vector<std::pair<std::string, unsigned>> runs;
  for (std::uint32_t gpu = 0; gpu < driver.gpu_count(); ++gpu) {
    const auto key = std::string(driver.config(gpu).product.view());
    if (runs.empty() || runs.back().first != key) runs.emplace_back(key, 0U);
    ++runs.back().second;
  }
  std::string text;
  for (const auto& [key, count] : runs) text += (text.empty() ? "" : ", ") + std::to_string(count) + "x " + key;
  return text;
}

}  // namespace

std::vector<NodeSummary> summarise_nodes(const std::string& nodes) {
  std::vector<NodeSummary> found;
  for (const auto& name : sim::list_nodes(nodes)) {
    NodeSummary summary;
    summary.name = name;
    summary.directory = (std::filesystem::path(nodes) / name).string();
    const auto driver = sim::Driver::open(summary.directory, summary.directory);
    if (!driver) {
      summary.problem = driver.error().what;
      found.push_back(summary);
      continue;
    }
    summary.driver = (*driver)->config().driver.view();
    summary.gpus = describe_gpus(**driver);
    summary.gpu_count = (*driver)->gpu_count();
    for (std::uint32_t gpu = 0; gpu < summary.gpu_count; ++gpu) {
      const auto state = (*driver)->gpu(gpu);
      summary.mig_gpus += state.mig.mode ? 1 : 0;
      summary.gpu_instances += static_cast<unsigned>(state.mig.partition.instances.size());
      for (const auto& gi : state.mig.partition.instances)
        summary.compute_instances += static_cast<unsigned>(gi.compute.size());
      summary.clients += static_cast<unsigned>((*driver)->clients(gpu).size());
    }
    found.push_back(summary);
  }
  return found;
}

}  // namespace gpuslice::simhost
