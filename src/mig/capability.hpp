// What a GPU supports under MIG (Multi-Instance GPU): its slices, engines and profiles, and how its mode is switched.
//
// Passive data, no I/O. It comes from the driver if there is one, or from the catalogue for a named product. Units:
// placements of GPU instances are in the device's own placement grid (8 units on seven-slice parts, 4 on A30, 12 on RTX
// PRO 6000), placements of compute instances in compute slices of their GPU instance. The two are never mixed.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fixed_vector.hpp"
#include "base/ids.hpp"

namespace gpuslice::mig {

using GiProfileId = Id<struct GiProfileIdTag>;  // what nvidia-smi prints as ID: 19 is 1g.5gb on A100
using CiProfileId = Id<struct CiProfileIdTag>;  // equals the NVML compute instance profile enum
using GiId = Id<struct GiIdTag>;                // 0..14: encodes a memory class and a position, and is not a counter
using CiId = Id<struct CiIdTag>;                // 0..7 inside its GPU instance

// Limits of NVIDIA's kernel driver: open-gpu-kernel-modules 595.45, kernel_mig_manager.c and its headers.
inline constexpr std::size_t max_gpu_instances = 8;      // per GPU
inline constexpr std::size_t max_compute_instances = 8;  // per GPU instance
inline constexpr std::uint32_t gi_id_count = 15;         // KMIGMGR_MAX_GPU_SWIZZID

// A half-open span [start, start + size) of slices.
struct Placement {
  std::uint8_t start{};
  std::uint8_t size{};

  [[nodiscard]] constexpr unsigned end() const { return unsigned{start} + size; }
  [[nodiscard]] constexpr bool overlaps(Placement other) const { return start < other.end() && other.start < end(); }
  friend constexpr auto operator<=>(const Placement&, const Placement&) = default;
};

// The resource that instances share in addition to the slices: copy, decode, encode, JPEG and optical-flow engines.
struct Engines {
  std::uint16_t copy{};
  std::uint16_t decoder{};
  std::uint16_t encoder{};
  std::uint16_t jpeg{};
  std::uint16_t ofa{};

  constexpr Engines& operator+=(const Engines& o) {
    copy = static_cast<std::uint16_t>(copy + o.copy);
    decoder = static_cast<std::uint16_t>(decoder + o.decoder);
    encoder = static_cast<std::uint16_t>(encoder + o.encoder);
    jpeg = static_cast<std::uint16_t>(jpeg + o.jpeg);
    ofa = static_cast<std::uint16_t>(ofa + o.ofa);
    return *this;
  }
  // True if there are at least as many engines of every kind as in `o`.
  [[nodiscard]] constexpr bool covers(const Engines& o) const {
    return copy >= o.copy && decoder >= o.decoder && encoder >= o.encoder && jpeg >= o.jpeg && ofa >= o.ofa;
  }
  friend constexpr bool operator==(const Engines&, const Engines&) = default;
};

struct CiProfile {
  CiProfileId id{};
  std::uint8_t slices{};     // compute slices it uses
  std::uint8_t max_count{};  // how many fit into an empty GPU instance
  std::optional<std::uint16_t> multiprocessors;
  bool is_default{};  // uses the whole GPU instance: the profile of `-C` and of `-cci` without a name
  FixedVector<Placement, 8> sites;
};

struct GiProfile {
  GiProfileId id{};
  std::uint8_t nvml_enum{};  // NVML_GPU_INSTANCE_PROFILE_*: the order in which -lgi and -dgi process profiles
  std::string_view name;     // "1g.5gb+me", without NVML's leading "MIG "
  std::uint8_t slices{};     // compute slices
  std::uint8_t max_count{};  // "Total" of -lgip
  bool graphics{};
  std::optional<std::uint32_t> memory_mib;
  std::optional<std::uint16_t> multiprocessors;
  std::optional<Engines> engines;
  FixedVector<Placement, 8> sites;  // every placement that the driver allows, ascending
  FixedVector<CiProfile, 9> compute;

  // The name without its attribute suffix: "1g.5gb" for "1g.5gb+me".
  [[nodiscard]] constexpr std::string_view base_name() const { return name.substr(0, name.find_first_of("+-")); }
  [[nodiscard]] constexpr const CiProfile* find(CiProfileId wanted) const {
    for (const auto& p : compute)
      if (p.id == wanted) return &p;
    return nullptr;
  }
  [[nodiscard]] constexpr const CiProfile* default_compute() const {
    for (const auto& p : compute)
      if (p.is_default) return &p;
    return nullptr;
  }
};

// How MIG mode is switched. Sources: NVIDIA MIG User Guide, Getting Started; docs/simulated-driver.md names the source
// of each rule.
struct ModeRule {
  bool supported{};              // false: no MIG hardware
  bool switch_resets{};          // Ampere: a switch resets the GPU, so it waits until the last client has exited
  bool survives_reboot{};        // Ampere stores the mode in the InfoROM; Hopper and later do not
  bool needs_compute_display{};  // RTX PRO workstation boards: MIG works only in the compute display mode
};

struct Capability {
  std::uint8_t grid{};            // placement units of the whole GPU
  std::uint8_t compute_slices{};  // 7 or 4
  std::uint8_t max_instances{};
  std::optional<Engines> pool;  // the engines of the full profile
  ModeRule mode;
  FixedVector<GiProfile, 17> profiles;  // in NVML enum order

  [[nodiscard]] constexpr const GiProfile* find(GiProfileId wanted) const {
    for (const auto& p : profiles)
      if (p.id == wanted) return &p;
    return nullptr;
  }
  // Finds a profile by its full name ("1g.5gb+me"), with or without a leading "MIG ".
  [[nodiscard]] constexpr const GiProfile* find(std::string_view wanted) const {
    if (wanted.starts_with("MIG ")) wanted.remove_prefix(4);
    for (const auto& p : profiles)
      if (p.name == wanted) return &p;
    return nullptr;
  }
};

}  // namespace gpuslice::mig
