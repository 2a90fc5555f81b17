// Finds the names nearest to a mistyped one, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpuslice {

// The number of wrong, missing, additional or swapped letters (optimal string alignment distance), ignoring ASCII case.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The number of wrong letters up to which a suggestion is plausible for a word of this length: 0 for length 1, 1 up to
// length 4, 2 up to length 8, otherwise 3.
[[nodiscard]] std::size_t likely_edits(std::size_t length);

// At most `count` of `candidates`: first those that differ from `wanted` in at most likely_edits letters, nearest
// first; then those that begin with it (from 2 letters on); then those that contain it (from 3 letters on). Candidates
// at equal distance keep their order. Empty if none is close; the caller then says how to list the candidates.
[[nodiscard]] std::vector<std::string_view> nearest(std::string_view wanted,
                                                    const std::vector<std::string_view>& candidates, std::size_t count);

}  // namespace gpuslice
