// Rows that are only in --query-gpu.
#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr Row chapter[] = {
    // Only in --query-gpu
    asked(Reading::compute_capability).ask(700, "compute_cap", "", "CUDA compute capability, as 9.0."),
    asked(Reading::inforom_valid, Show::checksum)
        .ask(440, "inforom.checksum_validation", "", "Whether the checksum of the infoROM is valid.")
        .costly(),  // 70 ms on an H200 under 580.159.04; all other fields together need 76 ms
    asked(Reading::event_reasons_supported, Show::hex16)
        .ask(500, "clocks_event_reasons.supported", "clocks_throttle_reasons.supported",
             "Reasons for lower clocks that the GPU can report, as bits."),
    asked(Reading::event_reasons_active, Show::hex16)
        .by(Rule::needs_other, Reading::event_reasons_supported)
        .ask(510, "clocks_event_reasons.active", "clocks_throttle_reasons.active",
             "Current reasons for lower clocks, as bits."),
    asked(Reading::retired_pages_single, Show::number)
        .ask(1300, "retired_pages.single_bit_ecc.count", "retired_pages.sbe", "Pages retired after corrected errors."),
    asked(Reading::retired_pages_double, Show::number)
        .ask(1310, "retired_pages.double_bit.count", "retired_pages.dbe", "Pages retired after an uncorrected error."),
    asked(Reading::retired_pages_pending, Show::yes)
        .ask(1320, "retired_pages.pending", "", "Whether a page will be retired at the next reboot."),
    asked(Reading::power_management, Show::enabled)
        .ask(1470, "power.management", "", "Whether the board has power management."),
    asked(Reading::power_draw, Show::watts_drawn)
        .ask(1480, "power.draw", "", "Power drawn by the board.")
        .ask_unit("W"),
    asked(Reading::gsp_mode_current, Show::enabled)
        .ask(1900, "gsp.mode.current", "", "Whether the firmware of the GPU System Processor (GSP) is in use."),
    asked(Reading::gsp_mode_default, Show::enabled)
        .ask(1910, "gsp.mode.default", "", "Whether GSP firmware is used by default."),
    asked(Reading::hostname).ask(2140, "hostname", "", "Hostname stored on the GPU."),
    asked(Reading::none)
        .by(Rule::of_the_run)
        .ask(10, "timestamp", "", "Local time of the query, YYYY/MM/DD HH:MM:SS.msec."),
    asked(Reading::none).by(Rule::of_the_run).ask(20, "driver_version", "", "Version of the driver."),
    asked(Reading::none, Show::number)
        .by(Rule::of_the_run)
        .ask(40, "count", "", "Number of GPUs of the node, selected or not."),
    asked(Reading::none, Show::number)
        .by(Rule::of_the_run)
        .ask(290, "index", "", "Position in the driver's enumeration, from 0."),
    asked(Reading::vgpu_heterogeneous_multi, Show::supported)
        .ask(30, "vgpu_driver_capability.heterogenous_multivGPU", "",
             "Whether one virtual machine can have virtual GPUs of different types."),
};

}  // namespace

std::span<const Row> asked_rows() { return chapter; }

}  // namespace gpuslice::fields
