// Text fitted to a number of columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gpuslice::cli {

inline constexpr std::size_t help_width = 80;  // columns

// Breaks words into lines of at most `width` columns. The first line starts at column `at`, the others with `indent`
// blanks. A word that is wider than a line gets its own line. The last line has no line end.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t at,
                                  std::size_t width = help_width);

// Wraps each line of `text` that is too wide: at its last column, if it has columns separated by two blanks, or at its
// own indentation. All other lines are unchanged.
[[nodiscard]] std::string wrapped_lines(std::string_view text, std::size_t width = help_width);

}  // namespace gpuslice::cli
