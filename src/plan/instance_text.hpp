// Text for instances by profile and placement, for use where ids are unknown or irrelevant; and text for settings.
#pragma once

#include <string>
#include <string_view>

#include "mig/capability.hpp"
#include "model/step.hpp"

namespace gpuslice::plan {

// "0:4"
[[nodiscard]] std::string place_text(mig::Placement placement);
// "3g.20gb"; "profile 9" if the GPU has no such profile.
[[nodiscard]] std::string profile_text(const mig::Capability& capability, mig::GiProfileId profile);
// "1c.3g.20gb"; if another profile has the same size, with a distinction: "1c.3g.20gb (profile 7, 26 SM)".
[[nodiscard]] std::string profile_text(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci);
// "3g.20gb at 0:4", "1c.3g.20gb at 0:1"
[[nodiscard]] std::string seat_text(const mig::Capability& capability, const model::GiSeat& seat);
[[nodiscard]] std::string seat_text(const mig::Capability& capability, const model::CiSeat& seat);

// "Exclusive_Process", "long": the spelling of nvidia-smi.
[[nodiscard]] std::string_view setting_text(model::ComputeMode mode);
[[nodiscard]] std::string_view setting_text(model::TimeSlice policy);

// A compute instance profile is shown as its share of the GPU instance, "1c". If another profile of that GPU instance
// has the same share (Hopper's 1_SLICE and 1_SLICE_REV1, nvml.h), the text distinguishes them: "1c (profile 7, 26 SM)".
// `shares_its_size`: whether there is another profile of the same share.
[[nodiscard]] bool shares_its_size(const mig::GiProfile& parent, const mig::CiProfile& profile);
[[nodiscard]] std::string share_text(const mig::GiProfile& parent, const mig::CiProfile& profile);
// The same by ids; "profile 7" if the GPU has no such profile.
[[nodiscard]] std::string share_text(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci);

}  // namespace gpuslice::plan
