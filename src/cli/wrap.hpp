// Text fitted to a number of columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gpuslice::cli {

inline constexpr std::size_t help_width = 80;  // columns

// Words put into lines of at most `width` columns. The first line is at column `at` already; the others start with
// `indent` blanks. A word that is wider than a line has one of its own. No line end follows the last line.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t at,
                                  std::size_t width = help_width);

// Each line of `text` that is too wide is wrapped: at the start of its last column where it has columns with two blanks
// between, else at its own indentation. All other lines stay as they are.
[[nodiscard]] std::string wrapped_lines(std::string_view text, std::size_t width = help_width);

}  // namespace gpuslice::cli
