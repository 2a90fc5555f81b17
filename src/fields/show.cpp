#include "fields/show.hpp"

#include <ctime>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace gpuslice::fields {
namespace {

constexpr std::uint64_t mib = 1024ULL * 1024;

std::string word(std::uint64_t code, std::span<const std::string_view> words, std::string_view other = "Unknown") {
  return std::string(code < words.size() ? words[code] : other);
}

constexpr std::string_view brands[] = {"Unknown",
                                       "Quadro",
                                       "Tesla",
                                       "NVS",
                                       "Grid",
                                       "GeForce",
                                       "Titan",
                                       "NVIDIA Virtual Applications",
                                       "NVIDIA Virtual PC",
                                       "NVIDIA Virtual Compute Server",
                                       "NVIDIA RTX Virtual Workstation",
                                       "NVIDIA Cloud Gaming",
                                       "Quadro RTX",
                                       "NVIDIA RTX",
                                       "NVIDIA",
                                       "GeForce RTX",
                                       "Titan RTX"};
constexpr std::string_view architectures[] = {"Unknown", "Unknown", "Kepler",       "Maxwell", "Pascal",   "Volta",
                                              "Turing",  "Ampere",  "Ada Lovelace", "Hopper",  "Blackwell"};
constexpr std::string_view addressing_modes[] = {"None", "HMM", "ATS"};
constexpr std::string_view driver_models[] = {"WDDM", "TCC", "MCDM"};
constexpr std::string_view operation_modes[] = {"All On", "Compute", "Low Double Precision"};
constexpr std::string_view virtualizations[] = {"None", "Pass-Through", "VGPU", "Host VGPU", "Host VSGA"};
constexpr std::string_view recoveries[] = {"None", "Reset", "Reboot", "Drain P2P", "Drain and Reset"};
constexpr std::string_view compute_modes[] = {"Default", "Exclusive_Thread", "Prohibited", "Exclusive_Process"};
constexpr std::string_view peer_types[] = {"Direct Connected", "Switch Connected"};
constexpr std::string_view bridge_types[] = {"PLX", "BR04"};
constexpr std::string_view fabric_states[] = {"", "Not Started", "In Progress", "Completed"};
constexpr std::string_view health_summaries[] = {"", "Healthy", "Unhealthy", "Limited Capacity"};
constexpr std::string_view bandwidths[] = {"", "Degraded", "Full"};
constexpr std::string_view true_or_false[] = {"", "True", "False"};
// The names of codes 3, 6 and 7 are derived from NVML's constants; nvidia-smi 580 printed the others.
constexpr std::string_view misconfigurations[] = {"",
                                                  "None",
                                                  "Incorrect SystemGUID",
                                                  "Incorrect Chassis Serial Number",
                                                  "No Partition",
                                                  "Insufficient NVLink Resources",
                                                  "Incompatible GPU Firmware",
                                                  "Invalid Location"};
constexpr std::string_view atomic_operations[] = {"FETCHADD_32", "FETCHADD_64", "SWAP_32", "SWAP_64",
                                                  "CAS_32",      "CAS_64",      "CAS_128"};

std::string atomics(std::uint64_t bits) {
  std::string all;
  for (std::size_t i = 0; i < std::size(atomic_operations); ++i) {
    if ((bits >> i & 1) == 0) continue;
    all += atomic_operations[i];
    all += ' ';  // nvidia-smi also prints one after the last
  }
  return all;
}

std::string moment(std::uint64_t microseconds, std::int64_t utc_offset) {
  const auto seconds = static_cast<std::time_t>(static_cast<std::int64_t>(microseconds / 1'000'000) + utc_offset);
  std::tm at{};
  gmtime_r(&seconds, &at);
  return fmt::format("{:04}/{:02}/{:02} {:02}:{:02}:{:02}.{:03}", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday,
                     at.tm_hour, at.tm_min, at.tm_sec, microseconds / 1000 % 1000);
}

std::string pci_hex(std::uint64_t number, int digits, Form form) {
  return fmt::format("{}{:0{}X}", form == Form::xml ? "" : "0x", number, digits);
}

}  // namespace

