#include "smi/links/link_speed.hpp"

#include <fmt/format.h>

namespace gpuslice::smi {

std::string link_speed(const node::Answer<std::uint64_t>& state, const node::Answer<std::uint64_t>& megabytes) {
  if (state.value_or(0) == 0) return "<inactive>";
  constexpr double mb_per_gb = 1000;
  return megabytes ? fmt::format("{:.6g} GB/s", static_cast<double>(*megabytes) / mb_per_gb) : "N/A";
}

}  // namespace gpuslice::smi
