// The current state of the GPU, and the reasons for lower clocks.
#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr Row chapter[] = {
    // Current state
    leaf(1, "Fan Speed", "fan_speed", Reading::fan_speed, Show::number)
        .unit("%")
        .ask(480, "fan.speed", "", "Intended fan speed."),
    // Current state: -d PERFORMANCE
    leaf(1, "Performance State", "performance_state", Reading::performance_state, Show::performance)
        .ask(490, "pstate", "", "Performance state, P0 (highest) to P15.")
        .in(in_performance),
    section(1, "Clocks Throttle Reasons", "clocks_throttle_reasons")
        .gate(Reading::event_reasons_supported, Reading::event_reasons_active)
        .before(535)
        .in(in_performance),
    leaf(2, "Idle", "clocks_throttle_reason_gpu_idle", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported)
        .before(535),
    leaf(2, "Applications Clocks Setting", "clocks_throttle_reason_applications_clocks_setting",
         Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 1)
        .before(535),
    leaf(2, "SW Power Cap", "clocks_throttle_reason_sw_power_cap", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 2)
        .before(535),
    leaf(2, "HW Slowdown", "clocks_throttle_reason_hw_slowdown", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 3)
        .before(535),
    leaf(2, "HW Thermal Slowdown", "clocks_throttle_reason_hw_thermal_slowdown", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 6)
        .further_in()
        .before(535),
    leaf(2, "HW Power Brake Slowdown", "clocks_throttle_reason_hw_power_brake_slowdown", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 7)
        .further_in()
        .before(535),
    leaf(2, "Sync Boost", "clocks_throttle_reason_sync_boost", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 4)
        .before(535),
    leaf(2, "SW Thermal Slowdown", "clocks_throttle_reason_sw_thermal_slowdown", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 5)
        .before(535),
    leaf(2, "Display Clock Setting", "clocks_throttle_reason_display_clocks_setting", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 8)
        .before(535),
    section(1, "Clocks Event Reasons", "clocks_event_reasons")
        .gate(Reading::event_reasons_supported, Reading::event_reasons_active)
        .from(535)
        .in(in_performance),
    leaf(2, "Idle", "clocks_event_reason_gpu_idle", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported)
        .from(535)
        .ask(520, "clocks_event_reasons.gpu_idle", "clocks_throttle_reasons.gpu_idle",
             "Whether clocks are lower because the GPU is idle: Active or Not Active."),
    leaf(2, "Applications Clocks Setting", "clocks_event_reason_applications_clocks_setting",
         Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 1)
        .from(535)
        .ask(530, "clocks_event_reasons.applications_clocks_setting",
             "clocks_throttle_reasons.applications_clocks_setting",
             "Whether clocks are lower because of the applications clocks: Active or Not Active."),
    leaf(2, "SW Power Cap", "clocks_event_reason_sw_power_cap", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 2)
        .from(535)
        .ask(540, "clocks_event_reasons.sw_power_cap", "clocks_throttle_reasons.sw_power_cap",
             "Whether clocks are lower because of the power limit: Active or Not Active."),
    leaf(2, "HW Slowdown", "clocks_event_reason_hw_slowdown", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 3)
        .from(535)
        .ask(550, "clocks_event_reasons.hw_slowdown", "clocks_throttle_reasons.hw_slowdown",
             "Whether clocks are lower because of a hardware slowdown (heat or power): Active or Not Active."),
    leaf(2, "HW Thermal Slowdown", "clocks_event_reason_hw_thermal_slowdown", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 6)
        .further_in()
        .from(535)
        .ask(560, "clocks_event_reasons.hw_thermal_slowdown", "clocks_throttle_reasons.hw_thermal_slowdown",
             "Whether clocks are lower because of a hardware thermal slowdown: Active or Not Active."),
    leaf(2, "HW Power Brake Slowdown", "clocks_event_reason_hw_power_brake_slowdown", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 7)
        .further_in()
        .from(535)
        .ask(570, "clocks_event_reasons.hw_power_brake_slowdown", "clocks_throttle_reasons.hw_power_brake_slowdown",
             "Whether clocks are lower because of the external power brake: Active or Not Active."),
    leaf(2, "Sync Boost", "clocks_event_reason_sync_boost", Reading::event_reasons_active, Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 4)
        .from(535)
        .ask(590, "clocks_event_reasons.sync_boost", "clocks_throttle_reasons.sync_boost",
             "Whether clocks are lower because a GPU of the same sync boost group is slower: Active or Not Active."),
    leaf(2, "SW Thermal Slowdown", "clocks_event_reason_sw_thermal_slowdown", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 5)
        .from(535)
        .ask(580, "clocks_event_reasons.sw_thermal_slowdown", "clocks_throttle_reasons.sw_thermal_slowdown",
             "Whether clocks are lower because of a software thermal slowdown: Active or Not Active."),
    leaf(2, "Display Clock Setting", "clocks_event_reason_display_clocks_setting", Reading::event_reasons_active,
         Show::number)
        .by(Rule::event_reason, Reading::event_reasons_supported, 8)
        .from(535),
    section(1, "Clocks Event Reasons Counters", "clocks_event_reasons_counters").from(575).in(in_performance),
    leaf(2, "SW Power Capping", "clocks_event_reasons_counters_sw_power_cap", Reading::reason_time_power_cap,
         Show::microseconds)
        .from(575)
        .unit("us")
        .ask(600, "clocks_event_reasons_counters.sw_power_cap", "",
             "Time for which clocks were lower because of the power limit."),
    leaf(2, "Sync Boost", "clocks_event_reasons_counters_sync_boost", Reading::reason_time_sync_boost,
         Show::microseconds)
        .from(575)
        .unit("us")
        .ask(610, "clocks_event_reasons_counters.sync_boost", "",
             "Time for which clocks were lower because a GPU of the same sync boost group was slower."),
    leaf(2, "SW Thermal Slowdown", "clocks_event_reasons_counters_sw_therm_slowdown", Reading::reason_time_sw_thermal,
         Show::microseconds)
        .from(575)
        .unit("us")
        .ask(620, "clocks_event_reasons_counters.sw_thermal_slowdown", "",
             "Time for which clocks were lower because of a software thermal slowdown."),
    leaf(2, "HW Thermal Slowdown", "clocks_event_reasons_counters_hw_therm_slowdown", Reading::reason_time_hw_thermal,
         Show::microseconds)
        .from(575)
        .unit("us")
        .ask(630, "clocks_event_reasons_counters.hw_thermal_slowdown", "",
             "Time for which clocks were lower because of a hardware thermal slowdown."),
    leaf(2, "HW Power Braking", "clocks_event_reasons_counters_hw_power_brake", Reading::reason_time_power_brake,
         Show::microseconds)
        .from(575)
        .unit("us")
        .ask(640, "clocks_event_reasons_counters.hw_power_brake_slowdown", "",
             "Time for which clocks were lower because of the external power brake."),
    leaf(1, "Sparse Operation Mode", "sparse_operation_mode", Reading::sparse_operation_mode, Show::enabled_any)
        .from(550)
        .in(in_performance),
};

}  // namespace

std::span<const Row> state_rows() { return chapter; }

}  // namespace gpuslice::fields
