// The lines of -q: a label, and the value in a fixed column.
#pragma once

#include <ostream>
#include <string_view>

#include <fmt/format.h>

#include "base/printable.hpp"

namespace gpuslice::smi {

struct Lines {
  std::ostream& out;
  std::size_t label_width;  // columns before the colon

  void title(std::size_t depth, std::string_view label) const { out << fmt::format("{:{}}{}\n", "", depth * 4, label); }
  void value(std::size_t depth, std::string_view label, std::string_view text) const {
    out << fmt::format("{:{}}{:<{}}: {}\n", "", depth * 4, label, label_width - depth * 4, printable(text));
  }
};

}  // namespace gpuslice::smi
