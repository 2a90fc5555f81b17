// Lists of a driver whose length is not known before: asked for with room for some, and again with more while the
// driver says that the room does not do.
#pragma once

#include <algorithm>
#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

// `ask(unsigned* count, Entry* entries)` answers node::Answer<void>: with `count` entries of room it fills them and
// says how many they are, or answers INSUFFICIENT_SIZE, with the number that there are where the driver tells.
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
    // More may come while we ask: grow past what was needed.
    room = std::min(most, std::max<std::size_t>(count, room) * 2);
  }
}

}  // namespace gpuslice::nvml
