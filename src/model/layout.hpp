// The requested layout of a node, whatever file format it was read from: GPUs by selector, MIG mode, named GPU
// instances with their named compute instances.
//
// Profiles and products are kept as written ("3g.20gb", "1c"): their meaning depends on the GPU, and plan/resolve.hpp
// resolves them. Passive data, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mig/capability.hpp"
#include "model/gpu_state.hpp"

namespace gpuslice::model {

// The formats of layout files: docs/layout-files.md.
enum class Format : std::uint8_t { gpuslice, mig_parted };

// Where something was written, for messages: "layout.yaml:12", and in which format. Line 0 means unknown.
struct Origin {
  std::string file;
  int line{};
  Format format{Format::gpuslice};
  [[nodiscard]] std::string text() const {
    if (line == 0) return file;
    return file + ":" + std::to_string(line);
  }
  // Equality of layouts ignores where they were written.
  friend bool operator==(const Origin&, const Origin&) { return true; }
};

// Selects the GPUs of an entry. All lists that are given must match; a list matches if one of its items does. Without
// any list, every GPU is selected.
struct Selector {
  std::vector<std::uint32_t> index;
  std::vector<std::string> uuid;              // "GPU-…"
  std::vector<std::string> pci;               // "0000:10:1c.0", in any spelling that NVML accepts
  std::vector<std::string> product;           // key, alias or NVML name of the catalogue
  std::vector<std::uint32_t> pci_device_ids;  // as in NVML, device in the high half: mig-parted's device-filter

  [[nodiscard]] bool all() const {
    return index.empty() && uuid.empty() && pci.empty() && product.empty() && pci_device_ids.empty();
  }
  friend bool operator==(const Selector&, const Selector&) = default;
};

struct WantedCi {
  std::string name;                         // empty: none
  std::string profile;                      // "1c", "1c.3g.20gb", "MIG 1c.3g.20gb", or the profile's id
  std::optional<mig::Placement> placement;  // size 0 if only the start is given
  Origin origin;
  friend bool operator==(const WantedCi&, const WantedCi&) = default;
};

struct WantedGi {
  std::string name;                              // empty: none
  std::string profile;                           // "3g.20gb", "MIG 3g.20gb", "3g", or the profile's id
  std::optional<mig::Placement> placement;       // size 0 if only the start is given
  std::optional<std::vector<WantedCi>> compute;  // absent: one that uses the whole GPU instance; empty: none
  Origin origin;
  friend bool operator==(const WantedGi&, const WantedGi&) = default;
};

// How to treat instances that gpuslice did not create and that the layout does not name.
enum class Foreign : std::uint8_t { keep, remove };

struct GpuEntry {
  Selector selector;
  std::optional<bool> mig;                  // absent: on if instances are given, otherwise unchanged
  std::optional<ComputeMode> compute_mode;  // absent: unchanged; so is the next
  std::optional<TimeSlice> time_slice;
  Foreign foreign{Foreign::keep};
  std::vector<WantedGi> instances;
  Origin origin;
  friend bool operator==(const GpuEntry&, const GpuEntry&) = default;
};

struct Layout {
  std::string name;  // the name of the configuration in its file; empty if the file has only one
  std::vector<GpuEntry> gpus;
  bool later_wins{};  // the last of several entries for one GPU is used, as in mig-parted; otherwise this is an error
  Origin origin;
  friend bool operator==(const Layout&, const Layout&) = default;
};

}  // namespace gpuslice::model
