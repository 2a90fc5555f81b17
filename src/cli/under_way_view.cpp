#include "cli/under_way_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ops/lock_wait.hpp"

namespace gpuslice::cli {

std::string under_way_text(const ops::UnderWay& change) {
  auto text = (change.by.pid == 0 ? "another gpuslice" : ops::holder_text(change.by)) + " is changing ";
  if (!change.gpus || change.gpus->empty()) return text + "the node";
  const auto& gpus = *change.gpus;
  text += gpus.size() == 1 ? "GPU " : "GPUs ";
  for (std::size_t i = 0; i < gpus.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : i + 1 == gpus.size() ? " and " : ", ", gpus[i].value);
  if (change.number != 0) text += fmt::format(" (change {})", change.number);
  return text;
}

bool is_of(const ops::UnderWay& change, GpuIndex gpu) {
  return change.gpus && std::ranges::find(*change.gpus, gpu) != change.gpus->end();
}

std::string changer_text(const ops::UnderWay& change) {
  if (change.by.pid == 0) return "another gpuslice";
  return ops::holder_text(change.by).substr(std::string("gpuslice ").size());
}

}  // namespace gpuslice::cli
