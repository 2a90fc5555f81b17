// Settings of a GPU besides MIG: clocks, power, ECC, accounting. Each needs permission to configure.
#include <algorithm>

#include "sim/driver.hpp"
#include "sim/usage.hpp"

namespace gpuslice::sim {
namespace {

std::unexpected<Denial> deny(Denial::Kind kind) { return std::unexpected(Denial{kind, {}}); }

}  // namespace

std::optional<std::pair<std::uint32_t, std::uint32_t>> Driver::power_range(std::uint32_t gpu) const {
  const auto low = known(board(gpu).sensors.min_power_limit_w, 1000);
  const auto high = known(board(gpu).sensors.max_power_limit_w, 1000);
  const auto usual = config(gpu).power_limit_mw;
  if (low.known == 0 || high.known == 0 || usual.known == 0) return std::nullopt;
  return std::pair{std::min(low.value, usual.value), std::max(high.value, usual.value)};
}

OrDenial<void> Driver::set_power_limit(std::uint32_t gpu, std::uint32_t milliwatts) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  const auto range = power_range(gpu);
  if (!range) return deny(Denial::Kind::not_supported);
  if (milliwatts < range->first || milliwatts > range->second) return deny(Denial::Kind::invalid);
  return configure([&](NodeDynamic& all) {
    settle(all, gpu);
    all.gpus[gpu].settings.power_limit_mw = milliwatts;
  });
}

OrDenial<void> Driver::lock_graphics_clocks(std::uint32_t gpu, std::uint32_t min_mhz, std::uint32_t max_mhz) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  const auto& sensors = board(gpu).sensors;
  if (!sensors.max_graphics_mhz.value || !sensors.min_graphics_mhz.value) return deny(Denial::Kind::not_supported);
  if (min_mhz > max_mhz || max_mhz == 0) return deny(Denial::Kind::invalid);
  const auto low = *sensors.min_graphics_mhz.value;
  const auto high = std::max(low, *sensors.max_graphics_mhz.value);
  return configure([&](NodeDynamic& all) {
    settle(all, gpu);
    all.gpus[gpu].settings.locked_graphics_min_mhz = std::clamp(min_mhz, low, high);
    all.gpus[gpu].settings.locked_graphics_max_mhz = std::clamp(max_mhz, low, high);
  });
}

OrDenial<void> Driver::lock_memory_clocks(std::uint32_t gpu, std::uint32_t min_mhz, std::uint32_t max_mhz) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  const auto& clocks = board(gpu).sensors.supported_memory_mhz.value;
  if (!clocks || clocks->empty()) return deny(Denial::Kind::not_supported);
  if (min_mhz > max_mhz || max_mhz == 0) return deny(Denial::Kind::invalid);
  const auto [low, high] = std::minmax_element(clocks->begin(), clocks->end());
  return configure([&](NodeDynamic& all) {
    settle(all, gpu);
    all.gpus[gpu].settings.locked_memory_min_mhz = std::clamp(min_mhz, *low, *high);
    all.gpus[gpu].settings.locked_memory_max_mhz = std::clamp(max_mhz, *low, *high);
  });
}

OrDenial<void> Driver::unlock_graphics_clocks(std::uint32_t gpu) {
  return configure([&](NodeDynamic& all) {
    settle(all, gpu);
    all.gpus[gpu].settings.locked_graphics_min_mhz = all.gpus[gpu].settings.locked_graphics_max_mhz = 0;
  });
}

OrDenial<void> Driver::unlock_memory_clocks(std::uint32_t gpu) {
  return configure([&](NodeDynamic& all) {
    settle(all, gpu);
    all.gpus[gpu].settings.locked_memory_min_mhz = all.gpus[gpu].settings.locked_memory_max_mhz = 0;
  });
}

OrDenial<void> Driver::set_application_clocks(std::uint32_t gpu, std::uint32_t memory_mhz, std::uint32_t graphics_mhz) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  const auto& sensors = board(gpu).sensors;
  if (!sensors.supported_memory_mhz.value || !sensors.default_graphics_mhz.value)
    return deny(Denial::Kind::not_supported);
  const auto& memory = *sensors.supported_memory_mhz.value;
  const auto clocks = catalog::graphics_clocks(sensors, memory_mhz);
  bool goes = false;
  for (std::uint32_t i = 0; i < clocks.count; ++i) goes = goes || clocks[i] == graphics_mhz;
  if (!goes || std::find(memory.begin(), memory.end(), memory_mhz) == memory.end()) return deny(Denial::Kind::invalid);
  return configure([&](NodeDynamic& all) {
    settle(all, gpu);
    all.gpus[gpu].settings.application_graphics_mhz = graphics_mhz;
    all.gpus[gpu].settings.application_memory_mhz = memory_mhz;
  });
}

OrDenial<void> Driver::reset_application_clocks(std::uint32_t gpu) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  if (!board(gpu).sensors.default_graphics_mhz.value) return deny(Denial::Kind::not_supported);
  return configure([&](NodeDynamic& all) {
    settle(all, gpu);
    all.gpus[gpu].settings.application_graphics_mhz = all.gpus[gpu].settings.application_memory_mhz = 0;
  });
}

OrDenial<void> Driver::restrict_auto_boost(std::uint32_t gpu, bool restricted) {
  return configure([&](NodeDynamic& all) { all.gpus[gpu].settings.auto_boost_restricted = restricted ? 1 : 0; });
}

OrDenial<void> Driver::set_ecc(std::uint32_t gpu, bool enable) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  if (config(gpu).ecc_supported == 0) return deny(Denial::Kind::not_supported);
  return configure([&](NodeDynamic& all) { all.gpus[gpu].ecc_pending = enable ? 1 : 0; });
}

OrDenial<void> Driver::clear_ecc(std::uint32_t gpu_index, bool ever) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  if (config(gpu_index).ecc_supported == 0 || gpu(gpu_index).ecc == 0) return deny(Denial::Kind::not_supported);
  return configure([&](NodeDynamic& all) {
    auto& errors = all.gpus[gpu_index].memory_errors;
    ever ? clear_ever(errors) : clear_recent(errors);
  });
}

OrDenial<void> Driver::set_accounting(std::uint32_t gpu_index, bool enable) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  if (enable && gpu(gpu_index).mig.mode) return deny(Denial::Kind::not_supported);
  return configure([&](NodeDynamic& all) {
    clients_.sweep(config(), all, now_us());
    all.gpus[gpu_index].accounting = enable ? 1 : 0;
    if (!enable) forget_accounted(all.accounted, gpu_index);
  });
}

OrDenial<void> Driver::clear_accounted(std::uint32_t gpu_index) {
  return configure([&](NodeDynamic& all) {
    clients_.sweep(config(), all, now_us());
    forget_accounted(all.accounted, gpu_index);
  });
}

}  // namespace gpuslice::sim
