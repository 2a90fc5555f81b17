#include "fields/table.hpp"

#include <algorithm>

#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr GroupName groups[] = {
    {"MEMORY", in_memory},
    {"UTILIZATION", in_utilization},
    {"ECC", in_ecc},
    {"TEMPERATURE", in_temperature},
    {"POWER", in_power},
    {"CLOCK", in_clock},
    {"COMPUTE", in_compute},
    {"PIDS", in_pids},
    {"PERFORMANCE", in_performance},
    {"SUPPORTED_CLOCKS", in_supported_clocks},
    {"PAGE_RETIREMENT", in_page_retirement},
    {"ACCOUNTING", in_accounting},
    {"ENCODER_STATS", in_encoder_stats},
    {"SUPPORTED_GPU_TARGET_TEMP", in_supported_target_temperature},
    {"VOLTAGE", in_voltage},  // no known board reports a voltage
    {"FBC_STATS", in_fbc_stats},
    {"ROW_REMAPPER", in_row_remapper},
    {"GSP_FIRMWARE_VERSION", in_gsp_firmware_version},
    {"POWER_SMOOTHING", in_power_smoothing},
    {"POWER_PROFILES", in_power_profiles},
};

}  // namespace

std::span<const Row> rows() {
  static const auto all = [] {
    std::vector<Row> joined;
    for (const auto chapter :
         {board_rows(), state_rows(), memory_rows(), errors_rows(), power_rows(), clocks_rows(), asked_rows()})
      joined.insert(joined.end(), chapter.begin(), chapter.end());
    std::uint32_t groups_above = in_no_group;
    for (Row& row : joined) {
      if (row.depth == 1) groups_above = row.groups;
      row.groups = groups_above;
    }
    return joined;
  }();
  return all;
}

std::span<const GroupName> group_names() { return groups; }

const std::vector<const Row*>& query_rows() {
  static const auto sorted = [] {
    std::vector<const Row*> found;
    for (const Row& row : rows())
      if (!row.query.name.empty()) found.push_back(&row);
    std::ranges::sort(found, {}, [](const Row* row) { return row->query.place; });
    return found;
  }();
  return sorted;
}

const Row* find_query(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto found =
      std::ranges::find_if(rows(), [name](const Row& r) { return r.query.name == name || r.query.alias == name; });
  return found == rows().end() ? nullptr : &*found;
}

}  // namespace gpuslice::fields
