// Memory errors and their repairs.
#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr Row chapter[] = {
    // Memory errors
    section(1, "DRAM Encryption Mode", "dram_encryption_mode").from(565),
    leaf(2, "Current", "current_dram_encryption", Reading::dram_encryption_current, Show::enabled)
        .from(565)
        .ask(800, "dramEncryption.mode.current", "", "Whether memory is encrypted."),
    leaf(2, "Pending", "pending_dram_encryption", Reading::dram_encryption_pending, Show::enabled)
        .from(565)
        .ask(810, "dramEncryption.mode.pending", "", "Whether memory will be encrypted after the next reboot."),
    // Memory errors: -d ECC
    section(1, "ECC Mode", "ecc_mode").in(in_ecc),
    leaf(2, "Current", "current_ecc", Reading::ecc_mode_current, Show::enabled)
        .ask(820, "ecc.mode.current", "", "ECC mode in force."),
    leaf(2, "Pending", "pending_ecc", Reading::ecc_mode_pending, Show::enabled)
        .ask(830, "ecc.mode.pending", "", "ECC mode after the next reboot."),
    section(1, "ECC Errors", "ecc_errors").only(When::architecture_told).in(in_ecc),
    section(2, "Volatile", "volatile").only(When::architecture_told),
    section(3, "Single Bit            ", "single_bit").only(When::ecc_by_place),
    leaf(4, "Device Memory", "device_memory", ecc_location(false, false, 2), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(840, "ecc.errors.corrected.volatile.device_memory", "",
             "Corrected errors in device memory, since the driver was loaded."),
    leaf(4, "Register File", "register_file", ecc_location(false, false, 3), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(860, "ecc.errors.corrected.volatile.register_file", "",
             "Corrected errors in register files, since the driver was loaded."),
    leaf(4, "L1 Cache", "l1_cache", ecc_location(false, false, 0), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(870, "ecc.errors.corrected.volatile.l1_cache", "",
             "Corrected errors in L1 caches, since the driver was loaded."),
    leaf(4, "L2 Cache", "l2_cache", ecc_location(false, false, 1), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(880, "ecc.errors.corrected.volatile.l2_cache", "",
             "Corrected errors in the L2 cache, since the driver was loaded."),
    leaf(4, "Texture Memory", "texture_memory", ecc_location(false, false, 4), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(890, "ecc.errors.corrected.volatile.texture_memory", "",
             "Corrected errors in texture memory, since the driver was loaded."),
    leaf(4, "Texture Shared", "texture_shm", ecc_location(false, false, 5), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place),
    leaf(4, "CBU", "cbu", ecc_location(false, false, 6), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(900, "ecc.errors.corrected.volatile.cbu", "",
             "Corrected errors in the branch unit, since the driver was loaded."),
    leaf(4, "Total", "total", Reading::ecc_total_corrected_volatile, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(920, "ecc.errors.corrected.volatile.total", "",
             "Corrected errors in total, since the driver was loaded."),
    section(3, "Double Bit            ", "double_bit").only(When::ecc_by_place),
    leaf(4, "Device Memory", "device_memory", ecc_location(true, false, 2), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1020, "ecc.errors.uncorrected.volatile.device_memory", "",
             "Uncorrected errors in device memory, since the driver was loaded."),
    leaf(4, "Register File", "register_file", ecc_location(true, false, 3), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1040, "ecc.errors.uncorrected.volatile.register_file", "",
             "Uncorrected errors in register files, since the driver was loaded."),
    leaf(4, "L1 Cache", "l1_cache", ecc_location(true, false, 0), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1050, "ecc.errors.uncorrected.volatile.l1_cache", "",
             "Uncorrected errors in L1 caches, since the driver was loaded."),
    leaf(4, "L2 Cache", "l2_cache", ecc_location(true, false, 1), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1060, "ecc.errors.uncorrected.volatile.l2_cache", "",
             "Uncorrected errors in the L2 cache, since the driver was loaded."),
    leaf(4, "Texture Memory", "texture_memory", ecc_location(true, false, 4), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1070, "ecc.errors.uncorrected.volatile.texture_memory", "",
             "Uncorrected errors in texture memory, since the driver was loaded."),
    leaf(4, "Texture Shared", "texture_shm", ecc_location(true, false, 5), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place),
    leaf(4, "CBU", "cbu", ecc_location(true, false, 6), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1080, "ecc.errors.uncorrected.volatile.cbu", "",
             "Uncorrected errors in the branch unit, since the driver was loaded."),
    leaf(4, "Total", "total", Reading::ecc_total_uncorrected_volatile, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1100, "ecc.errors.uncorrected.volatile.total", "",
             "Uncorrected errors in total, since the driver was loaded."),
    leaf(3, "SRAM Correctable", "sram_correctable", ecc_location(false, false, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_turing)
        .ask(910, "ecc.errors.corrected.volatile.sram", "",
             "Corrected errors in on-chip memory, since the driver was loaded."),
    leaf(3, "SRAM Uncorrectable", "sram_uncorrectable", ecc_location(true, false, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_turing)
        .ask(1090, "ecc.errors.uncorrected.volatile.sram", "",
             "Uncorrected errors in on-chip memory, since the driver was loaded."),
    leaf(3, "SRAM Correctable", "sram_correctable", ecc_location(false, false, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .before(550),
    leaf(3, "SRAM Uncorrectable", "sram_uncorrectable", ecc_location(true, false, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .before(550),
    leaf(3, "SRAM Correctable", "sram_correctable", Reading::ecc_volatile_sram_corrected, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550),
    leaf(3, "SRAM Uncorrectable Parity", "sram_uncorrectable_parity", Reading::ecc_volatile_sram_parity, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1200, "ecc.errors.uncorrected.volatile.sram.parity", "",
             "Uncorrected parity errors in on-chip memory, since the driver was loaded."),
    leaf(3, "SRAM Uncorrectable SEC-DED", "sram_uncorrectable_secded", Reading::ecc_volatile_sram_secded, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1210, "ecc.errors.uncorrected.volatile.sram.secded", "",
             "Other uncorrected errors in on-chip memory, since the driver was loaded."),
    leaf(3, "DRAM Correctable", "dram_correctable", Reading::ecc_volatile_dram_corrected, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_not_by_place)
        .ask(850, "ecc.errors.corrected.volatile.dram", "",
             "Corrected errors in device memory, since the driver was loaded."),
    leaf(3, "DRAM Uncorrectable", "dram_uncorrectable", Reading::ecc_volatile_dram_uncorrected, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_not_by_place)
        .ask(1030, "ecc.errors.uncorrected.volatile.dram", "",
             "Uncorrected errors in device memory, since the driver was loaded."),
    section(2, "Aggregate", "aggregate").only(When::architecture_told),
    section(3, "Single Bit            ", "single_bit").only(When::ecc_by_place),
    leaf(4, "Device Memory", "device_memory", ecc_location(false, true, 2), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(930, "ecc.errors.corrected.aggregate.device_memory", "",
             "Corrected errors in device memory, over the board's lifetime."),
    leaf(4, "Register File", "register_file", ecc_location(false, true, 3), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(950, "ecc.errors.corrected.aggregate.register_file", "",
             "Corrected errors in register files, over the board's lifetime."),
    leaf(4, "L1 Cache", "l1_cache", ecc_location(false, true, 0), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(960, "ecc.errors.corrected.aggregate.l1_cache", "",
             "Corrected errors in L1 caches, over the board's lifetime."),
    leaf(4, "L2 Cache", "l2_cache", ecc_location(false, true, 1), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(970, "ecc.errors.corrected.aggregate.l2_cache", "",
             "Corrected errors in the L2 cache, over the board's lifetime."),
    leaf(4, "Texture Memory", "texture_memory", ecc_location(false, true, 4), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(980, "ecc.errors.corrected.aggregate.texture_memory", "",
             "Corrected errors in texture memory, over the board's lifetime."),
    leaf(4, "Texture Shared", "texture_shm", ecc_location(false, true, 5), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place),
    leaf(4, "CBU", "cbu", ecc_location(false, true, 6), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(990, "ecc.errors.corrected.aggregate.cbu", "",
             "Corrected errors in the branch unit, over the board's lifetime."),
    leaf(4, "Total", "total", Reading::ecc_total_corrected_aggregate, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1010, "ecc.errors.corrected.aggregate.total", "",
             "Corrected errors in total, over the board's lifetime."),
    section(3, "Double Bit            ", "double_bit").only(When::ecc_by_place),
    leaf(4, "Device Memory", "device_memory", ecc_location(true, true, 2), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1110, "ecc.errors.uncorrected.aggregate.device_memory", "",
             "Uncorrected errors in device memory, over the board's lifetime."),
    leaf(4, "Register File", "register_file", ecc_location(true, true, 3), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1130, "ecc.errors.uncorrected.aggregate.register_file", "",
             "Uncorrected errors in register files, over the board's lifetime."),
    leaf(4, "L1 Cache", "l1_cache", ecc_location(true, true, 0), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1140, "ecc.errors.uncorrected.aggregate.l1_cache", "",
             "Uncorrected errors in L1 caches, over the board's lifetime."),
    leaf(4, "L2 Cache", "l2_cache", ecc_location(true, true, 1), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1150, "ecc.errors.uncorrected.aggregate.l2_cache", "",
             "Uncorrected errors in the L2 cache, over the board's lifetime."),
    leaf(4, "Texture Memory", "texture_memory", ecc_location(true, true, 4), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1160, "ecc.errors.uncorrected.aggregate.texture_memory", "",
             "Uncorrected errors in texture memory, over the board's lifetime."),
    leaf(4, "Texture Shared", "texture_shm", ecc_location(true, true, 5), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place),
    leaf(4, "CBU", "cbu", ecc_location(true, true, 6), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1170, "ecc.errors.uncorrected.aggregate.cbu", "",
             "Uncorrected errors in the branch unit, over the board's lifetime."),
    leaf(4, "Total", "total", Reading::ecc_total_uncorrected_aggregate, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_by_place)
        .ask(1190, "ecc.errors.uncorrected.aggregate.total", "",
             "Uncorrected errors in total, over the board's lifetime."),
    leaf(3, "SRAM Correctable", "sram_correctable", ecc_location(false, true, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_turing)
        .ask(1000, "ecc.errors.corrected.aggregate.sram", "",
             "Corrected errors in on-chip memory, over the board's lifetime."),
    leaf(3, "SRAM Uncorrectable", "sram_uncorrectable", ecc_location(true, true, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_turing)
        .ask(1180, "ecc.errors.uncorrected.aggregate.sram", "",
             "Uncorrected errors in on-chip memory, over the board's lifetime."),
    leaf(3, "SRAM Correctable", "sram_correctable", ecc_location(false, true, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .before(550),
    leaf(3, "SRAM Uncorrectable", "sram_uncorrectable", ecc_location(true, true, 7), Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .before(550),
    leaf(3, "SRAM Correctable", "sram_correctable", Reading::ecc_aggregate_sram_corrected, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550),
    leaf(3, "SRAM Uncorrectable Parity", "sram_uncorrectable_parity", Reading::ecc_aggregate_sram_parity, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1220, "ecc.errors.uncorrected.aggregate.sram.parity", "",
             "Uncorrected parity errors in on-chip memory, over the board's lifetime."),
    leaf(3, "SRAM Uncorrectable SEC-DED", "sram_uncorrectable_secded", Reading::ecc_aggregate_sram_secded, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1230, "ecc.errors.uncorrected.aggregate.sram.secded", "",
             "Other uncorrected errors in on-chip memory, over the board's lifetime."),
    leaf(3, "DRAM Correctable", "dram_correctable", Reading::ecc_aggregate_dram_corrected, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_not_by_place)
        .ask(940, "ecc.errors.corrected.aggregate.dram", "",
             "Corrected errors in device memory, over the board's lifetime."),
    leaf(3, "DRAM Uncorrectable", "dram_uncorrectable", Reading::ecc_aggregate_dram_uncorrected, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_not_by_place)
        .ask(1120, "ecc.errors.uncorrected.aggregate.dram", "",
             "Uncorrected errors in device memory, over the board's lifetime."),
    leaf(3, "SRAM Threshold Exceeded", "sram_threshold_exceeded", Reading::ecc_sram_threshold_exceeded, Show::yes_any)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1240, "ecc.errors.uncorrected.aggregate.sram.thresholdExceeded", "",
             "Whether errors in on-chip memory have exceeded the threshold."),
    section(2, "Aggregate Uncorrectable SRAM Sources", "aggregate_uncorrectable_sram_sources")
        .only(When::ecc_ampere)
        .from(550),
    leaf(3, "SRAM L2", "sram_l2", Reading::ecc_sram_l2, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1250, "ecc.errors.uncorrected.aggregate.sram.l2", "",
             "Uncorrected errors in on-chip memory over the board's lifetime: in the L2 cache."),
    leaf(3, "SRAM SM", "sram_sm", Reading::ecc_sram_sm, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1260, "ecc.errors.uncorrected.aggregate.sram.sm", "",
             "Uncorrected errors in on-chip memory over the board's lifetime: in multiprocessors."),
    leaf(3, "SRAM Microcontroller", "sram_microcontroller", Reading::ecc_sram_microcontroller, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1270, "ecc.errors.uncorrected.aggregate.sram.mcu", "",
             "Uncorrected errors in on-chip memory over the board's lifetime: in microcontrollers."),
    leaf(3, "SRAM PCIE", "sram_pcie", Reading::ecc_sram_pcie, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1280, "ecc.errors.uncorrected.aggregate.sram.pcie", "",
             "Uncorrected errors in on-chip memory over the board's lifetime: in the PCIe unit."),
    leaf(3, "SRAM Other", "sram_other", Reading::ecc_sram_other, Show::number)
        .by(Rule::ecc_count)
        .only(When::ecc_ampere)
        .from(550)
        .ask(1290, "ecc.errors.uncorrected.aggregate.sram.other", "",
             "Uncorrected errors in on-chip memory over the board's lifetime: elsewhere."),
    leaf(2, "Channel Repair Pending", "channel_repair_pending", Reading::channel_repair_pending, Show::yes_any)
        .only(When::ecc_ampere)
        .from(575),
    leaf(2, "TPC Repair Pending", "tpc_repair_pending", Reading::tpc_repair_pending, Show::yes_any)
        .only(When::ecc_ampere)
        .from(575),
    leaf(2, "Unrepairable Memory", "unrepairable_memory", Reading::unrepairable_memory, Show::yes_any)
        .only(When::ecc_ampere)
        .from(575),
    // Memory errors: -d PAGE_RETIREMENT
    list(1, "Retired Pages", "retired_pages", List::retired_pages, Reading::retired_pages_pending)
        .in(in_page_retirement),
    // Memory errors: -d ROW_REMAPPER
    section(1, "Remapped Rows", "remapped_rows").gate(Reading::remapped_correctable).in(in_row_remapper),
    leaf(2, "Correctable Error", "remapped_row_corr", Reading::remapped_correctable, Show::number)
        .ask(1330, "remapped_rows.correctable", "remapped_rows.sbe", "Rows remapped after corrected errors."),
    leaf(2, "Inactive Correctable Error", "remapped_row_corr_inactive", Reading::remapped_correctable_inactive,
         Show::number)
        .from(575)
        .ask(1340, "remapped_rows.correctable_inactive", "",
             "Rows to be remapped after corrected errors at the next reset."),
    leaf(2, "Uncorrectable Error", "remapped_row_unc", Reading::remapped_uncorrectable, Show::number)
        .ask(1350, "remapped_rows.uncorrectable", "remapped_rows.dbe", "Rows remapped after an uncorrected error."),
    leaf(2, "Inactive Uncorrectable Error", "remapped_row_unc_inactive", Reading::remapped_uncorrectable_inactive,
         Show::number)
        .from(575)
        .ask(1360, "remapped_rows.uncorrectable_inactive", "",
             "Rows to be remapped after an uncorrected error at the next reset."),
    leaf(2, "Pending", "remapped_row_pending", Reading::remapped_pending, Show::yes_any)
        .ask(1370, "remapped_rows.pending", "", "Whether a remapping is pending until the next reset."),
    leaf(2, "Remapping Failure Occurred", "remapped_row_failure", Reading::remapped_failure, Show::yes_any)
        .ask(1380, "remapped_rows.failure", "", "Whether a remapping has ever failed."),
    section(2, "Bank Remap Availability Histogram", "row_remapper_histogram").gate(Reading::remap_histogram_max),
    leaf(3, "Max", "row_remapper_histogram_max", Reading::remap_histogram_max, Show::number)
        .unit("bank(s)")
        .ask(1390, "remapped_rows.histogram.max", "", "Banks with all spare rows left.")
        .bare(),
    leaf(3, "High", "row_remapper_histogram_high", Reading::remap_histogram_high, Show::number)
        .unit("bank(s)")
        .ask(1400, "remapped_rows.histogram.high", "", "Banks with most spare rows left.")
        .bare(),
    leaf(3, "Partial", "row_remapper_histogram_partial", Reading::remap_histogram_partial, Show::number)
        .unit("bank(s)")
        .ask(1410, "remapped_rows.histogram.partial", "", "Banks with some spare rows left.")
        .bare(),
    leaf(3, "Low", "row_remapper_histogram_low", Reading::remap_histogram_low, Show::number)
        .unit("bank(s)")
        .ask(1420, "remapped_rows.histogram.low", "", "Banks with few spare rows left.")
        .bare(),
    leaf(3, "None", "row_remapper_histogram_none", Reading::remap_histogram_none, Show::number)
        .unit("bank(s)")
        .ask(1430, "remapped_rows.histogram.none", "", "Banks with no spare row left.")
        .bare(),
};

}  // namespace

std::span<const Row> errors_rows() { return chapter; }

}  // namespace gpuslice::fields
