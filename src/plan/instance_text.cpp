#include "plan/instance_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "mig/names.hpp"

namespace gpuslice::plan {
namespace {

// " (profile 7, 26 SM)" if the size alone is ambiguous, otherwise empty.
std::string distinction(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  if (!shares_its_size(parent, profile)) return {};
  return profile.multiprocessors ? fmt::format(" (profile {}, {} SM)", profile.id.value, *profile.multiprocessors)
                                 : fmt::format(" (profile {})", profile.id.value);
}

}  // namespace

std::string place_text(mig::Placement placement) { return fmt::format("{}:{}", placement.start, placement.size); }

std::string profile_text(const mig::Capability& capability, mig::GiProfileId profile) {
  const auto* known = capability.find(profile);
  return known != nullptr ? std::string(known->name) : fmt::format("profile {}", profile.value);
}

std::string profile_text(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci) {
  const auto* parent = capability.find(gi);
  const auto* profile = parent != nullptr ? parent->find(ci) : nullptr;
  if (profile == nullptr) return fmt::format("compute profile {}", ci.value);
  const auto name = mig::compute_name(*parent, *profile);
  return (name.starts_with("MIG ") ? name.substr(4) : name) + distinction(*parent, *profile);
}

std::string seat_text(const mig::Capability& capability, const model::GiSeat& seat) {
  return fmt::format("{} at {}", profile_text(capability, seat.profile), place_text(seat.placement));
}
std::string seat_text(const mig::Capability& capability, const model::CiSeat& seat) {
  return fmt::format("{} at {}", profile_text(capability, seat.parent.profile, seat.profile),
                     place_text(seat.placement));
}

std::string_view setting_text(model::ComputeMode mode) {
  switch (mode) {
    case model::ComputeMode::shared:
      return "Default";
    case model::ComputeMode::prohibited:
      return "Prohibited";
    case model::ComputeMode::exclusive_process:
      return "Exclusive_Process";
  }
  return "?";
}
std::string_view setting_text(model::TimeSlice policy) {
  switch (policy) {
    case model::TimeSlice::usual:
      return "default";
    case model::TimeSlice::brief:
      return "short";
    case model::TimeSlice::medium:
      return "medium";
    case model::TimeSlice::extended:
      return "long";
  }
  return "?";
}

bool shares_its_size(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  return std::any_of(parent.compute.begin(), parent.compute.end(),
                     [&](const auto& other) { return other.slices == profile.slices && other.id != profile.id; });
}

std::string share_text(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  return fmt::format("{}c", profile.slices) + distinction(parent, profile);
}

std::string share_text(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci) {
  const auto* parent = capability.find(gi);
  const auto* profile = parent != nullptr ? parent->find(ci) : nullptr;
  return profile != nullptr ? share_text(*parent, *profile) : fmt::format("profile {}", ci.value);
}

}  // namespace gpuslice::plan
