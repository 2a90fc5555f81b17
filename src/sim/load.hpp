// What a process uses of a GPU, in percent of each unit's time.
#pragma once

#include <cstdint>

namespace gpuslice::sim {

struct Load {
  std::uint32_t sm{};      // the multiprocessors
  std::uint32_t memory{};  // the memory bandwidth
  std::uint32_t encoder{}, decoder{}, jpeg{}, ofa{};
  std::uint32_t unused[2]{};

  [[nodiscard]] constexpr bool idle() const { return (sm | memory | encoder | decoder | jpeg | ofa) == 0; }
  friend constexpr bool operator==(const Load&, const Load&) = default;
};

}  // namespace gpuslice::sim
