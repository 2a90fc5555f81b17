// How instances are named where their ids are not known or not wanted, by profile and place; and how settings are.
#pragma once

#include <string>
#include <string_view>

#include "mig/capability.hpp"
#include "model/step.hpp"

namespace gpuslice::plan {

// "0:4"
[[nodiscard]] std::string place_text(mig::Placement placement);
// "3g.20gb"; "profile 9" where the GPU has no such profile.
[[nodiscard]] std::string profile_text(const mig::Capability& capability, mig::GiProfileId profile);
// "1c.3g.20gb", and what tells it from another of that size: "1c.3g.20gb (profile 7, 26 SM)".
[[nodiscard]] std::string profile_text(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci);
// "3g.20gb at 0:4", "1c.3g.20gb at 0:1"
[[nodiscard]] std::string seat_text(const mig::Capability& capability, const model::GiSeat& seat);
[[nodiscard]] std::string seat_text(const mig::Capability& capability, const model::CiSeat& seat);

// "Exclusive_Process", "long": as NVIDIA's programs say it.
[[nodiscard]] std::string_view setting_text(model::ComputeMode mode);
[[nodiscard]] std::string_view setting_text(model::TimeSlice policy);

// How a compute instance profile is shown: its share of the GPU instance, "1c", and where another profile of that GPU
// instance has the same share (Hopper's 1_SLICE and 1_SLICE_REV1, nvml.h) what tells them apart: "1c (profile 7, 26
// SM)". `shares_its_size` says whether there is such another.
[[nodiscard]] bool shares_its_size(const mig::GiProfile& parent, const mig::CiProfile& profile);
[[nodiscard]] std::string share_text(const mig::GiProfile& parent, const mig::CiProfile& profile);
// The same by ids; "profile 7" where the GPU has no such profile.
[[nodiscard]] std::string share_text(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci);

}  // namespace gpuslice::plan
