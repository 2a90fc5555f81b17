#include "sim/events.hpp"

#include <array>

#include "base/number.hpp"

namespace gpuslice::sim {
namespace {

constexpr std::uint64_t bit(EventType type) { return static_cast<std::uint64_t>(type); }

constexpr std::array names = {
    EventName{"pstate", EventType::pstate},
    EventName{"clock", EventType::clock},
    EventName{"power-source", EventType::power_source},
    EventName{"ecc-storm", EventType::ecc_storm},
    EventName{"dram-retirement", EventType::dram_retirement},
    EventName{"dram-retirement-failure", EventType::dram_retirement_failure},
    EventName{"poison", EventType::poison},
    EventName{"fatal-poison", EventType::fatal_poison},
    EventName{"gpu-unavailable", EventType::gpu_unavailable},
    EventName{"recovery-action", EventType::recovery_action},
};

constexpr unsigned first_with_all = 580;
constexpr std::uint64_t before_580 = 0x19f;

}  // namespace

std::span<const EventName> event_names() { return names; }

std::uint64_t supported_event_types(std::string_view driver, bool ecc, bool mig) {
  auto types = leading_number(driver) >= first_with_all ? all_event_types : before_580;
  if (!ecc) types &= ~(bit(EventType::single_bit_ecc) | bit(EventType::double_bit_ecc));
  if (!mig) types &= ~bit(EventType::mig_config);
  return types;
}

}  // namespace gpuslice::sim
