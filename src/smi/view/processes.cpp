#include "smi/view/processes.hpp"

#include <algorithm>

#include "base/printable.hpp"

namespace gpuslice::smi {

std::vector<ProcessRow> process_rows(node::Node& node, GpuIndex gpu, bool mig_enabled) {
  std::vector<ProcessRow> rows;
  if (mig_enabled) {
    for (const std::uint32_t index : node.mig().mig_indices(gpu).value_or(std::vector<std::uint32_t>{})) {
      const node::Subject device{gpu, index};
      const auto gi = node.mig().mig_gi(device);
      const auto ci = node.mig().mig_ci(device);
      if (!gi || !ci) continue;
      for (auto& process : node.processes().of(device).value_or(std::vector<node::Process>{})) {
        rows.push_back({gpu, gi->value, ci->value, std::move(process)});
      }
    }
  }
  for (auto& process : node.processes().of({gpu, {}}).value_or(std::vector<node::Process>{})) {
    // The GPU's own list repeats the processes of its instances, with their ids.
    const bool listed = std::ranges::any_of(rows, [&](const ProcessRow& row) {
      return process.gi && row.process.pid == process.pid && row.gi == process.gi && row.ci == process.ci;
    });
    if (!listed) rows.push_back({gpu, process.gi, process.ci, std::move(process)});
  }
  for (auto& row : rows) row.process.name = printable(row.process.name);
  return rows;
}

std::vector<ProcessRow> process_rows(node::Node& node, GpuIndex gpu) {
  const auto mig = node.mig().mig_mode(gpu);
  return process_rows(node, gpu, mig && mig->current);
}

std::string process_type(unsigned kinds) {
  const auto has = [kinds](node::ProcessKind kind) { return (kinds & static_cast<unsigned>(kind)) != 0; };
  const bool compute = has(node::ProcessKind::compute);
  const bool graphics = has(node::ProcessKind::graphics);
  std::string type;
  if (compute) type = has(node::ProcessKind::mps) ? "M+C" : "C";
  if (graphics) type += compute ? "+G" : "G";
  return type;
}

}  // namespace gpuslice::smi
