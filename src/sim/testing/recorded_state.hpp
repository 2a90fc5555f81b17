// The recorded state file of layout 6, as the bytes that it had.
#pragma once

#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

#include "sim/state_layout6.hpp"

namespace gpuslice::sim::testing {

inline std::string recorded_layout6(const std::string& recording) {
  std::ifstream in(recording);
  if (!in) throw std::runtime_error("cannot read " + recording);
  std::string bytes(layout6::file_bytes, '\0');
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto space = line.find(' ');
    auto at = std::stoul(line.substr(0, space), nullptr, 16);
    for (auto digit = space + 1; digit < line.size(); digit += 2)
      bytes.at(at++) = static_cast<char>(std::stoul(line.substr(digit, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace gpuslice::sim::testing
