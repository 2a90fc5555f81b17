// Structure calls for readings of temperature, power, clocks and the fabric.
#include <cstdio>

#include "abi/nvml_sensors.hpp"
#include "abi/nvml_thermal.hpp"
#include "nvml/reader.hpp"
#include "nvml/sources.hpp"

namespace gpuslice::nvml {
namespace {

using enum fields::Reading;
using fields::Reading;

void temperature(Reader& reader) {
  abi::nvmlTemperature_v1_t v1{};
  v1.version = abi::nvmlTemperature_v1;
  v1.sensorType = abi::NVML_TEMPERATURE_GPU;
  const auto done = reader.call("nvmlDeviceGetTemperatureV", &v1);
  if (done) return reader.put_signed(temperature_gpu, v1.temperature);
  unsigned celsius = 0;
  const auto older = done.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND
                         ? reader.call("nvmlDeviceGetTemperature", abi::NVML_TEMPERATURE_GPU, &celsius)
                         : done;
  if (!older) return reader.refuse(temperature_gpu, older.error());
  reader.put(temperature_gpu, celsius);
}

void older_temperature(Reader& reader) {
  unsigned celsius = 0;
  const auto done = reader.call("nvmlDeviceGetTemperature", abi::NVML_TEMPERATURE_GPU, &celsius);
  if (!done) return reader.refuse(temperature_gpu_older, done.error());
  reader.put(temperature_gpu_older, celsius);
}

void margin(Reader& reader) {
  abi::nvmlMarginTemperature_v1_t v1{};
  v1.version = abi::nvmlMarginTemperature_v1;
  const auto done = reader.call("nvmlDeviceGetMarginTemperature", &v1);
  if (!done) return reader.refuse(temperature_margin, done.error());
  reader.put_signed(temperature_margin, v1.marginTemperature);
}

// nvmlTemperatureThresholds_t: the current acoustic target or, if there is none, the current GPS target. Like
// nvidia-smi 580, this reads both and uses the one that exists.
void target(Reader& reader) {
  unsigned celsius = 0;
  constexpr unsigned acoustic = 5, gps = 7;
  const auto first = reader.call("nvmlDeviceGetTemperatureThreshold", acoustic, &celsius);
  if (first) return reader.put(temperature_target, celsius);
  const auto second = reader.call("nvmlDeviceGetTemperatureThreshold", gps, &celsius);
  if (second) return reader.put(temperature_target, celsius);
  reader.refuse(temperature_target, first.error());
}

void customer_boost(Reader& reader) {
  unsigned mhz = 0;
  constexpr unsigned graphics = 0, customer_boost_max = 3;
  const auto done = reader.call("nvmlDeviceGetClock", graphics, customer_boost_max, &mhz);
  if (!done) return reader.refuse(customer_boost_graphics, done.error());
  reader.put(customer_boost_graphics, mhz);
}

// Tries the names from before R535 first, because nvidia-smi 580 calls these.
void supported_reasons(Reader& reader) {
  unsigned long long bits = 0;
  auto done = reader.call("nvmlDeviceGetSupportedClocksThrottleReasons", &bits);
  if (!done && done.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND)
    done = reader.call("nvmlDeviceGetSupportedClocksEventReasons", &bits);
  if (!done) return reader.refuse(event_reasons_supported, done.error());
  reader.put(event_reasons_supported, bits);
}
void active_reasons(Reader& reader) {
  unsigned long long bits = 0;
  auto done = reader.call("nvmlDeviceGetCurrentClocksThrottleReasons", &bits);
  if (!done && done.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND)
    done = reader.call("nvmlDeviceGetCurrentClocksEventReasons", &bits);
  if (!done) return reader.refuse(event_reasons_active, done.error());
  reader.put(event_reasons_active, bits);
}

constexpr Reading profile_readings[] = {power_profiles_requested, power_profiles_enforced};
void profiles(Reader& reader) {
  abi::nvmlWorkloadPowerProfileCurrentProfiles_v1_t current{};
  current.version = abi::nvmlWorkloadPowerProfileCurrentProfiles_v1;
  const auto done = reader.call("nvmlDeviceWorkloadPowerProfileGetCurrentProfiles", &current);
  if (!done) return reader.refuse(profile_readings, done.error());
  const auto first_64 = [](const std::uint32_t* mask) { return std::uint64_t{mask[1]} << 32 | mask[0]; };
  reader.put(power_profiles_requested, first_64(current.requestedProfilesMask));
  reader.put(power_profiles_enforced, first_64(current.enforcedProfilesMask));
}

constexpr Reading fabric_readings[] = {fabric_state,   fabric_status,      fabric_clique,
                                       fabric_cluster, fabric_health_mask, fabric_health_summary};
void fabric(Reader& reader) {
  abi::nvmlGpuFabricInfo_v3_t info{};
  info.version = abi::nvmlGpuFabricInfo_v3;
  auto done = reader.call("nvmlDeviceGetGpuFabricInfoV", &info);
  // A driver before R575 does not report the summary.
  if (!done && done.error().code == abi::NVML_ERROR_ARGUMENT_VERSION_MISMATCH) {
    info = {};
    info.version = abi::nvmlGpuFabricInfo_v2;
    done = reader.call("nvmlDeviceGetGpuFabricInfoV", &info);
  }
  if (!done) return reader.refuse(fabric_readings, done.error());
  const auto* u = info.clusterUuid;
  char text[40];
  std::snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0], u[1],
                u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
  reader.put(fabric_state, info.state);
  reader.put(fabric_status, static_cast<std::uint64_t>(info.status));
  reader.put(fabric_clique, info.cliqueId);
  reader.put(fabric_cluster, std::string(text));
  reader.put(fabric_health_mask, info.healthMask);
  reader.put(fabric_health_summary, info.healthSummary);
}

template <Reading Which>
constexpr Reading one[] = {Which};

constexpr StructureCall calls[] = {
    {one<temperature_gpu>, temperature},
    {one<temperature_gpu_older>, older_temperature},
    {one<temperature_margin>, margin},
    {one<temperature_target>, target},
    {one<customer_boost_graphics>, customer_boost},
    {one<event_reasons_supported>, supported_reasons},
    {one<event_reasons_active>, active_reasons},
    {profile_readings, profiles},
    {fabric_readings, fabric},
};

}  // namespace

std::span<const StructureCall> state_calls() { return calls; }

}  // namespace gpuslice::nvml
