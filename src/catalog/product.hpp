// Products as data: what is known of each NVIDIA GPU model, and how surely.
//
// One JSON file each in data/products; a generator turns them into constant tables at build time, so that nothing is parsed at
// run time and the driver library needs no file. A figure nobody has seen is absent and is shown as unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "mig/capability.hpp"

namespace gpuslice::catalog {

// How a figure is known, surest first.
enum class Confidence : std::uint8_t {
  recorded,    // read off real hardware for this project
  transcript,  // seen in public nvidia-smi output
  docs,        // in a vendor's document
  derived,     // by a pattern that holds on all parts seen
  derived_low,
  general,     // generally known, no source at hand
  name_only,
  unknown,     // not found
};
[[nodiscard]] std::string_view word(Confidence confidence);

template <class T>
struct Figure {
  std::optional<T> value;
  Confidence confidence{Confidence::unknown};
};

// Profile memory belongs to a product *and* a driver: one figure per memory class.
struct MemorySet {
  std::string_view driver;  // "580.126.09"; empty: not known which
  std::string_view board;   // an NVML name, or empty for every board
  std::optional<std::uint32_t> eighth, quarter, half, full;  // MiB
  std::string_view source;
};

// BAR1 that MIG devices share (seed-details 2.3): before R580 it is the whole BAR1, since then a smaller pool.
struct Bar1Pool {
  std::string_view driver;  // "580" for a branch, "580.105.08" for one version
  std::uint32_t mib{};
};

struct ProfileConfidence {
  Confidence row{}, memory{}, multiprocessors{}, engines{}, placements{};
};

// Which GPU instance id stands at which place; see sim/instance_ids.hpp.
enum class IdScheme : std::uint8_t { none, seven_slice, four_slice };
enum class BoardVariant : std::uint8_t { a, b };

struct Product {
  std::string_view key;                           // "a100-40gb"
  std::span<const std::string_view> names;        // as NVML prints them, the usual one first
  std::span<const std::string_view> aliases;      // "a100"
  std::span<const std::uint16_t> pci_device_ids;  // may be empty
  std::uint32_t pci_subsystem_id{};               // device in the high half, vendor in the low; 0: not seen
  std::uint8_t pci_subclass{2};                   // class 03: 0 VGA, 2 3D controller
  std::string_view architecture;                  // "Ampere"
  std::uint32_t nvml_architecture{};              // NVML_DEVICE_ARCH_*
  std::uint32_t nvml_brand{};                     // NVML_BRAND_*
  std::uint8_t compute_major{}, compute_minor{};
  std::string_view min_driver;
  std::span<const std::string_view> notes;
  std::span<const std::string_view> sources;

  Figure<std::uint32_t> memory_total_mib;
  Figure<std::uint32_t> memory_reserved_mib;
  Figure<std::uint32_t> bar1_total_mib;
  Figure<std::uint32_t> multiprocessors;       // whole GPU, MIG off
  Figure<std::uint32_t> power_limit_w;
  Figure<std::uint32_t> idle_power_w;
  Figure<std::uint32_t> idle_temperature_c;
  Figure<std::uint32_t> idle_performance_state;  // 0..15
  Figure<std::uint32_t> fan_percent;             // no value and confidence != unknown: the board has no fan (passive)
  Figure<bool> ecc;                              // ECC mode as delivered; no value: the product has no ECC
  std::optional<std::uint32_t> idle_mib_per_slice_x100;  // used memory of an idle GPU instance, per compute slice, in MiB/100

  std::span<const MemorySet> memory_sets;
  std::span<const Bar1Pool> bar1_pools;  // the first whose driver is a prefix of the node's holds; none: whole BAR1

  IdScheme id_scheme{IdScheme::none};
  std::optional<BoardVariant> usual_variant;  // seven-slice parts; none: both are seen
  mig::Capability capability;                 // memory from the first memory set
  std::span<const ProfileConfidence> profile_confidence;  // as capability.profiles
};

[[nodiscard]] std::span<const Product> products();

// By key, any NVML name (without regard to case) or alias. The error names the nearest ones.
[[nodiscard]] Result<const Product*> find(std::string_view name);

// The capability with the profile memory of `driver` (exact version, else the nearest branch, else the first set) and board
// `nvml_name`. Profiles with a figure that NVML would have to report and nobody has seen (memory, multiprocessors, engines) are
// kept; `reportable` tells.
[[nodiscard]] mig::Capability capability(const Product& product, std::string_view driver, std::string_view nvml_name);
[[nodiscard]] bool reportable(const mig::GiProfile& profile);

}  // namespace gpuslice::catalog
