// The columns that dmon can show for a GPU.
#pragma once

#include <array>

#include "fields/reading.hpp"

namespace gpuslice::smi {

// How a figure is converted to the text of its column.
enum class ColumnShape { plain, if_ecc, thousandth, mib_up, mib_down, kib_to_mib, share_of_time, any_time };
struct GpuColumn {
  char group;
  const char *name, *unit;
  fields::Reading reading;
  ColumnShape shape;
};
// pclk is assumed to be the SM clock. Error counts are those since the driver was loaded, and are shown only if the
// driver reports the ECC mode (both are known from nvidia-smi's driver calls).
inline constexpr auto gpu_columns = std::to_array<GpuColumn>({
    {'p', "pwr", "W", fields::Reading::power_draw, ColumnShape::thousandth},
    {'p', "gtemp", "C", fields::Reading::temperature_gpu_older, ColumnShape::plain},
    {'p', "mtemp", "C", fields::Reading::temperature_memory, ColumnShape::plain},
    {'u', "sm", "%", fields::Reading::utilization_gpu, ColumnShape::plain},
    {'u', "mem", "%", fields::Reading::utilization_memory, ColumnShape::plain},
    {'u', "enc", "%", fields::Reading::utilization_encoder, ColumnShape::plain},
    {'u', "dec", "%", fields::Reading::utilization_decoder, ColumnShape::plain},
    {'u', "jpg", "%", fields::Reading::utilization_jpeg, ColumnShape::plain},
    {'u', "ofa", "%", fields::Reading::utilization_ofa, ColumnShape::plain},
    {'c', "mclk", "MHz", fields::Reading::clock_memory, ColumnShape::plain},
    {'c', "pclk", "MHz", fields::Reading::clock_sm, ColumnShape::plain},
    {'v', "pviol", "%", fields::Reading::reason_time_power_cap, ColumnShape::share_of_time},
    {'v', "tviol", "bool", fields::Reading::reason_time_sw_thermal, ColumnShape::any_time},
    {'m', "fb", "MB", fields::Reading::memory_used, ColumnShape::mib_up},
    {'m', "bar1", "MB", fields::Reading::bar1_used, ColumnShape::mib_down},
    {'m', "ccpm", "MB", fields::Reading::protected_used, ColumnShape::mib_down},
    {'e', "sbecc", "errs", fields::Reading::ecc_total_corrected_volatile, ColumnShape::if_ecc},
    {'e', "dbecc", "errs", fields::Reading::ecc_total_uncorrected_volatile, ColumnShape::if_ecc},
    {'e', "pci", "errs", fields::Reading::pcie_replays, ColumnShape::plain},
    {'t', "rxpci", "MB/s", fields::Reading::pcie_rx, ColumnShape::kib_to_mib},
    {'t', "txpci", "MB/s", fields::Reading::pcie_tx, ColumnShape::kib_to_mib},
});

}  // namespace gpuslice::smi
