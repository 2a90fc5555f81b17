// Strong integer ids, so that a GPU instance id, a profile id and a GPU index cannot be mixed up.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace gpuslice {

template <class Tag, class Rep = std::uint32_t>
struct Id {
  Rep value{};

  constexpr Id() = default;
  constexpr explicit Id(Rep v) : value(v) {}
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

// Position of a GPU in the driver's enumeration, 0-based.
using GpuIndex = Id<struct GpuIndexTag>;

}  // namespace gpuslice

template <class Tag, class Rep>
struct std::hash<gpuslice::Id<Tag, Rep>> {
  std::size_t operator()(const gpuslice::Id<Tag, Rep>& id) const noexcept { return std::hash<Rep>{}(id.value); }
};
