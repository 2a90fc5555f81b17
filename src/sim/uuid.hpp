// UUIDs of simulated GPUs and MIG devices: text forms, and the deterministic function that generates them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/state.hpp"

namespace gpuslice::sim {

// "9e4aeb94-01c0-5173-4811-4ca60f77b3a9", lower case.
[[nodiscard]] std::string to_text(const Uuid& uuid);
// With or without the prefix "GPU-" or "MIG-"; any case. nullopt when it is not a UUID.
[[nodiscard]] std::optional<Uuid> parse_uuid(std::string_view text);

// Depends on its arguments only. The layout is RFC 4122 version 5, like that of all MIG UUIDs since R470. The driver's
// own method is unknown: the one in NVIDIA's open kernel modules did not reproduce the UUID of a real H200.
[[nodiscard]] Uuid make_uuid(std::uint64_t key, std::uint64_t a, std::uint64_t b);

// The next value of a fixed pseudo-random sequence (splitmix64).
[[nodiscard]] std::uint64_t mix(std::uint64_t value);

}  // namespace gpuslice::sim
