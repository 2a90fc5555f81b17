#include "spec/setting_words.hpp"

namespace gpuslice::spec {
namespace {

using model::ComputeMode;
using model::TimeSlice;
constexpr std::array compute_modes = {ComputeMode::shared, ComputeMode::exclusive_process, ComputeMode::prohibited};
constexpr std::array time_slices = {TimeSlice::usual, TimeSlice::brief, TimeSlice::medium, TimeSlice::extended};
static_assert(compute_modes.size() == compute_mode_words.size() && time_slices.size() == time_slice_words.size());

template <class Values, class Words, class Value>
std::string_view word_for(const Values& values, const Words& words, Value value) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] == value) return words[i];
  return {};
}
template <class Values, class Words>
std::optional<typename Values::value_type> value_for(const Values& values, const Words& words, std::string_view word) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (words[i] == word) return values[i];
  return std::nullopt;
}

}  // namespace

std::string_view word_of(ComputeMode mode) { return word_for(compute_modes, compute_mode_words, mode); }
std::string_view word_of(TimeSlice policy) { return word_for(time_slices, time_slice_words, policy); }
std::optional<ComputeMode> to_compute_mode(std::string_view word) {
  return value_for(compute_modes, compute_mode_words, word);
}
std::optional<TimeSlice> to_time_slice(std::string_view word) { return value_for(time_slices, time_slice_words, word); }

}  // namespace gpuslice::spec
