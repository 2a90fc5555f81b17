// What is wanted on a node, whatever file it was read from: GPUs by selector, MIG mode, named GPU instances with their
// named compute instances.
//
// Words are kept as written ("3g.20gb", "1c"): what they mean depends on the GPU they meet, and plan/resolve.hpp finds
// that out. Passive data, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mig/capability.hpp"

namespace gpuslice::model {

// Where it was said, for messages: "layout.yaml:12". Line 0: not known.
struct Origin {
  std::string file;
  int line{};
  [[nodiscard]] std::string text() const {
    if (line == 0) return file;
    return file + ":" + std::to_string(line);
  }
  // Two layouts are equal when they say the same, wherever they say it.
  friend bool operator==(const Origin&, const Origin&) { return true; }
};

// Which GPUs an entry is about. Lists that are given must all match, a list matches when one of its words does; with
// none given every GPU matches.
struct Selector {
  std::vector<std::uint32_t> index;
  std::vector<std::string> uuid;              // "GPU-…"
  std::vector<std::string> pci;               // "0000:10:1c.0", in any spelling NVML takes
  std::vector<std::string> product;           // key, alias or NVML name of the catalogue
  std::vector<std::uint32_t> pci_device_ids;  // as NVML has them, device in the high half: mig-parted's device-filter

  [[nodiscard]] bool all() const {
    return index.empty() && uuid.empty() && pci.empty() && product.empty() && pci_device_ids.empty();
  }
  friend bool operator==(const Selector&, const Selector&) = default;
};

struct WantedCi {
  std::string name;                         // empty: none
  std::string profile;                      // "1c", "1c.3g.20gb", "MIG 1c.3g.20gb", or the profile's id
  std::optional<mig::Placement> placement;  // size 0: only the start is said
  Origin origin;
  friend bool operator==(const WantedCi&, const WantedCi&) = default;
};

struct WantedGi {
  std::string name;                              // empty: none
  std::string profile;                           // "3g.20gb", "MIG 3g.20gb", "3g", or the profile's id
  std::optional<mig::Placement> placement;       // size 0: only the start is said
  std::optional<std::vector<WantedCi>> compute;  // absent: one that takes all of it; empty: none
  Origin origin;
  friend bool operator==(const WantedGi&, const WantedGi&) = default;
};

// What becomes of instances that gpuslice did not make and the layout does not name.
enum class Foreign : std::uint8_t { keep, remove };

struct GpuEntry {
  Selector selector;
  std::optional<bool> mig;  // absent: on when instances are given, else as it is
  Foreign foreign{Foreign::keep};
  std::vector<WantedGi> instances;
  Origin origin;
  friend bool operator==(const GpuEntry&, const GpuEntry&) = default;
};

struct Layout {
  std::string name;  // of the configuration in its file; empty: the file has only one
  std::vector<GpuEntry> gpus;
  bool later_wins{};  // of several entries for one GPU the last counts, as mig-parted has it; else that is an error
  Origin origin;
  friend bool operator==(const Layout&, const Layout&) = default;
};

}  // namespace gpuslice::model
