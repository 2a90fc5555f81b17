// MIG through NVML: profiles, instances and MIG devices of a GPU, and what changes them. The functions of node::Node of
// the same names, whose contract they keep.
#pragma once

#include <optional>
#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<std::vector<node::GiProfileInfo>> gi_profiles(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<std::uint32_t> gi_remaining(Calls& calls, GpuIndex gpu, mig::GiProfileId profile);
[[nodiscard]] node::Answer<std::vector<node::Span>> gi_placements(Calls& calls, GpuIndex gpu, mig::GiProfileId profile);
[[nodiscard]] node::Answer<std::vector<node::GiInfo>> gpu_instances(Calls& calls, GpuIndex gpu,
                                                                    mig::GiProfileId profile);
[[nodiscard]] node::Answer<std::vector<node::CiProfileInfo>> ci_profiles(Calls& calls, GpuIndex gpu, mig::GiId gi);
[[nodiscard]] node::Answer<std::uint32_t> ci_remaining(Calls& calls, GpuIndex gpu, mig::GiId gi,
                                                       mig::CiProfileId profile);
[[nodiscard]] node::Answer<std::vector<node::Span>> ci_placements(Calls& calls, GpuIndex gpu, mig::GiId gi,
                                                                  mig::CiProfileId profile);
[[nodiscard]] node::Answer<std::vector<node::CiInfo>> compute_instances(Calls& calls, GpuIndex gpu, mig::GiId gi,
                                                                        mig::CiProfileId profile);
[[nodiscard]] node::Answer<std::vector<std::uint32_t>> mig_indices(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<node::MigAttributes> mig_attributes(Calls& calls, node::Subject mig_device);

// These answer NO_PERMISSION, and why, on a driver that may only be read; nothing is asked of the driver then.
[[nodiscard]] node::Answer<node::MigSwitch> set_mig_mode(Calls& calls, GpuIndex gpu, bool enable);
[[nodiscard]] node::Answer<node::GiInfo> create_gi(Calls& calls, GpuIndex gpu, mig::GiProfileId profile,
                                                   std::optional<node::Span> placement);
[[nodiscard]] node::Answer<void> destroy_gi(Calls& calls, GpuIndex gpu, mig::GiId gi);
[[nodiscard]] node::Answer<node::CiInfo> create_ci(Calls& calls, GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                                                   std::optional<node::Span> placement);
[[nodiscard]] node::Answer<void> destroy_ci(Calls& calls, GpuIndex gpu, mig::GiId gi, mig::CiId ci);

}  // namespace gpuslice::nvml
