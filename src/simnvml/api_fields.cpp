// Exported: field values: figures by number, many in one call.
//
// Which fields exist, the type of each, and the return code for fields that a single board does not have, were recorded
// on an H200 with driver 580.159.04 (src/simnvml/testing/recorded).
#include <array>
#include <cstdint>

#include "simnvml/call.hpp"
#include "simnvml/fabric.hpp"
#include "simnvml/pcie.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Device;
using simnvml::with_gpu;

namespace {

enum ValueType : std::uint32_t { real = 0, u32 = 1, u64 = 3, s32 = 5, u16 = 6 };

// A range of field numbers that ends at `last`; `there` is false for a gap without fields.
struct Types {
  std::uint32_t last;
  ValueType type;
  bool there{true};
};
constexpr std::array types = {
    Types{0, real, false},   Types{31, u64},          Types{73, real},  Types{81, u64},   Types{82, u32},
    Types{83, u64},          Types{90, real},         Types{91, u32},   Types{93, u64},   Types{95, u32},
    Types{137, real},        Types{145, u64},         Types{146, u32},  Types{160, real}, Types{163, u64},
    Types{190, u32},         Types{191, u64},         Types{192, u32},  Types{196, s32},  Types{200, u32},
    Types{222, real},        Types{234, u32},         Types{250, real}, Types{253, u32},  Types{258, real},
    Types{259, u32},         Types{262, real},        Types{264, u32},  Types{267, real}, Types{268, u32},
    Types{273, u64},         Types{274, real, false}, Types{278, real}, Types{279, u16},  Types{280, u32},
    Types{281, real},        Types{283, u16},         Types{285, real}, Types{287, u16},  Types{288, real},
    Types{293, real, false}, Types{295, real},
};

const Types* types_of(std::uint32_t field) {
  for (const auto& run : types)
    if (field <= run.last) return &run;
  return nullptr;
}

struct Reading {
  nvmlReturn_t code{NVML_ERROR_NOT_SUPPORTED};
  std::uint64_t value{};
  std::uint32_t type{~0U};  // overrides the type in the table
};

Reading is(std::uint64_t value) { return {NVML_SUCCESS, value}; }
Reading is(const sim::OptionalU32& figure) { return figure.known != 0 ? is(figure.value) : Reading{}; }
Reading is(const catalog::Figure<std::int32_t>& margin) {
  return margin.value ? is(static_cast<std::uint32_t>(*margin.value)) : Reading{};
}

Reading ecc(const sim::Driver& driver, const Device& d, std::uint32_t field) {
  if (driver.config(d.gpu).ecc_supported == 0) return {};
  if (field == 1) return is(d.state.ecc);
  if (field == 2) return is(d.state.ecc_pending);
  if (d.state.ecc == 0) return {};
  if (field <= 4 && d.state.mig.mode) return {};  // as in nvmlDeviceGetTotalEccErrors
  const auto& counts = field <= 4 ? d.state.memory_errors.recent : d.state.memory_errors.ever;
  return is(field % 2 == 1 ? counts.corrected() : counts.uncorrected());
}

Reading held_back(sim::Driver& driver, const Device& d, std::uint32_t field) {
  enum Policy : std::uint32_t { power = 74, low_utilization = 78, application_clocks = 80, base_clocks = 81 };
  const auto used = driver.usage(d.gpu);
  switch (field) {
    case power:
      return is(used.power_capped_us * 1000);
    case low_utilization:
      return is(used.idle_us * 1000);
    case application_clocks:
    case base_clocks:
      return is(used.below_default_us * 1000);
    default:
      return is(0);
  }
}

Reading remapped(const sim::Driver& driver, const Device& d, std::uint32_t field) {
  if (!driver.remaps_rows(d.gpu)) return {};
  const auto& errors = d.state.memory_errors;
  const std::uint32_t values[] = {errors.remapped_corrected, errors.remapped_uncorrected,
                                  errors.remaps_pending != 0 ? 1U : 0U, errors.remap_failed};
  return is(values[field - 142]);
}

// The scope of a power field: 0 is the GPU, 1 its module, 2 its memory.
Reading power(const sim::Driver& driver, const Device& d, std::uint32_t field, std::uint32_t scope) {
  enum Field : std::uint32_t { average = 185, instant, min_limit, max_limit, default_limit, limit, requested = 192 };
  enum Scope : std::uint32_t { of_gpu, of_module, of_memory };
  const auto& s = driver.board(d.gpu).sensors;
  const auto now = driver.readings(d.gpu, d.state);
  if (scope == of_memory) {
    if (field == instant) return {NVML_ERROR_NOT_SUPPORTED, 0, real};  // recorded (surface_test.cpp)
    return field == average ? is(now.memory_power_mw) : Reading{};
  }
  if (scope == of_module) {
    if (field == average || field == instant) return is(sim::known(s.module_power_w, 1000));
    return {};
  }
  if (scope != of_gpu) return {};
  const auto range = driver.power_range(d.gpu);
  switch (field) {
    case average:
      return s.average_power.value.value_or(false) ? is(now.power_mw) : Reading{};
    case instant:
      return is(now.power_mw);
    case min_limit:
      return range ? is(range->first) : Reading{};
    case max_limit:
      return range ? is(range->second) : Reading{};
    case default_limit:
      return is(driver.config(d.gpu).power_limit_mw);
    default:
      return is(sim::power_limit(driver.config(d.gpu), d.state.settings));
  }
}

// Fields of links that are up; `scope` is the link number.
Reading links(const sim::Driver& driver, const Device& d, std::uint32_t field, std::uint32_t scope) {
  const auto count = simnvml::active_links(driver, d.gpu);
  const auto speed = sim::known(driver.board(d.gpu).sensors.nvlink_mb_per_s);
  const auto version = simnvml::link_version(driver, d.gpu);
  // The number of links that end at an NVSwitch.
  if (field == 147) return is(driver.config().nvswitch != 0 ? count : 0);
  if (count == 0) return {};
  const auto numbered = [](Reading reading) {
    reading.type = u32;
    return reading;
  };
  const auto counted = [] { return Reading{NVML_SUCCESS, 0, u64}; };
  if ((field >= 84 && field <= 89) || (field >= 132 && field <= 137)) {
    const auto link = field <= 89 ? field - 84 : field - 132 + 6;
    return link < count ? numbered(is(speed)) : Reading{};
  }
  switch (field) {
    case 38:  // flow control, data, replay, recovery and ECC errors of all links
    case 45:
    case 52:
    case 59:
    case 160:
    case 161:
    case 162:
    case 163:
    case 138:  // always 0, because there is no traffic
    case 139:
    case 140:
    case 141:
      return counted();
    case 90:
      return numbered(is(speed));
    case 91:
      return is(count);
    case 164:
    case 165:
    case 166:
      if (scope >= count) return {NVML_ERROR_INVALID_ARGUMENT};
      if (field == 165) return is(1);
      if (field == 164) return is(speed);
      return version == 0 ? Reading{} : is(version);
    default:
      return {};
  }
}

Reading pcie_count(const sim::Driver& driver, const Device& d) {
  return driver.board(d.gpu).sensors.pcie_generation.value ? is(0) : Reading{};
}

Reading read(sim::Driver& driver, const Device& d, std::uint32_t field, std::uint32_t scope) {
  const auto& s = driver.board(d.gpu).sensors;
  if (field <= 6) return ecc(driver, d, field);
  if (field >= 29 && field <= 31) return s.retired_pages.value.value_or(false) ? is(0) : Reading{};
  if (field >= 74 && field <= 81) return held_back(driver, d, field);
  if (field >= 142 && field <= 145) return remapped(driver, d, field);
  if ((field >= 185 && field <= 190) || field == 192) return power(driver, d, field, scope);
  if (field >= 269 && field <= 271) return is(0);  // a simulated GPU is never too hot or throttled by its supply
  if ((field >= 32 && field <= 73) || (field >= 84 && field <= 91) || (field >= 96 && field <= 141) ||
      (field >= 146 && field <= 168))
    return links(driver, d, field, scope);
  switch (field) {
    case 82:
      return is(driver.readings(d.gpu, d.state).memory_temperature_c);
    case 83:
    case 191:
      return driver.config(d.gpu).power_mw.known != 0 ? is(driver.usage(d.gpu).energy_uj / 1000) : Reading{};
    case 92:
    case 93:
      return s.retired_pages.value.value_or(false) ? is(0) : Reading{};
    case 94:  // replays, rollovers, recoveries
    case 95:
    case 169:
    case 197:  // bytes sent and received
    case 198:
    case 228:  // atomic operations in both directions: not supported
    case 229:
      return pcie_count(driver, d);
    case 184: {
      const auto& mode = driver.capability(d.gpu).mode;
      return is(mode.supported && !mode.switch_resets ? 1 : 0);
    }
    case 193:
      return is(s.shutdown_tlimit_c);
    case 194:
      return is(s.slowdown_tlimit_c);
    case 195:
      return is(s.memory_max_tlimit_c);
    case 196:
      return is(s.max_operating_tlimit_c);
    case 199:
      return is(driver.capability(d.gpu).mode.supported ? 1 : 0);
    case 226:  // neither a reset nor a recovery is requested
    case 227:
    case 230:
      return is(0);
    default:
      return field >= 173 && field <= 183 ? pcie_count(driver, d) : Reading{};
  }
}

}  // namespace

NVML_EXPORT nvmlDeviceGetFieldValues(nvmlDevice_t handle, int count, nvmlFieldValue_t* values) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (values == nullptr || count <= 0) return NVML_ERROR_INVALID_ARGUMENT;
    for (int i = 0; i < count; ++i) {
      auto& value = values[i];
      const auto* run = types_of(value.fieldId);
      value.timestamp = static_cast<long long>(driver.now_us());
      value.latencyUsec = 0;
      value.value.ullVal = 0;
      value.valueType = real;
      value.nvmlReturn = NVML_ERROR_INVALID_ARGUMENT;
      if (run == nullptr || !run->there) continue;
      const auto reading = read(driver, d, value.fieldId, value.scopeId);
      value.nvmlReturn = reading.code;
      value.valueType = reading.type != ~0U ? reading.type : run->type;
      if (reading.code == NVML_SUCCESS) value.value.ullVal = reading.value;
    }
    return NVML_SUCCESS;
  });
}
