// Reads lists of unknown length: calls with room for a first guess, and again with more room as long as the driver says
// that the room is insufficient.
#pragma once

#include <algorithm>
#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

// `ask(unsigned* count, Entry* entries)` returns node::Answer<void>. It is called with room for `count` entries, fills
// them and sets `count`, or returns INSUFFICIENT_SIZE and sets `count` to the required number if the driver reports it.
template <class Entry, class Ask>
[[nodiscard]] node::Answer<std::vector<Entry>> grown(std::size_t room, Ask ask) {
  constexpr std::size_t most = 65536;
  for (;;) {
    std::vector<Entry> entries(room);
    auto count = static_cast<unsigned>(room);
    const node::Answer<void> done = ask(&count, entries.data());
    if (done) {
      entries.resize(std::min<std::size_t>(count, room));
      return entries;
    }
    if (done.error().code != abi::NVML_ERROR_INSUFFICIENT_SIZE || room >= most) return std::unexpected(done.error());
    // The list may grow between the calls: make more room than was needed.
    room = std::min(most, std::max<std::size_t>(count, room) * 2);
  }
}

}  // namespace gpuslice::nvml
