// The parts of a simulated node's state as its file stores them: sections, each with a name, a version and a size.
//
// To add a kind of state, add a member to NodeDynamic and a row to `known_sections`. A file without that section is
// rewritten with it when it is opened for writing; the section then holds the member's default value. A file may hold
// sections that this program does not know. They are kept byte for byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sim/event_ring.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// How a section is stored in the file.
enum class Storage : std::uint32_t {
  constant,      // one copy, never changed
  self_guarded,  // one copy, changed in place; the code that changes it keeps it consistent itself: the ring of events
  twofold,       // two copies of each item; a commit writes, for each changed item, the copy that is not current
};

// A section's entry in the file's table.
struct SectionShape {
  Text<16> name;
  std::uint32_t version{};
  Storage storage{};
  std::uint32_t items{};
  std::uint32_t item_bytes{};  // a multiple of 8

  [[nodiscard]] std::size_t bytes() const { return std::size_t{items} * item_bytes; }
  friend bool operator==(const SectionShape& a, const SectionShape& b) {
    return a.name.view() == b.name.view() && a.version == b.version && a.storage == b.storage && a.items == b.items &&
           a.item_bytes == b.item_bytes;
  }
};

// A section with its content: shape.bytes() bytes, items back to back.
struct Section {
  SectionShape shape;
  std::vector<std::byte> bytes;
  friend bool operator==(const Section&, const Section&) = default;
};
using Sections = std::vector<Section>;

// A section that is a part of NodeDynamic.
struct KnownSection {
  std::string_view name;
  std::uint32_t version{};
  std::size_t offset{};  // in NodeDynamic
  std::uint32_t items{};
  std::uint32_t item_bytes{};

  [[nodiscard]] SectionShape shape() const;
};

// Indices into known_sections.
enum KnownIndex : std::size_t { section_node, section_gpus, section_clients, section_accounted, section_orders };

inline constexpr auto known_sections = std::to_array<KnownSection>({
    {"node", 1, offsetof(NodeDynamic, boot), 1, offsetof(NodeDynamic, gpus)},  // boot, client_slots, events
    {"gpus", 1, offsetof(NodeDynamic, gpus), max_gpus, sizeof(GpuDynamic)},
    {"clients", 1, offsetof(NodeDynamic, clients), max_clients, sizeof(Client)},
    {"accounted", 1, offsetof(NodeDynamic, accounted), 1, sizeof(AccountedRing)},
    {"orders", 1, offsetof(NodeDynamic, orders), 1, sizeof(Orders)},
});

static_assert(
    [] {
      std::size_t at = 0;
      for (const auto& section : known_sections) {
        if (section.offset != at || section.item_bytes % 8 != 0) return false;
        at += std::size_t{section.items} * section.item_bytes;
      }
      return at == sizeof(NodeDynamic);
    }(),
    "every byte of NodeDynamic is in one section");

// The configuration and the events, which are not part of NodeDynamic.
[[nodiscard]] SectionShape config_shape();
[[nodiscard]] SectionShape events_shape();

// True if this program knows a section of this name.
[[nodiscard]] bool is_known(const SectionShape& shape);
// Checks that the section has the version and size that this program reads. Error: unsupported, naming the section,
// with `path` as the object.
[[nodiscard]] Result<void> check_readable(const SectionShape& shape, const std::string& path);

// The whole content of a state file.
struct Contents {
  std::unique_ptr<NodeConfig> config = std::make_unique<NodeConfig>();
  std::unique_ptr<NodeDynamic> state = std::make_unique<NodeDynamic>();
  std::unique_ptr<EventRing> events = std::make_unique<EventRing>();
  Sections others;  // sections that this program does not know
};
[[nodiscard]] Sections sections_of(const Contents& contents);
// Builds a content from sections. A known section that is missing gets the default value of Contents. The present ones
// must be readable (check_readable).
[[nodiscard]] Contents contents_of(Sections sections);

}  // namespace gpuslice::sim
