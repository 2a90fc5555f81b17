// Tests of symbols.txt, the list of symbols that the real library exports, one per line. The simulated library is built
// from it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace {

std::vector<std::string> symbols() {
  std::ifstream file(GPUSLICE_ABI_SYMBOLS);
  std::vector<std::string> found;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with('#')) found.push_back(line);
  return found;
}

TEST(Symbols, AreThe404OfTheRealLibrarySortedAndNamedOnce) {
  const auto all = symbols();
  EXPECT_EQ(all.size(), 404U);
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  for (const auto& symbol : all)
    EXPECT_TRUE(symbol.starts_with("nvml") && symbol.find(' ') == std::string::npos) << symbol;
}

// A drop-in library must export every name that old and new clients call.
TEST(Symbols, IncludeOldAndNewNames) {
  const auto all = symbols();
  for (const std::string base : {"nvmlInit", "nvmlDeviceGetCount", "nvmlDeviceGetHandleByIndex", "nvmlDeviceGetPciInfo",
                                 "nvmlDeviceGetAttributes", "nvmlDeviceGetMemoryInfo", "nvmlComputeInstanceGetInfo",
                                 "nvmlEventSetWait", "nvmlDeviceGetGpuInstancePossiblePlacements",
                                 "nvmlDeviceGetComputeRunningProcesses", "nvmlDeviceGetMPSComputeRunningProcesses"})
    for (const std::string& name : {base, base + "_v2"}) EXPECT_TRUE(std::ranges::binary_search(all, name)) << name;
  EXPECT_TRUE(std::ranges::binary_search(all, std::string("nvmlInternalGetExportTable")));
}

}  // namespace
