// The recorded state file of layout 6, byte for byte.
#pragma once

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

#include "base/checksum.hpp"
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

// The file with its current state replaced.
inline std::string with_state(std::string file, const NodeDynamic& state) {
  static_assert(sizeof state == layout6::dynamic_bytes);
  constexpr std::size_t snapshots_at = layout6::header_bytes + layout6::config_bytes + layout6::events_bytes;
  constexpr std::size_t snapshot_bytes = layout6::dynamic_bytes + layout6::seal_bytes;
  const auto current = static_cast<unsigned char>(file.at(layout6::generation_at)) & 1U;
  const auto sum = checksum(&state, sizeof state);
  const auto put = [&](std::size_t at, const void* bytes, std::size_t count) {
    const auto* from = static_cast<const char*>(bytes);
    std::copy_n(from, count, file.begin() + static_cast<std::ptrdiff_t>(snapshots_at + current * snapshot_bytes + at));
  };
  put(0, &state, sizeof state);
  put(sizeof state + sizeof sum, &sum, sizeof sum);
  return file;
}

}  // namespace gpuslice::sim::testing
