// How layout files spell the settings of a whole GPU: nvidia-smi's words, in the case of the other keys.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "model/gpu_state.hpp"

namespace gpuslice::spec {

inline constexpr std::array<std::string_view, 3> compute_mode_words = {"default", "exclusive-process", "prohibited"};
inline constexpr std::array<std::string_view, 4> time_slice_words = {"default", "short", "medium", "long"};

[[nodiscard]] std::string_view word_of(model::ComputeMode mode);
[[nodiscard]] std::string_view word_of(model::TimeSlice policy);
// Nothing for another word.
[[nodiscard]] std::optional<model::ComputeMode> to_compute_mode(std::string_view word);
[[nodiscard]] std::optional<model::TimeSlice> to_time_slice(std::string_view word);

}  // namespace gpuslice::spec
