// Reads lists of unknown length: calls with a buffer for a guessed number of entries, and again with a larger one while
// the driver returns that it is too small.
#pragma once

#include <algorithm>
#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

// `ask(unsigned* count, Entry* entries)` returns node::Answer<void>. `count` is the capacity of the buffer. `ask` fills
// the entries and sets `count`; if the buffer is too small it returns INSUFFICIENT_SIZE, and sets `count` to the
// required number if the driver reports that.
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
    // The list may grow between the calls, so allocate more than was required.
    room = std::min(most, std::max<std::size_t>(count, room) * 2);
  }
}

}  // namespace gpuslice::nvml
