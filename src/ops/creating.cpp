#include "ops/creating.hpp"

#include <fmt/format.h>

#include "base/number.hpp"
#include "mig/instance_name.hpp"
#include "plan/keep.hpp"
#include "plan/planner.hpp"
#include "plan/resolve.hpp"

namespace gpuslice::ops {
namespace {

using About = CreateFailure::About;

std::unexpected<CreateFailure> failed(About about, Error error, GpuIndex gpu = {}) {
  return std::unexpected(CreateFailure(std::move(error), about, gpu));
}

std::expected<void, CreateFailure> check_name(About about, const char* object, const std::string& name) {
  const auto fault = mig::name_fault(name);
  if (fault.empty()) return {};
  return failed(about, {ErrorKind::usage, object, fmt::format("\"{}\" {}", name, fault), ""});
}

std::expected<std::optional<mig::Placement>, CreateFailure> placement_of(const std::string& word,
                                                                         const mig::GiProfile& profile) {
  if (word.empty()) return std::optional<mig::Placement>{};
  const auto colon = word.find(':');
  const bool bare = colon == std::string::npos;
  const auto start = parse_number<std::uint8_t>(std::string_view(word).substr(0, colon));
  const auto size = bare ? std::nullopt : parse_number<std::uint8_t>(std::string_view(word).substr(colon + 1));
  std::string known;
  for (const auto site : profile.sites) {
    if (start == site.start && (bare || size == site.size)) return std::optional(site);
    known += fmt::format("{}{}:{}", known.empty() ? "" : " ", site.start, site.size);
  }
  return failed(About::placement,
                {ErrorKind::usage, "placement " + word, fmt::format("{} cannot be placed there", profile.name),
                 "possible placements: " + known});
}

std::expected<model::TargetGi, CreateFailure> wanted(const CreateRequest& request, const model::Gpu& gpu,
                                                     const std::string& word) {
  const auto* profile = GPUSLICE_TRY(plan::find_profile(gpu.capability, word, plan::gpu_text(gpu)));
  model::TargetGi gi{request.name, profile->id, GPUSLICE_TRY(placement_of(request.placement, *profile)), {}};
  if (!request.compute) {
    const auto* whole = profile->default_compute();
    if (whole == nullptr)
      return failed(About::default_compute, {ErrorKind::unsupported, std::string(profile->name),
                                             "its compute instance profiles are not known", ""});
    gi.compute.push_back({"", whole->id, {}});
    return gi;
  }
  for (const auto& one : *request.compute) {
    const auto* inner = GPUSLICE_TRY(plan::find_profile(*profile, one.profile));
    gi.compute.push_back({one.name.value_or(""), inner->id, {}});
  }
  return gi;
}

// The instances that gpuslice created on the GPU, at their placements, and the requested ones.
std::expected<model::Target, CreateFailure> target_on(const model::Gpu& gpu, const CreateRequest& request) {
  const auto object = fmt::format("GPU {}", gpu.index.value);
  if (!gpu.capability.mode.supported)
    return failed(About::other, {ErrorKind::unsupported, object, gpu.name + " does not support MIG", ""});
  if (!gpu.state.mig.mode)
    return failed(About::mig_mode, {ErrorKind::refused, object, "MIG mode is off", ""}, gpu.index);
  for (const auto& made : gpu.made)
    if (!request.name.empty() && made.name == request.name)
      return failed(About::other,
                    {ErrorKind::exists, "name " + request.name,
                     fmt::format("is taken by an instance of GPU {}", gpu.index.value), Hint::gpuslice({"list"})});
  model::Target target;
  target.mig = true;
  target.instances = plan::as_targets(gpu.made);
  for (auto& one : target.instances) one.exists = true;
  for (const auto& word : request.profiles) {
    const auto one = GPUSLICE_TRY(wanted(request, gpu, word));
    for (std::uint32_t i = 0; i < request.count; ++i) target.instances.push_back(one);
  }
  return target;
}

}  // namespace

std::expected<void, CreateFailure> check_request(const CreateRequest& request) {
  const auto one_only = [](About about, const char* object) {
    return failed(about, {ErrorKind::usage, object, "can be given to one instance only",
                          "create them one by one, or apply a layout"});
  };
  if (request.count > 1 || request.profiles.size() > 1) {
    if (!request.name.empty()) return one_only(About::name, "name");
    if (!request.placement.empty()) return one_only(About::placement, "placement");
  }
  if (!request.name.empty()) GPUSLICE_CHECK(check_name(About::name, "name", request.name));
  if (request.compute)
    for (const auto& one : *request.compute)
      if (one.name) GPUSLICE_CHECK(check_name(About::compute, "compute", *one.name));
  return {};
}

std::expected<model::Plan, CreateFailure> plan_create(const model::Inventory& inventory, const SelectedGpus& gpus,
                                                      const CreateRequest& request) {
  GPUSLICE_CHECK(check_request(request));
  std::vector<model::GpuTarget> targets;
  for (const auto* gpu : gpus) targets.push_back({gpu->index, GPUSLICE_TRY(target_on(*gpu, request))});
  auto plan = plan::plan_node(inventory, targets);
  if (plan) return *std::move(plan);
  auto error = plan::explain(inventory, plan.error());
  error.object = "create";
  error.hint = {};
  return failed(About::room, std::move(error), plan.error().front().gpu);
}

}  // namespace gpuslice::ops
