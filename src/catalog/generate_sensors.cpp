#include "catalog/literals.hpp"

namespace gpuslice::catalog {

std::string sensors_literal(const Sensors& sensors) {
  std::string out;
  each_sensor(sensors, [&](std::string_view key, const auto& sensor) {
    if (sensor.known()) out += fmt::format("{}\n    .{} = {}", out.empty() ? "" : ",", key, figure_literal(sensor));
  });
  return "{" + out + "}";
}

}  // namespace gpuslice::catalog
