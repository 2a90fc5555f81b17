// The processes of a GPU in nvidia-smi's order: those of its MIG devices, then those of the GPU itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::smi {

struct ProcessRow {
  GpuIndex gpu{};
  std::optional<std::uint32_t> gi, ci;
  node::Process process;
};

// The processes in the order of the process table. A refused list counts as empty, because nvidia-smi then shows the
// rest of the table.
[[nodiscard]] std::vector<ProcessRow> process_rows(node::Node& node, GpuIndex gpu, bool mig_enabled);
// The overload for callers that do not know the MIG mode.
[[nodiscard]] std::vector<ProcessRow> process_rows(node::Node& node, GpuIndex gpu);

// The Type column: C, G, C+G, M+C, M+C+G. Empty for a process that is only a client of the MPS server; such a row is
// not shown.
[[nodiscard]] std::string process_type(unsigned kinds);

}  // namespace gpuslice::smi
