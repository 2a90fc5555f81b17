#include "abi/gpm_names.hpp"

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::abi {
namespace {

constexpr const char *percent = "%", *throughput = "MiB/s", *amount = "#";

struct Single {
  std::uint32_t id;
  GpmMetricNames names;
};
constexpr auto singles = std::to_array<Single>({
    {1, {"gract", "GRAPHICS_UTIL", percent}},
    {2, {"smutil", "SM_UTIL", percent}},
    {3, {"smocc", "SM_OCCUPANCY", percent}},
    {4, {"intutil", "INTEGER_UTIL", percent}},
    {5, {"mmaact", "ANY_TENSOR_UTIL", percent}},
    {6, {"dfmat", "DFMA_TENSOR_UTIL", percent}},
    {7, {"hmmat", "HMMA_TENSOR_UTIL", percent}},
    {9, {"immat", "IMMA_TENSOR_UTIL", percent}},
    {10, {"dram", "DRAM_BW_UTIL", percent}},
    {11, {"fp64", "FP64_UTIL", percent}},
    {12, {"fp32", "FP32_UTIL", percent}},
    {13, {"fp16", "FP16_UTIL", percent}},
    {20, {"pcitx", "PCIE_TX_PER_SEC", throughput}},
    {21, {"pcirx", "PCIE_RX_PER_SEC", throughput}},
    {60, {"nvlrx", "NVLINK_TOTAL_RX_PER_SEC", throughput}},
    {61, {"nvltx", "NVLINK_TOTAL_TX_PER_SEC", throughput}},
    {100, {"c2cttx", "C2C_TOTAL_TX_PER_SEC", throughput}},
    {101, {"c2ctrx", "C2C_TOTAL_RX_PER_SEC", throughput}},
    {102, {"c2cdtx", "C2C_DATA_TX_PER_SEC", throughput}},
    {103, {"c2cdrx", "C2C_DATA_RX_PER_SEC", throughput}},
    {160, {"hmhit", "HOSTMEM_CACHE_HIT", percent}},
    {161, {"hmmiss", "HOSTMEM_CACHE_MISS", percent}},
    {162, {"pmhit", "PEERMEM_CACHE_HIT", percent}},
    {163, {"pmmiss", "PEERMEM_CACHE_MISS", percent}},
    {164, {"dmhit", "DRAM_CACHE_HIT", percent}},
    {165, {"dmmiss", "DRAM_CACHE_MISS", percent}},
});

// Metrics of engines or links 0, 1, 2, ...: %u in a name is the engine's number. Each engine has one metric for each
// name.
struct Run {
  std::uint32_t first, engines, per_engine;
  std::array<GpmMetricNames, 5> names;
};
constexpr auto runs = std::to_array<Run>({
    {30, 8, 1, {{{"nvdec%u", "NVDEC_%u_UTIL", percent}}}},
    {40, 8, 1, {{{"nvjpg%u", "NVJPG_%u_UTIL", percent}}}},
    {50, 2, 1, {{{"nvofa%u", "NVOFA_%u_UTIL", percent}}}},
    {62, 18, 2, {{{"nvl%urx", "NVLINK_L%u_RX_PER_SEC", throughput}, {"nvl%utx", "NVLINK_L%u_TX_PER_SEC", throughput}}}},
    {104,
     14,
     4,
     {{{"c2c%uttx", "C2C_LINK%u_TOTAL_TX_PER_SEC", throughput},
       {"c2c%utrx", "C2C_LINK%u_TOTAL_RX_PER_SEC", throughput},
       {"c2c%udtx", "C2C_LINK%u_DATA_TX_PER_SEC", throughput},
       {"c2c%udrx", "C2C_LINK%u_DATA_RX_PER_SEC", throughput}}}},
    {166, 4, 1, {{{"nvenc%u", "NVENC_%u_UTIL", percent}}}},
    {170,
     8,
     5,
     {{{"cs%uelp", "GR%u_CTXSW_CYCLES_ELAPSED", amount},
       {"cs%uact", "GR%u_CTXSW_CYCLES_ACTIVE", amount},
       {"cs%ureq", "GR%u_CTXSW_REQUESTS", amount},
       {"cs%ucperq", "GR%u_CTXSW_CYCLES_PER_REQ", "C/R"},
       {"cs%uactpt", "GR%u_CTXSW_ACTIVE_PCT", percent}}}},
});

std::string with_number(std::string_view pattern, std::uint32_t number) {
  const auto at = pattern.find("%u");
  return std::string(pattern.substr(0, at)) + std::to_string(number) + std::string(pattern.substr(at + 2));
}

struct Names {
  std::deque<std::string> written;  // a deque: elements keep their addresses
  std::vector<GpmMetricNames> of;

  Names() : of(last_gpm_metric + 1, GpmMetricNames{nullptr, nullptr, percent}) {
    of[0].unit = nullptr;
    for (const auto& single : singles) of[single.id] = single.names;
    for (const auto& run : runs)
      for (std::uint32_t i = 0; i < run.engines * run.per_engine; ++i) {
        const auto& pattern = run.names.at(i % run.per_engine);
        const auto engine = i / run.per_engine;
        const auto& short_name = written.emplace_back(with_number(pattern.short_name, engine));
        const auto& long_name = written.emplace_back(with_number(pattern.long_name, engine));
        of[run.first + i] = {short_name.c_str(), long_name.c_str(), pattern.unit};
      }
  }
};

}  // namespace

GpmMetricNames gpm_metric_names(std::uint32_t id) {
  static const auto* const names = new Names;  // never destroyed: clients may use the strings until they end
  return id < names->of.size() ? names->of[id] : GpmMetricNames{};
}

}  // namespace gpuslice::abi
