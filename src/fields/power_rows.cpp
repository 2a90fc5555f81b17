// Temperature and power.
#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr Row chapter[] = {
    // Temperature: -d TEMPERATURE
    section(1, "Temperature", "temperature").in(in_temperature),
    leaf(2, "GPU Current Temp", "gpu_temp", Reading::temperature_gpu, Show::signed_number)
        .unit("C")
        .ask(1440, "temperature.gpu", "", "Temperature of the GPU in degrees Celsius.")
        .bare(),
    leaf(2, "GPU T.Limit Temp", "gpu_temp_tlimit", Reading::temperature_margin, Show::signed_number)
        .from(525)
        .unit("C")
        .ask(1450, "temperature.gpu.tlimit", "", "Degrees Celsius below the limit at which the GPU is slowed down.")
        .bare(),
    leaf(2, "GPU Shutdown Temp", "gpu_temp_max_threshold", Reading::temperature_shutdown, Show::signed_number)
        .only(When::no_margins)
        .unit("C"),
    leaf(2, "GPU Slowdown Temp", "gpu_temp_slow_threshold", Reading::temperature_slowdown, Show::signed_number)
        .only(When::no_margins)
        .unit("C"),
    leaf(2, "GPU Max Operating Temp", "gpu_temp_max_gpu_threshold", Reading::temperature_max_operating,
         Show::signed_number)
        .only(When::no_margins)
        .unit("C"),
    leaf(2, "GPU Shutdown T.Limit Temp", "gpu_temp_max_tlimit_threshold", Reading::temperature_shutdown_margin,
         Show::signed_number)
        .only(When::margins)
        .unit("C"),
    leaf(2, "GPU Slowdown T.Limit Temp", "gpu_temp_slow_tlimit_threshold", Reading::temperature_slowdown_margin,
         Show::signed_number)
        .only(When::margins)
        .unit("C"),
    leaf(2, "GPU Max Operating T.Limit Temp", "gpu_temp_max_gpu_tlimit_threshold",
         Reading::temperature_max_operating_margin, Show::signed_number)
        .only(When::margins)
        .unit("C"),
    leaf(2, "GPU Target Temperature", "gpu_target_temperature", Reading::temperature_target, Show::signed_number)
        .unit("C"),
    leaf(2, "Memory Current Temp", "memory_temp", Reading::temperature_memory, Show::number)
        .by(Rule::quiet)
        .unit("C")
        .ask(1460, "temperature.memory", "", "Temperature of high bandwidth memory in degrees Celsius.")
        .bare(),
    leaf(2, "Memory Max Operating Temp", "gpu_temp_max_mem_threshold", Reading::temperature_memory_max,
         Show::signed_number)
        .only(When::no_margins)
        .unit("C"),
    leaf(2, "Memory Max Operating T.Limit Temp", "gpu_temp_max_mem_tlimit_threshold",
         Reading::temperature_memory_max_margin, Show::signed_number)
        .only(When::margins)
        .unit("C"),
    // Temperature: -d SUPPORTED_TARGET_TEMPERATURE
    section(1, "Supported GPU_TARGET_TEMP", "supported_gpu_target_temp")
        .chosen_only()
        .in(in_supported_target_temperature),
    leaf(2, "Min", "gpu_target_temp_min", Reading::temperature_target_min, Show::signed_number).chosen_only().unit("C"),
    leaf(2, "Max", "gpu_target_temp_max", Reading::temperature_target_max, Show::signed_number).chosen_only().unit("C"),
    // Power: -d POWER
    section(1, "Power Readings", "power_readings").before(530).in(in_power),
    leaf(2, "", "power_state", Reading::power_state, Show::performance).before(530),
    leaf(2, "Power Management", "power_management", Reading::power_management, Show::supported).before(530),
    leaf(2, "Power Draw", "power_draw", Reading::power_draw, Show::watts_drawn).before(530).unit("W"),
    leaf(2, "Power Limit", "power_limit", Reading::power_limit_requested, Show::watts).before(530).unit("W"),
    leaf(2, "Default Power Limit", "default_power_limit", Reading::power_limit_default, Show::watts)
        .before(530)
        .unit("W"),
    leaf(2, "Enforced Power Limit", "enforced_power_limit", Reading::power_cap, Show::watts).before(530).unit("W"),
    leaf(2, "Min Power Limit", "min_power_limit", Reading::power_limit_min, Show::watts).before(530).unit("W"),
    leaf(2, "Max Power Limit", "max_power_limit", Reading::power_limit_max, Show::watts).before(530).unit("W"),
    section(1, "GPU Power Readings", "gpu_power_readings").from(530).in(in_power),
    leaf(2, "", "power_state", Reading::power_state, Show::performance).from(530),
    leaf(2, "Power Draw", "power_draw", Reading::power_draw, Show::watts_drawn).from(530).before(565).unit("W"),
    leaf(2, "Average Power Draw", "average_power_draw", Reading::power_average, Show::watts_drawn)
        .from(565)
        .unit("W")
        .ask(1490, "power.draw.average", "gpu.power.draw.average",
             "Power drawn by the board, averaged over one second."),
    leaf(2, "Instantaneous Power Draw", "instant_power_draw", Reading::power_instant, Show::watts_drawn)
        .from(565)
        .unit("W")
        .ask(1500, "power.draw.instant", "gpu.power.draw.instant", "Power drawn by the board in the last sample."),
    leaf(2, "Current Power Limit", "current_power_limit", Reading::power_limit_enforced, Show::watts)
        .from(530)
        .unit("W")
        .ask(1520, "enforced.power.limit", "gpu.power.current_limit", "Power limit in force."),
    leaf(2, "Requested Power Limit", "requested_power_limit", Reading::power_limit_requested, Show::watts)
        .from(530)
        .unit("W")
        .ask(1510, "power.limit", "gpu.power.requested_limit", "Requested power limit."),
    leaf(2, "Default Power Limit", "default_power_limit", Reading::power_limit_default, Show::watts)
        .from(530)
        .unit("W")
        .ask(1530, "power.default_limit", "gpu.power.default_limit", "Power limit after the driver is loaded."),
    leaf(2, "Min Power Limit", "min_power_limit", Reading::power_limit_min, Show::watts)
        .from(530)
        .unit("W")
        .ask(1540, "power.min_limit", "gpu.power.min_limit", "Lowest power limit that can be set."),
    leaf(2, "Max Power Limit", "max_power_limit", Reading::power_limit_max, Show::watts)
        .from(530)
        .unit("W")
        .ask(1550, "power.max_limit", "gpu.power.max_limit", "Highest power limit that can be set."),
    list(1, "Power Samples", "", List::power_samples).chosen_only().in(in_power),
    section(1, "GPU Memory Power Readings ", "gpu_memory_power_readings").from(540).in(in_power),
    leaf(2, "Power Draw", "power_draw", Reading::memory_power_average, Show::watts).from(540).before(565).unit("W"),
    leaf(2, "Average Power Draw", "average_power_draw", Reading::memory_power_average, Show::watts).from(565).unit("W"),
    leaf(2, "Instantaneous Power Draw", "instant_power_draw", Reading::memory_power_instant, Show::watts)
        .from(565)
        .unit("W"),
    section(1, "Module Power Readings", "module_power_readings").from(530).in(in_power),
    leaf(2, "", "power_state", Reading::power_state, Show::performance).from(530),
    leaf(2, "Power Draw", "power_draw", Reading::module_power_average, Show::watts_drawn)
        .from(530)
        .before(565)
        .unit("W"),
    leaf(2, "Average Power Draw", "average_power_draw", Reading::module_power_average, Show::watts_drawn)
        .from(565)
        .unit("W")
        .ask(1560, "module.power.draw.average", "", "Average power drawn by the module."),
    leaf(2, "Instantaneous Power Draw", "instant_power_draw", Reading::module_power_instant, Show::watts_drawn)
        .from(565)
        .unit("W")
        .ask(1570, "module.power.draw.instant", "", "Power drawn by the module in the last sample."),
    leaf(2, "Current Power Limit", "current_power_limit", Reading::module_limit_enforced, Show::watts)
        .from(530)
        .unit("W")
        .ask(1590, "module.enforced.power.limit", "module.power.current_limit", "Power limit in force for the module."),
    leaf(2, "Requested Power Limit", "requested_power_limit", Reading::module_limit_requested, Show::watts)
        .from(530)
        .unit("W")
        .ask(1580, "module.power.limit", "module.power.requested_limit", "Requested power limit of the module."),
    leaf(2, "Default Power Limit", "default_power_limit", Reading::module_limit_default, Show::watts)
        .from(530)
        .unit("W")
        .ask(1600, "module.power.default_limit", "", "Power limit of the module after the driver is loaded."),
    leaf(2, "Min Power Limit", "min_power_limit", Reading::module_limit_min, Show::watts)
        .from(530)
        .unit("W")
        .ask(1610, "module.power.min_limit", "", "Lowest power limit of the module."),
    leaf(2, "Max Power Limit", "max_power_limit", Reading::module_limit_max, Show::watts)
        .from(530)
        .unit("W")
        .ask(1620, "module.power.max_limit", "", "Highest power limit of the module."),
    // Power: -d POWER_SMOOTHING
    section(1, "Power Smoothing", "power_smoothing").gate(power_smoothing(251)).from(565).in(in_power_smoothing),
    leaf(2, "Enabled", "power_smoothing_enabled", power_smoothing(251), Show::yes_any).from(565),
    leaf(2, "Delayed Power Smoothing Supported", "power_smoothing_delayed_power_smoothing_supported",
         power_smoothing(280), Show::yes_any)
        .from(565)
        .ask(1630, "power_smoothing.delayed_power_smoothing_supported", "",
             "Whether power smoothing can begin with a delay."),
    leaf(2, "Privilege Level", "power_smoothing_priv_level", power_smoothing(252), Show::number).from(565),
    leaf(2, "Immediate Ramp Down", "power_smoothing_imm_ramp_down", power_smoothing(253), Show::enabled_any).from(565),
    leaf(2, "Current TMP", "power_smoothing_curr_tmp", power_smoothing(254), Show::watts).from(565).unit("W"),
    leaf(2, "Current TMP Floor", "power_smoothing_curr_tmp_floor", power_smoothing(255), Show::watts)
        .from(565)
        .unit("W"),
    leaf(2, "Max % TMP Floor", "power_smoothing_max_percent_tmp_floor", power_smoothing(256), Show::number)
        .from(565)
        .unit("%"),
    leaf(2, "Min % TMP Floor", "power_smoothing_min_percent_tmp_floor", power_smoothing(257), Show::number)
        .from(565)
        .unit("%"),
    leaf(2, "HW Lifetime % Remaining", "power_smoothing_hw_circuitry_percent_lifetime_remaining", power_smoothing(258),
         Show::number)
        .from(565)
        .unit("%"),
    leaf(2, "Current Primary Power Floor", "power_smoothing_curr_primary_power_floor", power_smoothing(275),
         Show::watts)
        .from(565)
        .unit("W")
        .ask(1640, "power_smoothing.primary_power_floor", "", "Primary floor of the power drawn."),
    leaf(2, "Current Secondary Power Floor", "power_smoothing_curr_secondary_power_floor", power_smoothing(276),
         Show::watts)
        .from(565)
        .unit("W")
        .ask(1650, "power_smoothing.secondary_power_floor", "", "Secondary floor of the power drawn."),
    leaf(2, "Min Primary Floor Activation Offset", "power_smoothing_min_primary_floor_activation_offset",
         power_smoothing(277), Show::watts)
        .from(565)
        .unit("W")
        .ask(1660, "power_smoothing.min_primary_floor_activation_offset", "",
             "Smallest offset at which the primary floor is activated."),
    leaf(2, "Min Primary Floor Activation Point", "power_smoothing_min_primary_floor_activation_point",
         power_smoothing(278), Show::watts)
        .from(565)
        .unit("W")
        .ask(1670, "power_smoothing.min_primary_floor_activation_point", "",
             "Lowest power at which the primary floor is activated."),
    leaf(2, "Window Multiplier", "power_smoothing_window_multiplier", power_smoothing(279), Show::number)
        .from(565)
        .unit("ms")
        .ask(1680, "power_smoothing.window_multiplier", "", "Length of a window."),
    leaf(2, "Number of Preset Profiles", "power_smoothing_num_preset_profiles", power_smoothing(259), Show::number)
        .from(565),
    section(2, "Current Profile", "power_smoothing_current_profile").from(565),
    leaf(3, "% TMP Floor", "power_smoothing_curr_profile_percent_tmp_floor", power_smoothing(260), Show::number)
        .from(565)
        .unit("%"),
    leaf(3, "Ramp Up Rate", "power_smoothing_curr_profile_ramp_up_rate", power_smoothing(261), Show::number)
        .from(565)
        .unit("mW/s"),
    leaf(3, "Ramp Down Rate", "power_smoothing_curr_profile_ramp_down_rate", power_smoothing(262), Show::number)
        .from(565)
        .unit("mW/s"),
    leaf(3, "Ramp Down Hysteresis", "power_smoothing_curr_profile_ramp_down_hysteresis", power_smoothing(263),
         Show::number)
        .from(565)
        .unit("ms"),
    leaf(3, "Secondary Power Floor", "power_smoothing_curr_profile_secondary_power_floor", power_smoothing(281),
         Show::watts)
        .from(565)
        .unit("W")
        .ask(1690, "power_smoothing.curr_profile.secondary_power_floor", "", "Secondary floor of the current profile."),
    leaf(3, "Primary Floor Activation Window Multiplier",
         "power_smoothing_curr_profile_primary_floor_activation_window_multiplier", power_smoothing(282), Show::number)
        .from(565)
        .ask(1700, "power_smoothing.curr_profile.primary_floor_act_window_multiplier", "",
             "Windows until the primary floor of the current profile is activated."),
    leaf(3, "Primary Floor Target Window Multiplier",
         "power_smoothing_curr_profile_primary_floor_target_window_multiplier", power_smoothing(283), Show::number)
        .from(565)
        .ask(1710, "power_smoothing.curr_profile.primary_floor_tar_window_multiplier", "",
             "Windows until the primary floor of the current profile is reached."),
    leaf(3, "Primary Floor Activation Offset", "power_smoothing_curr_profile_primary_floor_activatin_offset",
         power_smoothing(284), Show::watts)
        .from(565)
        .unit("W")
        .ask(1720, "power_smoothing.curr_profile.primary_floor_act_offset", "",
             "Offset at which the primary floor of the current profile is activated."),
    leaf(2, "Active Preset Profile Number", "power_smoothing_active_profile", power_smoothing(264), Show::number)
        .from(565),
    section(2, "Admin Overrides", "power_smoothing_admin_overrides").from(565),
    leaf(3, "% TMP Floor", "power_smoothing_admin_override_percent_tmp_floor", power_smoothing(265), Show::number)
        .from(565)
        .unit("%"),
    leaf(3, "Ramp Up Rate", "power_smoothing_admin_override_ramp_up_rate", power_smoothing(266), Show::number)
        .from(565)
        .unit("mW/s"),
    leaf(3, "Ramp Down Rate", "power_smoothing_admin_override_ramp_down_rate", power_smoothing(267), Show::number)
        .from(565)
        .unit("mW/s"),
    leaf(3, "Ramp Down Hysteresis", "power_smoothing_admin_override_ramp_down_hysteresis", power_smoothing(268),
         Show::number)
        .from(565)
        .unit("ms"),
    leaf(3, "Secondary Power Floor", "power_smoothing_admin_override_secondary_power_floor", power_smoothing(285),
         Show::watts)
        .from(565)
        .unit("W")
        .ask(1730, "power_smoothing.admin_override.secondary_power_floor", "",
             "Secondary floor set by an administrator."),
    leaf(3, "Primary Floor Activation Window Multiplier",
         "power_smoothing_admin_override_primary_floor_activation_window_multiplier", power_smoothing(286),
         Show::number)
        .from(565)
        .ask(1740, "power_smoothing.admin_override.primary_floor_act_window_multiplier", "",
             "Windows until the primary floor is activated, as set by an administrator."),
    leaf(3, "Primary Floor Target Window Multiplier",
         "power_smoothing_admin_override_primary_floor_target_window_multiplier", power_smoothing(287), Show::number)
        .from(565)
        .ask(1750, "power_smoothing.admin_override.primary_floor_tar_window_multiplier", "",
             "Windows until the primary floor is reached, as set by an administrator."),
    leaf(3, "Primary Floor Activation Offset", "power_smoothing_admin_override_primary_floor_activation_offset",
         power_smoothing(288), Show::watts)
        .from(565)
        .unit("W")
        .ask(1760, "power_smoothing.admin_override.primary_floor_act_offset", "",
             "Offset at which the primary floor is activated, as set by an administrator."),
    // Power: -d POWER_PROFILES
    section(1, "Workload Power Profiles", "power_profiles").from(565).in(in_power_profiles),
    list(2, "Requested Profiles", "power_profile_requested_profiles", List::requested_profiles,
         Reading::power_profiles_requested)
        .from(565),
    list(2, "Enforced Profiles", "power_profile_enforced_profiles", List::enforced_profiles,
         Reading::power_profiles_enforced)
        .from(565),
};

}  // namespace

std::span<const Row> power_rows() { return chapter; }

}  // namespace gpuslice::fields
