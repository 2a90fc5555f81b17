// The table of all figures that are shown of a GPU. It defines -q, its XML and DTD, each -d group, --query-gpu and its
// help, and completion. A figure has only one row, whichever of these show it.
//
// Rows are in the order of `-q` of driver 580 (src/smi/testing/recorded/report.txt); rows that exist only in
// --query-gpu are at the end. figures/snapshot.hpp handles refusals; show.hpp has the formats.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fields/reading.hpp"
#include "fields/show.hpp"

namespace gpuslice::fields {

// The groups of `-q -d`, as bits.
enum Group : std::uint32_t {
  in_no_group = 0,
  in_memory = 1U << 0,
  in_utilization = 1U << 1,
  in_ecc = 1U << 2,
  in_temperature = 1U << 3,
  in_power = 1U << 4,
  in_clock = 1U << 5,
  in_compute = 1U << 6,
  in_pids = 1U << 7,
  in_performance = 1U << 8,
  in_supported_clocks = 1U << 9,
  in_page_retirement = 1U << 10,
  in_accounting = 1U << 11,
  in_encoder_stats = 1U << 12,
  in_supported_target_temperature = 1U << 13,
  in_voltage = 1U << 14,
  in_fbc_stats = 1U << 15,
  in_row_remapper = 1U << 16,
  in_gsp_firmware_version = 1U << 17,
  in_power_smoothing = 1U << 18,
  in_power_profiles = 1U << 19,
};
struct GroupName {
  std::string_view name;  // as typed after -d, in any case
  Group group;
};
[[nodiscard]] std::span<const GroupName> group_names();

enum class Kind : std::uint8_t { section, leaf, list };

// What a list row lists; each kind is printed by its own code.
enum class List : std::uint8_t {
  none,
  mig_devices,
  licensed_products,
  retired_pages,
  requested_profiles,
  enforced_profiles,
  supported_clocks,
  processes,
  accounted_processes,
  power_samples,
  gpu_samples,
  memory_samples,
  encoder_samples,
  decoder_samples,
  jpeg_samples,
  ofa_samples,
  sm_clock_samples,
  memory_clock_samples,
};

// The condition under which a row exists. The conditions were found by changing single answers of the driver
// (src/smi/testing/recorded/changed-answers.txt).
enum class When : std::uint8_t {
  always,
  host_vgpu,          // the GPU is shared among virtual machines
  architecture_told,  // the driver reports an architecture
  ecc_by_place,       // Volta and earlier, and unnamed architectures before them
  ecc_not_by_place,   // Turing and later
  ecc_turing,
  ecc_ampere,  // Ampere and later
  margins,     // the GPU reports the margin to its limit
  no_margins,  // it does not, because its limits are temperatures
};

// How a row's value is computed from its readings.
enum class Rule : std::uint8_t {
  plain,
  quiet,           // any refusal is shown as N/A
  when_ready,      // NOT_READY is shown as N/A
  absent,          // N/A on every known board
  deprecated,      // the driver's text for DEPRECATED
  ecc_count,       // N/A unless ECC is enabled
  event_reason,    // bit `bit` of the active reasons; N/A if the reason is not supported
  platform,        // N/A before Blackwell
  module,          // `reading`; on Blackwell and later `other`
  free_of_whole,   // `other` minus `reading`, each in whole MiB
  when_completed,  // N/A unless the fabric registration is completed
  health_bits,     // as when_completed; the two bits from `bit` on; values 0 and 3 are N/A
  misconfigured,   // as when_completed; the four bits from `bit` on
  needs_other,     // refused if `other` is refused
  of_the_run,      // a value that is not of a GPU: time, driver, count, index
};

// The --query-gpu field that shows the row's reading.
struct Query {
  std::string_view name;   // the name, which is also the column header; "": none
  std::string_view alias;  // a second name; the header is `name` even if the alias was requested
  std::string_view unit;   // in brackets in the header, and after each value
  std::string_view about;  // for --help-query-gpu
  Show show{Show::same};   // the format in csv, if it differs from that of -q
  std::uint16_t place{};   // position in --help-query-gpu
  bool costly{};           // takes about as long as all other fields together, so it is read only if requested by name
};

struct Row {
  Kind kind{Kind::leaf};
  std::uint8_t depth{1};   // indentation in -q and nesting in XML
  bool further_in{};       // -q indents it one step more than its depth
  bool chosen_only{};      // printed only if its -d group is requested
  std::string_view label;  // "": not in the text of -q
  std::string_view tag;    // "": not in the XML
  Reading reading{Reading::none};
  Reading other{Reading::none};
  Show show{Show::words};
  Rule rule{Rule::plain};
  std::uint8_t bit{};
  When when{When::always};
  List list{List::none};
  std::uint32_t groups{in_no_group};
  std::uint16_t since{},
      until{};            // major versions of drivers with the row: `since` or later, before `until`; 0: no bound known
  std::string_view unit;  // after a value in -q
  // For a section: if one of these is refused, the whole section is replaced by one line with the refusal.
  Reading gate{Reading::none}, second_gate{Reading::none};
  Query query;
};

[[nodiscard]] std::span<const Row> rows();

// The rows with a --query-gpu field, in the order of --help-query-gpu.
[[nodiscard]] const std::vector<const Row*>& query_rows();
// Finds a field by name or alias; nullptr if there is none.
[[nodiscard]] const Row* find_query(std::string_view name);

}  // namespace gpuslice::fields
