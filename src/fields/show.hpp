// The format of a reading: numbers with their units, and codes with their names, as nvidia-smi 580 prints them (each
// code was recorded; see src/smi/testing/recorded/changed-answers.txt).
#pragma once

#include <cstdint>
#include <string>

#include "fields/value.hpp"

namespace gpuslice::fields {

enum class Show : std::uint8_t {
  same,  // the same format as in -q
  words,
  number,
  signed_number,
  hex,   // 0x1c00
  hex1,  // hex1 to hex8: parts of a PCI address, 0x3, 0x06, 0x0000, 0x233510DE; in XML without 0x
  hex2,
  hex4,
  hex8,
  hex16,         // 0x0000000000001FFF
  guid,          // 0x0000000000000000
  firmware,      // 0x00003039
  enabled,       // Enabled for 1, else Disabled
  enabled_any,   // Disabled for 0, else Enabled
  yes,           // Yes for 1, else No
  yes_any,       // No for 0, else Yes
  on_off,        // Off for 0, else On
  active,        // Not Active for 0, else Active
  supported,     // Supported unless 0
  egm,           // bit 0: enabled or disabled
  performance,   // P8
  mib_up,        // bytes as MiB, rounded up
  mib_down,      // bytes as MiB, rounded down
  watts,         // milliwatts as 79.54
  watts_drawn,   // milliwatts, never below 1 W
  microseconds,  // nanoseconds as microseconds
  megahertz,     // kHz as MHz; 0 is N/A
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
  return_code,  // the driver's text for a return code; the caller looks it up
  health_summary,
  bandwidth,
  true_false,
  misconfiguration,
  checksum,
};

// The type of the value for programs: a number in the row's unit, a flag, or text.
enum class Type : std::uint8_t { words, number, flag };
[[nodiscard]] Type type_of(Show show);
// For formats of type flag: returns true for the first of the two texts (Enabled, Yes, On, Active, Supported).
[[nodiscard]] bool flag_of(Show show, const Value& value);

enum class Form : std::uint8_t { report, xml };

// Returns "" for a value that means "none", for which N/A is printed. `utc_offset` (seconds east of UTC) applies to
// Show::moment.
[[nodiscard]] std::string shown(Show show, const Value& value, Form form = Form::report, std::int64_t utc_offset = 0);

}  // namespace gpuslice::fields
