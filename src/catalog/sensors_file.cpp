#include "catalog/sensors_file.hpp"

#include <optional>

#include "catalog/figure_reader.hpp"

namespace gpuslice::catalog {

namespace {

// The highest value that is allowed for a figure, by the unit at the end of its key. Temperatures beyond these limits
// are impossible for silicon, so they are typing errors.
std::optional<std::uint32_t> most(std::string_view key) {
  if (key.ends_with("_mhz")) return 20000;
  if (key.ends_with("_khz")) return 1000000;
  if (key.ends_with("_w")) return 5000;
  if (key.ends_with("_c")) return 120;
  if (key.starts_with("pcie_") && key.ends_with("generation")) return 7;
  if (key == "pcie_width") return 32;
  if (key == "nvlink_links") return 18;  // NVML_NVLINK_MAX_LINKS
  return std::nullopt;
}

template <class T>
void check_range(std::string_view key, const std::string& place, const Figure<T>& figure) {
  if (!figure.value) return;
  if constexpr (std::is_same_v<T, std::uint32_t>) {
    if (*figure.value == 0)
      throw Bad{place, "is 0: write null for an absent figure, and leave out the key of an unknown one"};
    if (const auto limit = most(key); limit && *figure.value > *limit)
      throw Bad{place, "is above " + std::to_string(*limit)};
  }
  if constexpr (std::is_same_v<T, std::int32_t>)
    if (*figure.value < -60 || *figure.value > 120) throw Bad{place, "is not between -60 and 120"};
}

using Number = Figure<std::uint32_t>;

void need_order(const Number& low, std::string_view low_key, const Number& high, std::string_view high_key,
                const std::string& where) {
  if (low.value && high.value && *low.value > *high.value)
    throw Bad{where + ".sensors." + std::string(low_key), "is above " + std::string(high_key)};
}

}  // namespace

void read_sensors(Object& from, Sensors& out) {
  const auto* found = from.maybe("sensors");
  if (found == nullptr) return;
  Object object(*found, from.at("sensors"));
  each_sensor(out, [&](std::string_view key, auto& sensor) {
    figure(object, key, sensor);
    check_range(key, object.at(key), sensor);
  });
  object.done();
}

void check_sensors(const BoardFacts& board, const std::string& where) {
  const auto& s = board.sensors;
  const auto ordered = [&](const Number& low, std::string_view low_key, const Number& high, std::string_view high_key) {
    need_order(low, low_key, high, high_key, where);
  };
  ordered(s.idle_graphics_mhz, "idle_graphics_mhz", s.max_graphics_mhz, "max_graphics_mhz");
  ordered(s.idle_sm_mhz, "idle_sm_mhz", s.max_sm_mhz, "max_sm_mhz");
  ordered(s.idle_memory_mhz, "idle_memory_mhz", s.max_memory_mhz, "max_memory_mhz");
  ordered(s.idle_video_mhz, "idle_video_mhz", s.max_video_mhz, "max_video_mhz");
  ordered(s.default_graphics_mhz, "default_graphics_mhz", s.max_graphics_mhz, "max_graphics_mhz");
  ordered(s.default_memory_mhz, "default_memory_mhz", s.max_memory_mhz, "max_memory_mhz");
  ordered(s.max_customer_boost_mhz, "max_customer_boost_mhz", s.max_graphics_mhz, "max_graphics_mhz");
  ordered(s.min_graphics_mhz, "min_graphics_mhz", s.default_graphics_mhz, "default_graphics_mhz");
  ordered(s.min_graphics_mhz, "min_graphics_mhz", s.max_graphics_mhz, "max_graphics_mhz");
  ordered(s.max_graphics_at_lowest_memory_mhz, "max_graphics_at_lowest_memory_mhz", s.max_graphics_mhz,
          "max_graphics_mhz");
  ordered(s.min_power_limit_w, "min_power_limit_w", board.power_limit_w, "power_limit_w");
  ordered(s.min_power_limit_w, "min_power_limit_w", s.max_power_limit_w, "max_power_limit_w");
  if (board.power_limit_w.value && s.max_power_limit_w.value && *board.power_limit_w.value > *s.max_power_limit_w.value)
    throw Bad{where + ".sensors.max_power_limit_w", "is below power_limit_w"};
  ordered(s.min_module_power_limit_w, "min_module_power_limit_w", s.module_power_limit_w, "module_power_limit_w");
  ordered(s.module_power_limit_w, "module_power_limit_w", s.max_module_power_limit_w, "max_module_power_limit_w");
  ordered(s.max_operating_c, "max_operating_c", s.shutdown_c, "shutdown_c");
  ordered(s.slowdown_c, "slowdown_c", s.shutdown_c, "shutdown_c");
  ordered(s.target_c, "target_c", s.shutdown_c, "shutdown_c");
  ordered(s.pcie_idle_generation, "pcie_idle_generation", s.pcie_generation, "pcie_generation");
  ordered(s.pcie_generation, "pcie_generation", s.pcie_device_generation, "pcie_device_generation");
  const auto& clocks = s.supported_memory_mhz.value;
  if (clocks && s.max_memory_mhz.value && (*clocks)[0] != *s.max_memory_mhz.value)
    throw Bad{where + ".sensors.supported_memory_mhz", "does not begin with max_memory_mhz"};
  if (s.shutdown_c.value && s.shutdown_tlimit_c.value)
    throw Bad{where + ".sensors.shutdown_tlimit_c", "is given together with shutdown_c: a board has one or the other"};
  // Margins decrease as the temperature rises.
  if (s.shutdown_tlimit_c.value && s.slowdown_tlimit_c.value && *s.shutdown_tlimit_c.value > *s.slowdown_tlimit_c.value)
    throw Bad{where + ".sensors.shutdown_tlimit_c", "is above slowdown_tlimit_c"};
}

}  // namespace gpuslice::catalog
