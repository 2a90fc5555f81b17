#include "cli/wrap.hpp"

#include <algorithm>

namespace gpuslice::cli {

std::string wrapped(std::string_view text, std::size_t indent, std::size_t at, std::size_t width) {
  std::string out;
  std::size_t column = at;
  bool line_start = true;
  for (std::size_t from = 0; from < text.size();) {
    if (text[from] == ' ') {
      ++from;
      continue;
    }
    const auto end = std::min(text.find(' ', from), text.size());
    const auto word = text.substr(from, end - from);
    if (!line_start && column + 1 + word.size() > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
      line_start = true;
    }
    if (!line_start) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    line_start = false;
    from = end;
  }
  return out;
}

std::string wrapped_lines(std::string_view text, std::size_t width) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    if (line.size() <= width) {
      out += line;
    } else {
      // Continues at the last column, or at the line's own indentation if it has no columns.
      const auto gap = line.rfind("  ");
      const auto hang = gap == std::string_view::npos || gap + 2 > width / 2
                            ? std::min(line.find_first_not_of(' '), line.size())
                            : gap + 2;
      out += std::string(line.substr(0, hang)) + wrapped(line.substr(hang), hang, hang, width);
    }
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace gpuslice::cli
