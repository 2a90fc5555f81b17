// Products as data: what is known of each NVIDIA GPU model, and how reliably.
//
// Each product has a JSON file in data/products; a generator turns them into constant tables at build time, so nothing
// is parsed at run time and the driver library needs no file. A figure that is not known is absent and shown as
// unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "catalog/confidence.hpp"
#include "catalog/sensors.hpp"
#include "mig/capability.hpp"

namespace gpuslice::catalog {

// The share of the GPU's memory that a profile has. The memory size of a profile depends only on this class (NVIDIA's
// kernel driver).
enum class MemoryClass : std::uint8_t { eighth, quarter, half, full };

// The memory of a profile depends on the product *and* the driver: one figure per memory class.
struct MemorySet {
  std::string_view driver;  // "580.126.09"; empty: the version is not known
  std::string_view board;   // the NVML name of the board that showed it; empty: not specific to a board
  std::optional<std::uint32_t> eighth{}, quarter{}, half{}, full{};  // MiB
  Confidence confidence{Confidence::unknown};
  std::string_view source;

  [[nodiscard]] constexpr std::optional<std::uint32_t> of(MemoryClass memory) const {
    switch (memory) {
      case MemoryClass::eighth:
        return eighth;
      case MemoryClass::quarter:
        return quarter;
      case MemoryClass::half:
        return half;
      case MemoryClass::full:
        return full;
    }
    return std::nullopt;
  }
};

// The BAR1 memory that MIG devices share since R580; it is smaller than the board's BAR1. Before R580 they share the
// whole BAR1.
struct Bar1Pool {
  std::string_view driver;  // "580" for a branch, "580.105.08" for one version
  std::uint32_t mib{};
  Confidence confidence{Confidence::unknown};
};

// Frame buffer that is in use on an idle GPU instance: a figure per compute slice, and one for the instance that covers
// the whole GPU, which uses as much as the device and not a sum of slices.
struct IdleUse {
  std::string_view driver;             // as in Bar1Pool
  std::uint32_t mib_per_slice_x100{};  // MiB/100
  std::uint32_t whole_mib{};           // for the instance that covers the whole GPU
  Confidence confidence{Confidence::unknown};
};

// The memory of the whole GPU that NVML reports under a driver, if it differs from BoardFacts. Before R510, NVML
// reported no reserved part: the total excludes that part, and is not a whole number of MiB.
struct DriverMemory {
  std::string_view driver;  // as in Bar1Pool
  // The NVML name of the board that showed it; empty: not specific to a board.
  std::string_view board;
  std::optional<std::uint64_t> total_bytes{};  // absent: as in BoardFacts
  std::uint64_t reserved_bytes{};
  Confidence confidence{Confidence::unknown};
};

struct ProfileConfidence {
  Confidence row{}, memory{}, multiprocessors{}, engines{}, placements{};
};

// A documented profile whose id or placements are unknown: it is listed, but cannot be created.
struct UnplacedProfile {
  std::string_view name;  // "1g.24gb+me"
  std::optional<mig::GiProfileId> id{};
  std::uint8_t nvml_enum{};
  std::uint8_t slices{};
  std::uint8_t max_count{};
  bool graphics{};
  std::optional<std::uint16_t> multiprocessors{};
  std::optional<mig::Engines> engines{};
  ProfileConfidence confidence;
};

// The mapping from placements to GPU instance ids; see sim/instance_ids.hpp.
enum class IdScheme : std::uint8_t { none, seven_slice, four_slice };
enum class BoardVariant : std::uint8_t { a, b };

// The figures that may differ between the boards of one product, as nvidia-smi shows them on an idle board.
struct BoardFacts {
  std::uint16_t pci_device_id{};     // 0: not known
  std::uint32_t pci_subsystem_id{};  // device in the high half, vendor in the low; 0: not known
  std::uint8_t pci_subclass{2};      // class 03: 0 VGA, 2 3D controller

  Figure<std::uint32_t> memory_total_mib;
  Figure<std::uint32_t> memory_reserved_mib;  // rounded up, as R580 shows it
  Figure<std::uint64_t> memory_reserved_bytes;
  Figure<std::uint32_t> bar1_total_mib;   // absent: the board has no BAR1 (unified memory)
  Figure<std::uint32_t> multiprocessors;  // whole GPU, MIG off
  Figure<std::uint32_t> power_limit_w;
  Figure<std::uint32_t> idle_power_w;
  Figure<std::uint32_t> idle_temperature_c;
  Figure<std::uint32_t> idle_performance_state;  // 0..15
  Figure<std::uint32_t> fan_percent;             // absent: no fan (passive)
  Figure<bool> ecc;                              // ECC mode as delivered; absent: the product has no ECC
  Sensors sensors;                               // figures that only `nvidia-smi -q` shows

