#include "smi/view/list.hpp"

#include <fmt/printf.h>

#include "base/printable.hpp"
#include "smi/cells.hpp"
#include "smi/reachable.hpp"

namespace gpuslice::smi {

int list_gpus(Session& session) {
  auto& node = session.node;
  const auto shown = [](const node::Answer<std::string>& answer) {
    if (answer) return printable(*answer);
    return answer.error().code == node::err_not_supported ? "N/A" : answer.error().text;
  };
  int status = 0;
  for (const GpuIndex gpu : session.gpus) {
    if (const auto reachable = node.identity().reachable(gpu); !reachable) {
      session.out << fmt::sprintf("Unable to determine the device handle for gpu %s: %s\n",
                                  node.identity().address(gpu).value_or("Unknown"),
                                  why_unreachable(reachable.error().code));
      status = exit_status(reachable.error().code);
      continue;
    }
    session.out << fmt::sprintf("GPU %d: %s (UUID: %s)\n", gpu.value, shown(node.identity().name({gpu, {}})),
                                shown(node.identity().uuid({gpu, {}})));
    const auto indices = node.mig().mig_indices(gpu);
    if (!indices) continue;
    for (const std::uint32_t index : *indices) {
      const node::Subject device{gpu, index};
      const auto uuid = node.identity().uuid(device);
      const auto name = node.identity().name(device);
      if (!uuid || !name) continue;  // removed meanwhile, or not visible to this process
      session.out << fmt::sprintf("  %-15s Device %2d: (UUID: %s)\n", printable(mig_part(*name)), index,
                                  printable(*uuid));
    }
  }
  return status;
}

int list_excluded_gpus(Session& session) {
  const auto excluded = session.node.topology().excluded_gpus();
  if (!excluded || excluded->empty()) {
    session.out << "No excluded devices found.\n";
    return 0;
  }
  for (std::size_t i = 0; i < excluded->size(); ++i)
    session.out << fmt::sprintf("Excluded GPU %d: %s (UUID: %s)\n", i, (*excluded)[i].bus_id, (*excluded)[i].uuid);
  return 0;
}

}  // namespace gpuslice::smi
