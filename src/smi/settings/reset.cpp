// The option -r.
#include <fmt/format.h>

#include "smi/settings/setters.hpp"

namespace gpuslice::smi {

// The messages and their order are from the strings in nvidia-smi 580. The exit status was not recorded and is assumed
// to be that of other settings.
Outcome reset_gpus(Session& session, const Setting& setting) {
  if (!setting.value.empty() && setting.value != "bus") return no_value(session, setting);
  std::string held;
  unsigned count = 0;
  for (const GpuIndex gpu : session.gpus) {
    const auto bus = bus_id(session, gpu);
    const auto answer = session.node.reset().reset_gpu(gpu);
    if (answer) {
      session.out << fmt::format("GPU {} was successfully reset.\n", bus);
    } else if (answer.error().code == node::err_in_use) {
      held += fmt::format("  GPU {}: {}\n", bus, answer.error().text);
      ++count;
    } else if (const auto failed = refused(session, "Unable to reset GPU " + bus, answer.error()); failed.terminated) {
      return failed;
    }
  }
  if (count == 0) return {};
  session.out << fmt::format(
      "The following GPUs could not be reset:\n{}\n{} {} currently being used by one or more other processes (e.g., "
      "Fabric Manager, CUDA application, graphics application such as an X server, or a monitoring application such as "
      "another instance of nvidia-smi). Please first kill all processes using {} and all compute applications running "
      "in the system.\n",
      held, count, count == 1 ? "device is" : "devices are", count == 1 ? "this device" : "these devices");
  return {node::err_in_use, true};
}

}  // namespace gpuslice::smi
