// Finds the names nearest to a mistyped one, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpuslice {

// How many letters are wrong, missing or too many, or swapped with their neighbour (optimal string alignment distance),
// ignoring ASCII case.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// How many letters of a word of this length may be wrong before a suggestion is a guess: none of 1, one of up to 4, two
// of up to 8, else three.
[[nodiscard]] std::size_t likely_edits(std::size_t length);

// At most `count` of `candidates`: those that differ from `wanted` in at most likely_edits letters, the nearest first;
// then those that begin with it (from 2 letters on); then those that contain it (from 3 letters on). Candidates at
// equal distance keep their order. Empty where none is close: the caller then says how to list the candidates.
[[nodiscard]] std::vector<std::string_view> nearest(std::string_view wanted,
                                                    const std::vector<std::string_view>& candidates, std::size_t count);

}  // namespace gpuslice
