#include "smi/mig/instances.hpp"

#include <algorithm>
#include <charconv>

#include "smi/gpu_select.hpp"

namespace gpuslice::smi {

std::vector<GpuIndex> mig_capable(Session& session) {
  std::vector<GpuIndex> gpus;
  for (const GpuIndex gpu : session.gpus) {
    if (session.node.mig().mig_mode(gpu)) gpus.push_back(gpu);
  }
  return gpus;
}

std::vector<GpuIndex> mig_enabled(Session& session) {
  std::vector<GpuIndex> gpus;
  for (const GpuIndex gpu : session.gpus) {
    const auto mode = session.node.mig().mig_mode(gpu);
    if (mode && mode->current) gpus.push_back(gpu);
  }
  return gpus;
}

int no_mig_devices(Session& session) {
  if (mig_capable(session).empty()) {
    session.out << "No MIG-supported devices found.\n";
    return node::err_not_found;
  }
  session.out << "No MIG-enabled devices found.\n";
  return 0;
}

bool in_list(const std::optional<std::string>& list, std::uint32_t id) {
  if (!list) return true;
  return std::ranges::any_of(split_list(*list), [id](const std::string& item) {
    std::uint32_t value{};
    const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), value);
    return error == std::errc{} && end == item.data() + item.size() && value == id;
  });
}

node::Answer<std::vector<GiRow>> gpu_instances(Session& session, const std::vector<GpuIndex>& gpus,
                                               const std::optional<std::string>& gi_list) {
  std::vector<GiRow> rows;
  for (const GpuIndex gpu : gpus) {
    for (const auto& profile : GPUSLICE_TRY(session.node.mig().gi_profiles(gpu))) {
      auto instances = GPUSLICE_TRY(session.node.mig().gpu_instances(gpu, profile.id));
      std::ranges::sort(instances, {}, &node::GiInfo::id);
      for (const auto& instance : instances) {
        if (in_list(gi_list, instance.id.value)) rows.push_back({gpu, profile, instance});
      }
    }
  }
  if (rows.empty()) {
    return std::unexpected(
        node::DriverError{node::err_not_found, session.node.identity().error_text(node::err_not_found)});
  }
  return rows;
}

node::Answer<std::vector<CiRow>> compute_instances(Session& session, const std::vector<GiRow>& parents,
                                                   const std::optional<std::string>& ci_list) {
  std::vector<CiRow> rows;
  for (const auto& parent : parents) {
    for (const auto& profile : GPUSLICE_TRY(session.node.mig().ci_profiles(parent.gpu, parent.instance.id))) {
      auto instances = GPUSLICE_TRY(session.node.mig().compute_instances(parent.gpu, parent.instance.id, profile.id));
      std::ranges::sort(instances, {}, &node::CiInfo::id);
      for (const auto& instance : instances) {
        if (in_list(ci_list, instance.id.value)) rows.push_back({parent, profile, instance});
      }
    }
  }
  if (rows.empty()) {
    return std::unexpected(
        node::DriverError{node::err_not_found, session.node.identity().error_text(node::err_not_found)});
  }
  return rows;
}

}  // namespace gpuslice::smi
