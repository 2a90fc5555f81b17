// `nvidia-smi compute-policy`: the time-slice policy of each GPU, listed and set. All texts and statuses recorded from
// nvidia-smi 580.159.04.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "smi/session.hpp"

namespace gpuslice::smi {

struct ComputePolicyOptions {
  bool help{}, list{};
  std::optional<std::string> gpus;          // -i
  std::optional<std::uint32_t> time_slice;  // --set-timeslice; not checked: the driver says what it does not take
};

// The words behind `compute-policy`; otherwise what nvidia-smi answers before it ends with status 2.
[[nodiscard]] std::expected<ComputePolicyOptions, std::string> parse_compute_policy_options(
    const std::vector<std::string>& words);

[[nodiscard]] int list_compute_policies(Session& session);
[[nodiscard]] int set_time_slice(Session& session, std::uint32_t policy);

}  // namespace gpuslice::smi
