#include "smi/view/report.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "smi/gpu_select.hpp"
#include "smi/view/gpu_figures.hpp"
#include "smi/view/report_lines.hpp"
#include "smi/view/report_lists.hpp"
#include "smi/view/vgpu.hpp"

namespace gpuslice::smi {
namespace {

using fields::Kind;
using fields::Row;

// The rows of the text: those of the requested groups or, without -d, all except the ones that only -d shows.
std::vector<const Row*> chosen_rows(const Format& format, const std::optional<std::uint32_t>& groups) {
  std::vector<const Row*> chosen;
  for (const Row& row : fields::rows()) {
    if (row.label.empty() || !figures::known_to(format.driver, row)) continue;
    if (groups ? (row.groups & *groups) != 0 : !row.chosen_only) chosen.push_back(&row);
  }
  return chosen;
}

void print_gpu(Session& session, GpuIndex gpu, const std::vector<const Row*>& rows) {
  const auto address = session.node.identity().pci(gpu);
  // If the address of a GPU is refused, nvidia-smi does not show the GPU, unless the driver does not support addresses
  // at all. The text that it prints instead was not recorded.
  if (!address && address.error().code != node::err_not_supported) {
    session.out << "GPU " << address.error().text << "\n\n";
    return;
  }
  session.out << "GPU " << (address ? address->bus_id : "") << '\n';
  const GpuFigures figures(session, gpu, rows);
  const Lines lines{session.out, session.format.label_width};
  std::size_t closed_depth = 0;  // depth of a section that is replaced by one line; 0: none
  for (const Row* row : rows) {
    if (closed_depth != 0 && row->depth > closed_depth) continue;
    closed_depth = 0;
    if (!figures.has(*row)) continue;
    const std::size_t depth = row->depth + (row->further_in ? 1U : 0U);
    switch (row->kind) {
      case Kind::section:
        if (const auto refusal = figures.closed(*row)) {
          lines.value(depth, row->label, cell(*refusal));
          closed_depth = row->depth;
        } else {
          lines.title(depth, row->label);
        }
        break;
      case Kind::leaf:
        lines.value(depth, row->label, cell(figures.text(*row, fields::Form::report), row->unit));
        break;
      case Kind::list:
        print_list(figures, lines, *row);
        break;
    }
  }
  session.out << '\n';
}

void print_head(Session& session) {
  const Lines lines{session.out, session.format.label_width};
  session.out << "\n==============NVSMI LOG==============\n\n";
  lines.value(0, "Timestamp", session.environment.date());
  lines.value(0, "Driver Version", session.system.driver_version);
  lines.value(0, "CUDA Version", session.cuda_version());
  if (const auto capability = vgpu_driver_capability(session)) {
    lines.title(0, "vGPU Driver Capability");
    lines.value(2, "Heterogenous Multi-vGPU", *capability);
  }
  session.out << '\n';
}

}  // namespace

std::expected<std::uint32_t, Complaint> parse_groups(const std::string& list) {
  std::uint32_t groups = 0;
  for (auto name : split_list(list)) {
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto known = fields::group_names();
    const auto found = std::ranges::find(known, name, &fields::GroupName::name);
    if (found == known.end()) return std::unexpected(Complaint{"Failed to parse --display/-d flags\n", 2, false});
    groups |= found->group;
  }
  return groups;
}

std::expected<int, Complaint> report(Session& session, const Request& request) {
  std::optional<std::uint32_t> groups;
  if (request.display) groups = GPUSLICE_TRY(parse_groups(*request.display));
  print_head(session);
  const Lines lines{session.out, session.format.label_width};
  const auto count = session.node.identity().gpu_count();
  lines.value(0, "Attached GPUs", count ? std::to_string(*count) : cell(count.error()));
  const auto rows = chosen_rows(session.format, groups);
  for (const GpuIndex gpu : session.gpus) print_gpu(session, gpu, rows);
  return 0;
}

}  // namespace gpuslice::smi