Type type_of(Show show) {
  switch (show) {
    case Show::number:
    case Show::signed_number:
    case Show::mib_up:
    case Show::mib_down:
    case Show::watts:
    case Show::watts_drawn:
    case Show::microseconds:
    case Show::megahertz:
      return Type::number;
    case Show::enabled:
    case Show::enabled_any:
    case Show::yes:
    case Show::yes_any:
    case Show::on_off:
    case Show::active:
    case Show::supported:
    case Show::egm:
      return Type::flag;
    default:
      return Type::words;
  }
}

bool flag_of(Show show, const Value& value) {
  const auto number = value.number();
  if (show == Show::egm) return (number & 1) != 0;
  return show == Show::enabled || show == Show::yes ? number == 1 : number != 0;
}

std::string shown(Show show, const Value& value, Form form, std::int64_t utc_offset) {
  const auto number = value.number();
  switch (show) {
    case Show::same:
    case Show::words:
    case Show::number:
    case Show::return_code:
      return value.words();
    case Show::signed_number:
      return std::to_string(value.with_sign());
    case Show::hex:
      return fmt::format("0x{:x}", number);
    case Show::hex1:
      return pci_hex(number, 1, form);
    case Show::hex2:
      return pci_hex(number, 2, form);
    case Show::hex4:
      return pci_hex(number, 4, form);
    case Show::hex8:
      return pci_hex(number, 8, form);
    case Show::hex16:
      return fmt::format("0x{:016X}", number);
    case Show::guid:
      return fmt::format("0x{:016x}", number);
    case Show::firmware:
      return fmt::format("0x{:08x}", number);
    case Show::enabled:
    case Show::enabled_any:
      return flag_of(show, value) ? "Enabled" : "Disabled";
    case Show::yes:
    case Show::yes_any:
      return flag_of(show, value) ? "Yes" : "No";
    case Show::on_off:
      return flag_of(show, value) ? "On" : "Off";
    case Show::active:
      return flag_of(show, value) ? "Active" : "Not Active";
    case Show::supported:
      return flag_of(show, value) ? "Supported" : "Not Supported";
    case Show::egm:
      return flag_of(show, value) ? "enabled" : "disabled";
    case Show::performance:
      return number < 16 ? fmt::format("P{}", number) : "Unknown";
    case Show::mib_up:
      return std::to_string(number / mib + (number % mib != 0 ? 1 : 0));
    case Show::mib_down:
      return std::to_string(number / mib);
    case Show::watts:  // in single precision, as in nvidia-smi: 57.515 is printed as 57.51
      return fmt::format("{:.2f}", static_cast<float>(number) / 1000);
    case Show::watts_drawn:
      return fmt::format("{:.2f}", static_cast<float>(number < 1000 ? 1000 : number) / 1000);
    case Show::microseconds:
      return std::to_string(number / 1000);
    case Show::megahertz:
      return number == 0 ? "" : std::to_string(number / 1000);
    case Show::lanes:
      return fmt::format("{}x", number);
    case Show::moment:
      return moment(number, utc_offset);
    case Show::brand:
      return word(number, brands);
    case Show::architecture:
      return word(number, architectures);
    case Show::addressing:
      return word(number, addressing_modes);
    case Show::driver_model:
      return word(number, driver_models);
    case Show::operation_mode:
      return word(number, operation_modes);
    case Show::virtualization:
      return word(number, virtualizations);
    case Show::host_vgpu:
      return number == 1 ? "SR-IOV" : "Non SR-IOV";
    case Show::recovery:
      return word(number, recoveries, "");
    case Show::compute_mode:
      return word(number, compute_modes);
    case Show::peer_type:
      return word(number, peer_types);
    case Show::bridge_type:
      return word(number, bridge_types);
    case Show::atomics:
      return atomics(number);
    case Show::fabric_state:
      return word(number, fabric_states, "");
    case Show::health_summary:
      return word(number, health_summaries, "");
    case Show::bandwidth:
      return word(number, bandwidths, "");
    case Show::true_false:
      return word(number, true_or_false, "");
    case Show::misconfiguration:
      return word(number, misconfigurations, "");
    case Show::checksum:
      return number != 0 ? "valid" : "invalid";
  }
  return {};
}

}  // namespace gpuslice::fields
