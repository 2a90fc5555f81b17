#include "smi/gpm_metrics.hpp"

#include <array>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "smi/gpu_select.hpp"

namespace gpuslice::smi {
namespace {

constexpr const char* percent = "GPM:%";
constexpr const char* throughput = "GPM:MiB/s";
constexpr const char* amount = "GPM:#";
constexpr std::uint32_t last_metric = 209;

// Recorded: 1, 2, 3, 5, 10, 11, 12; published transcripts: 13, 20, 21 and their unit. The other names are ours, after
// the names that NVML's constants have.
struct Single {
  std::uint32_t id;
  const char *name, *unit;
};
constexpr auto singles = std::to_array<Single>({
    {1, "gract", percent},       {2, "smutil", percent},     {3, "smocc", percent},      {4, "intact", percent},
    {5, "mmaact", percent},      {6, "dfmma", percent},      {7, "hmma", percent},       {9, "imma", percent},
    {10, "dram", percent},       {11, "fp64", percent},      {12, "fp32", percent},      {13, "fp16", percent},
    {20, "pcitx", throughput},   {21, "pcirx", throughput},  {50, "ofa0", percent},      {60, "nvlrx", throughput},
    {61, "nvltx", throughput},   {100, "c2ctx", throughput}, {101, "c2crx", throughput}, {102, "c2cdtx", throughput},
    {103, "c2cdrx", throughput}, {160, "hmhit", percent},    {161, "hmmiss", percent},   {162, "pmhit", percent},
    {163, "pmmiss", percent},    {164, "drhit", percent},    {165, "drmiss", percent},
});

// Runs of metrics: of engine 0, 1, 2, ..., each with one metric per suffix.
struct Run {
  std::uint32_t first, last;
  const char* name;
  std::array<const char*, 5> suffixes;
  std::uint32_t per_engine;
  const char* unit;
};
constexpr auto runs = std::to_array<Run>({
    {30, 37, "dec", {""}, 1, percent},
    {40, 47, "jpg", {""}, 1, percent},
    {62, 97, "nvl", {"rx", "tx"}, 2, throughput},
    {104, 159, "c2c", {"tx", "rx", "dtx", "drx"}, 4, throughput},
    {166, 169, "enc", {""}, 1, percent},
    {170, 209, "gr", {"elap", "act", "req", "avg", "pct"}, 5, amount},
});

std::optional<GpmMetric> find(std::uint32_t id) {
  for (const auto& single : singles)
    if (single.id == id) return GpmMetric{id, single.name, single.unit};
  for (const auto& run : runs) {
    if (id < run.first || id > run.last) continue;
    const auto place = id - run.first;
    return GpmMetric{
        id, fmt::format("{}{}{}", run.name, place / run.per_engine, run.suffixes.at(place % run.per_engine)), run.unit};
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::vector<GpmMetric>, std::string> parse_gpm_metrics(const std::string& list) {
  std::vector<GpmMetric> metrics;
  for (const auto& word : split_list(list)) {
    const auto number = std::strtoul(word.c_str(), nullptr, 10);
    if (number > last_metric) return std::unexpected(fmt::format("Metric value too high: {}", word));
    const auto metric = find(static_cast<std::uint32_t>(number));
    if (!metric) return std::unexpected(fmt::format("Invalid metric value: {}", word));
    metrics.push_back(*metric);
  }
  return metrics;
}

}  // namespace gpuslice::smi
