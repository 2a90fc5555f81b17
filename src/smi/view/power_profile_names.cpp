#include "smi/view/power_profile_names.hpp"

#include <string_view>

#include <fmt/format.h>

namespace gpuslice::smi {

std::vector<std::string> power_profile_names(std::uint64_t bits) {
  // The first two names were recorded; the others are derived from NVML's constants.
  constexpr std::string_view names[] = {"Max-P",       "Max-Q",         "Compute",       "Memory Bound", "Network",
                                        "Balanced",    "LLM Inference", "LLM Training",  "RBM",          "DCPCIe",
                                        "HMMA Sparse", "HMMA Dense",    "Sync Balanced", "HPC",          "MIG"};
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < 64; ++i) {
    if ((bits >> i & 1) == 0) continue;
    shown.push_back(fmt::format("{}. {}", i, i < std::size(names) ? names[i] : "Unknown"));
  }
  return shown;
}

}  // namespace gpuslice::smi
