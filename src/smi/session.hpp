// One run of the work-alike on an open node: the node, where text goes, and the format that its driver version fixes.
#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "node/port.hpp"
#include "smi/format.hpp"
#include "smi/smi.hpp"

namespace gpuslice::smi {

struct Session {
  node::Node& node;
  std::ostream& out;
  Environment& environment;
  node::SystemInfo system;
  Format format;
  std::vector<GpuIndex> gpus;  // the chosen ones, in the driver's order

  // Between two rounds of a view that goes on and on: what there is is shown, and time passes. False: end.
  [[nodiscard]] bool pause(std::chrono::milliseconds length, Environment::Interrupt interrupt) {
    out.flush();
    return environment.pause && environment.pause(environment, length, interrupt);
  }
  // "13.0", or N/A where the driver has none.
  [[nodiscard]] std::string cuda_version() const {
    if (!system.cuda_version) return "N/A";
    return std::to_string(*system.cuda_version / 1000) + '.' + std::to_string(*system.cuda_version % 1000 / 10);
  }
};

// The exit status for an NVML code: itself, 255 where it does not fit into one byte (999, recorded).
[[nodiscard]] inline int exit_status(int nvml_code) { return nvml_code > 255 ? 255 : nvml_code; }

// The driver's words as the whole answer; the exit status.
inline int answer_refused(std::ostream& out, const node::DriverError& error) {
  out << error.text << '\n';
  return exit_status(error.code);
}

}  // namespace gpuslice::smi
