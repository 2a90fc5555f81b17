#include "plan/settings.hpp"

namespace gpuslice::plan {

bool knows_settings(const model::GpuState& state) {
  bool known = false;
  each_setting(state, [&](const char*, auto member, auto) { known = known || (state.*member).has_value(); });
  return known;
}

std::vector<model::Step> steps_to_settings(const model::GpuState& now, const model::GpuState& wanted) {
  std::vector<model::Step> steps;
  each_setting(wanted, [&](const char*, auto member, auto step_to) {
    const auto& setting = wanted.*member;
    if (setting && now.*member != setting) steps.push_back({step_to(*setting), "", {}});
  });
  return steps;
}

}  // namespace gpuslice::plan