  std::optional<BoardVariant> usual_variant{};  // for seven-slice parts; absent: both variants exist
  bool needs_compute_display{};                 // MIG only in the compute display mode
};

struct Board {
  std::string_view name;  // as NVML prints it
  // Complete: the figures that the file gives for the board, and those of the product for all others.
  BoardFacts facts;
};

// As a BoardFacts, it has the figures of the usual board, which is the first of `boards`; `at_board` returns those of
// another.
struct Product : BoardFacts {
  std::string_view key;                           // "a100-40gb"
  std::span<const std::string_view> names;        // as NVML prints them, the usual one first; never empty
  std::span<const std::string_view> aliases;      // "a100"
  std::span<const std::uint16_t> pci_device_ids;  // of all boards; may be empty
  std::span<const Board> boards;                  // in the order of `names`
  std::string_view architecture;                  // "Ampere"
  std::string_view chip;                          // "GA100"
  std::uint32_t nvml_architecture{};              // NVML_DEVICE_ARCH_*
  std::uint32_t nvml_brand{};                     // NVML_BRAND_*
  std::uint8_t compute_major{}, compute_minor{};
  std::string_view min_driver;
  std::span<const std::string_view> notes;
  std::span<const std::string_view> sources;

  std::span<const MemorySet> memory_sets;
  std::span<const Bar1Pool> bar1_pools;
  std::span<const IdleUse> idle_uses;
  std::span<const DriverMemory> driver_memory;

  IdScheme id_scheme{IdScheme::none};
  mig::Capability capability;  // memory from the first memory set
  // One for each of capability.profiles:
  std::span<const ProfileConfidence> profile_confidence;
  std::span<const MemoryClass> profile_memory;
  std::span<const std::uint16_t> profile_branches;  // the first driver branch; 0: any
  std::span<const UnplacedProfile> unplaced;        // in NVML enum order
};

// All products, in ascending order of key.
[[nodiscard]] std::span<const Product> products();

// Finds a product by key, NVML name or alias, ignoring case. The error (not_found) suggests up to three similar names.
[[nodiscard]] Result<const Product*> find(std::string_view name);

// The board called `nvml_name` (ignoring case); null if the product has no such board.
[[nodiscard]] const Board* find_board(const Product& product, std::string_view nvml_name);

// The facts of the board called `nvml_name`, or of the usual board if the product has no such board.
[[nodiscard]] const BoardFacts& at_board(const Product& product, std::string_view nvml_name);

// The memory set for a profile of class `memory` under a driver ("580.126.09") on a board. A set for the same version
// is preferred, then one for the same branch ("580"), then any other. Among these, a set for this board precedes one
// for no specific board, which precedes one for another board; after that, the first in the file is used. A set may
// lack some classes, and then does not count for these. Null if no set of the product has the class.
[[nodiscard]] const MemorySet* memory_set(const Product& product, std::string_view driver, std::string_view nvml_name,
                                          MemoryClass memory);

// How reliably a profile of `product.capability` is known, the class of its memory, and the first driver branch that
// supports it (0: every branch that supports the product).
struct ProfileFacts {
  ProfileConfidence confidence;
  MemoryClass memory{};
  std::uint16_t first_branch{};
};
[[nodiscard]] ProfileFacts profile_facts(const Product& product, mig::GiProfileId id);

// True if a driver of this version offers the profile. An empty version ("") offers all.
[[nodiscard]] bool offered_by(const Product& product, mig::GiProfileId id, std::string_view driver);

// The capability with the profiles that the driver offers, their memory according to `memory_set`, and the display rule
// of the board `nvml_name`. It includes profiles that lack a figure which NVML would have to report (memory,
// multiprocessors, engines); `reportable` shows which these are.
[[nodiscard]] mig::Capability capability(const Product& product, std::string_view driver, std::string_view nvml_name);
[[nodiscard]] bool reportable(const mig::GiProfile& profile);

// The BAR1 that MIG devices share under `driver`. Up to R579 it is the whole BAR1 of the board. From R580 on it is the
// pool that is known for this version, for this branch, or for the nearest branch from R580 on, in this order of
// preference. Without a value, it is unknown.
[[nodiscard]] Figure<std::uint32_t> bar1_pool_mib(const Product& product, std::string_view driver,
                                                  std::string_view nvml_name);

// Frame buffer that is in use on an idle GPU instance under `driver`: the row for this version, for this branch, or for
// the nearest branch, in this order of preference. Null if unknown.
[[nodiscard]] const IdleUse* idle_use(const Product& product, std::string_view driver);

// The memory of the whole GPU that NVML reports under `driver` on the board: the row for this version, for this branch,
// or for the nearest branch on the same side of R510, in this order of preference; a row for the board precedes one for
// no specific board. Without such a row, or without a driver, the facts of the board are used. A total or reserved part
// that is absent is unknown.
struct GpuMemory {
  std::optional<std::uint64_t> total_bytes;
  std::optional<std::uint64_t> reserved_bytes;  // before R510: known to be absent
  Confidence confidence{Confidence::unknown};
};
[[nodiscard]] GpuMemory gpu_memory(const Product& product, std::string_view driver, std::string_view nvml_name);

}  // namespace gpuslice::catalog
