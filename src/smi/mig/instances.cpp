#include "smi/mig/instances.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/number.hpp"
#include "smi/gpu_select.hpp"

namespace gpuslice::smi {
namespace {

// True if `id` is in the comma-separated list, or if there is no list.
bool in_list(const std::optional<std::string>& list, std::uint32_t id) {
  if (!list) return true;
  return std::ranges::any_of(split_list(*list),
                             [id](const std::string& item) { return parse_number<std::uint32_t>(item) == id; });
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
  return rows;
}

template <class Row>
std::expected<std::vector<Row>, int> or_none_found(Session& session, const char* what,
                                                   node::Answer<std::vector<Row>> rows) {
  if (rows && !rows->empty()) return *std::move(rows);
  const auto error =
      rows ? node::DriverError{node::err_not_found, session.node.identity().error_text(node::err_not_found)}
           : rows.error();
  session.out << fmt::format("No {} instances found: {}\n", what, error.text);
  return std::unexpected(exit_status(error.code));
}

}  // namespace

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

std::expected<std::vector<GiRow>, int> gpu_instances_asked_for(Session& session,
                                                               const std::optional<std::string>& gis) {
  const auto gpus = mig_enabled(session);
  if (gpus.empty()) return std::unexpected(no_mig_devices(session));
  return or_none_found(session, "GPU", gpu_instances(session, gpus, gis));
}

std::expected<std::vector<CiRow>, int> compute_instances_asked_for(Session& session,
                                                                   const std::optional<std::string>& gis,
                                                                   const std::optional<std::string>& cis) {
  const auto parents = GPUSLICE_TRY(gpu_instances_asked_for(session, gis));
  return or_none_found(session, "compute", compute_instances(session, parents, cis));
}

}  // namespace gpuslice::smi
