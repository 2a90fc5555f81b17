// What a reading looks like: numbers with their units, codes with their words, as nvidia-smi 580 prints them (recorded
// code by code).
#pragma once

#include <cstdint>
#include <string>

#include "fields/value.hpp"

namespace gpuslice::fields {

enum class Show : std::uint8_t {
  same,  // as the row is shown elsewhere
  words,
  number,
  signed_number,
  hex,   // 0x1c00
  hex1,  // pieces of a PCI address: 0x3, 0x06, 0x0000, 0x233510DE; in XML without 0x
  hex2,
  hex4,
  hex8,
  hex16,         // 0x0000000000001FFF
  guid,          // 0x0000000000000000
  firmware,      // 0x00003039
  enabled,       // Enabled for 1
  enabled_any,   // Enabled for all but 0
  yes,           // Yes for 1
  yes_any,       // Yes for all but 0
  on_off,        // On for all but 0
  active,        // Active for all but 0
  supported,     // Supported for all but 0
  egm,           // enabled, disabled: bit 0
  performance,   // P8
  mib_up,        // bytes as MiB, up to the next whole one
  mib_down,      // likewise down
  watts,         // milliwatts as 79.54
  watts_drawn,   // likewise, never below 1 W
  microseconds,  // of nanoseconds
  megahertz,     // of kHz, where 0 is N/A
  lanes,         // 16x
  moment,        // microseconds since 1970 as 2024/02/22 13:09:29.459
  brand,
  architecture,
  addressing,
  driver_model,
  operation_mode,
  virtualization,
  host_vgpu,
  recovery,
  compute_mode,
  peer_type,
  bridge_type,
  atomics,
  fabric_state,
  return_code,  // the driver's words for a return code: for the caller
  health_summary,
  bandwidth,
  true_false,
  misconfiguration,
  checksum,
};

// What a program makes of such a value: a number in the row's unit, a flag, or words.
enum class Type : std::uint8_t { words, number, flag };
[[nodiscard]] Type type_of(Show show);
// Of shows whose type is flag: true for their first word (Enabled, Yes, On, Active, Supported).
[[nodiscard]] bool flag_of(Show show, const Value& value);

enum class Form : std::uint8_t { report, xml };

// "" where the value stands for "not there": shown as N/A. `utc_offset` (seconds east) is for moments.
[[nodiscard]] std::string shown(Show show, const Value& value, Form form = Form::report, std::int64_t utc_offset = 0);

}  // namespace gpuslice::fields
