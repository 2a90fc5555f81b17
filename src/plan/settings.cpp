#include "plan/settings.hpp"

namespace gpuslice::plan {
namespace {

// Every part of a state but MIG, with the step that sets it; all parts are named, so that a new one does not compile
// before it is put back. Sharing by MPS and by vGPUs has nothing to set yet.
template <class Visit>
void each_setting(const model::GpuState& state, Visit visit) {
  const auto& [mig, compute_mode, time_slice, mps, vgpus] = state;
  visit(compute_mode, &model::GpuState::compute_mode, [](auto mode) { return model::SetComputeMode{mode}; });
  visit(time_slice, &model::GpuState::time_slice, [](auto policy) { return model::SetTimeSlice{policy}; });
}

}  // namespace

bool knows_settings(const model::GpuState& state) {
  bool known = false;
  each_setting(state, [&](const auto& setting, auto, auto) { known = known || setting.has_value(); });
  return known;
}

std::vector<model::Step> steps_to_settings(const model::GpuState& now, const model::GpuState& wanted) {
  std::vector<model::Step> steps;
  each_setting(wanted, [&](const auto& setting, auto member, auto step_to) {
    if (setting && now.*member != setting) steps.push_back({step_to(*setting), "", {}});
  });
  return steps;
}

}  // namespace gpuslice::plan
