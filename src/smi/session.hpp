// The context of a command on an open node: the node, the output, and the output format of its driver version.
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
  std::vector<GpuIndex> gpus;  // the selected GPUs, in the driver's order

  // Called between two rounds of a repeating view: flushes the output and waits. Returns false if the view must stop.
  [[nodiscard]] bool pause(std::chrono::milliseconds length, Environment::Interrupt interrupt) {
    out.flush();
    return environment.pause && environment.pause(environment, length, interrupt);
  }
  // "13.0", or N/A if the driver has no CUDA.
  [[nodiscard]] std::string cuda_version() const {
    if (!system.cuda_version) return "N/A";
    return std::to_string(*system.cuda_version / 1000) + '.' + std::to_string(*system.cuda_version % 1000 / 10);
  }
};

// The exit status for an NVML code: the code itself, or 255 if it does not fit into one byte (999).
[[nodiscard]] inline int exit_status(int nvml_code) { return nvml_code > 255 ? 255 : nvml_code; }

// Prints the driver's error text as the only output; returns the exit status.
inline int answer_refused(std::ostream& out, const node::DriverError& error) {
  out << error.text << '\n';
  return exit_status(error.code);
}

}  // namespace gpuslice::smi
