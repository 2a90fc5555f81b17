// Reads state files of layout 6: header, configuration, events, and two snapshots of the whole changing state, each
// followed by its generation and checksum.
//
// Its parts have the same form as version 1 of the sections. If a section gets another version, these sizes stay as
// they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "sim/sections.hpp"

namespace gpuslice::sim::layout6 {

inline constexpr std::size_t header_bytes = 128;
// The wake word and the watch bits are at the same offsets as in StateHeader.
inline constexpr std::size_t generation_at = 64;
inline constexpr std::size_t config_bytes = 73360;
inline constexpr std::size_t events_bytes = 12288;
inline constexpr std::size_t dynamic_bytes = 78192;
inline constexpr std::size_t seal_bytes = 16;  // generation and checksum after a snapshot
inline constexpr std::size_t file_bytes = header_bytes + config_bytes + events_bytes + 2 * (dynamic_bytes + seal_bytes);

struct Read {
  Sections sections;
  std::uint64_t watch{};
};
// Reads `map`, the whole file, at one generation; safe while a writer runs. Reads a retired file (generation.hpp) like
// any other. Errors: damaged, naming `path`.
[[nodiscard]] Result<Read> read(const std::byte* map, const std::string& path);

}  // namespace gpuslice::sim::layout6
