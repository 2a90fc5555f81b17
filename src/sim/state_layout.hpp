// The layout of a state file.
//
//   header       128 bytes: what the file is, then the words that change (generation, watch, wake word)
//   table        one entry of 64 bytes per section: name, version, storage, items, size of an item, checksum
//   two roots    which copy of each twofold item is current, and its checksum; the generation's lowest bit names the
//                current root
//   sections     in the order of the table, each at a multiple of 64
//
// Every position follows from the table, and the table never changes, so neither does the size of the file. All numbers
// are little-endian, as in memory. The first 40 bytes have the same form in every layout: magic, number of the layout,
// fields of that layout, checksum of the 32 bytes before it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/sections.hpp"

namespace gpuslice::sim {

inline constexpr std::array<char, 8> state_magic = {'g', 'p', 'u', 's', 'l', 'i', 'c', 'e'};
inline constexpr std::uint32_t layout_version = 7;

struct StateHeader {
  std::array<char, 8> magic{};
  std::uint32_t layout{};
  std::uint32_t sections{};
  std::uint64_t table_sum{};
  std::uint64_t reserved{};
  std::uint64_t sum{};  // of everything above
  std::array<std::byte, 24> unused{};
  std::uint64_t generation{};  // see generation.hpp
  std::uint64_t watch{};       // see StateFile::watch
  std::uint32_t wakes{};       // see StateFile::wake_word
  std::array<std::byte, 44> unused_too{};
};
static_assert(sizeof(StateHeader) == 128);
[[nodiscard]] inline StateHeader& header_of(std::byte* map) { return *reinterpret_cast<StateHeader*>(map); }
[[nodiscard]] inline std::atomic_ref<std::uint64_t> generation_of(std::byte* map) {
  return std::atomic_ref(header_of(map).generation);
}
inline constexpr std::size_t header_summed_bytes = offsetof(StateHeader, sum);

struct TableEntry {
  SectionShape shape;
  std::uint64_t sum{};  // of a constant section; 0 for others
  std::array<std::byte, 24> unused{};
};
static_assert(sizeof(TableEntry) == 64);

// Which copy of an item is current, and since when.
struct ItemRecord {
  std::uint64_t written{};  // twice the count of the generation that wrote it, plus the copy: 0 or 1
  std::uint64_t sum{};      // of the item

  [[nodiscard]] unsigned copy() const { return static_cast<unsigned>(written & 1U); }
  friend bool operator==(const ItemRecord&, const ItemRecord&) = default;
};

// The start of a root; the records of all items follow.
struct RootHeader {
  std::uint64_t generation{};  // the generation in which this root is current
  std::uint64_t sum{};         // of the generation and the records
};
[[nodiscard]] std::uint64_t root_sum(std::uint64_t generation, const std::vector<ItemRecord>& records);

struct PlacedSection {
  SectionShape shape;
  std::uint64_t sum{};
  std::size_t at{};
  std::size_t first_record{};  // of a twofold section: the index of its first item's record

  [[nodiscard]] std::size_t copy_at(std::size_t item, unsigned copy) const {
    return at + (2 * item + copy) * shape.item_bytes;
  }
};

struct StateLayout {
  std::vector<PlacedSection> sections;
  std::size_t records{};
  std::size_t roots_at{}, root_bytes{};
  std::size_t file_bytes{};

  // Kept short, because every read of the state calls it.
  [[nodiscard]] std::size_t root_at(std::uint64_t generation) const {
    return roots_at + (generation & 1U) * root_bytes;
  }
  // nullptr: the file has no section of this name.
  [[nodiscard]] const PlacedSection* find(std::string_view name) const;
};

// The layout found in an opened file: that of this program, or an older one that it can read (state_layout6.hpp).
struct FoundLayout {
  bool is_layout6{};
  StateLayout layout;
};
// Checks header and table of a file of `size` bytes. Errors: damaged, unsupported, naming `path`.
[[nodiscard]] Result<FoundLayout> find_layout(int fd, const std::string& path, std::size_t size);

// The bytes of a whole file with these sections, at generation 0.
struct StateImage {
  StateLayout layout;
  std::vector<std::byte> bytes;
};
[[nodiscard]] StateImage state_image(const Sections& sections, std::uint64_t watch);

// The error "is damaged: WHAT", with the command that deletes the node as hint.
[[nodiscard]] std::unexpected<Error> damaged_state(const std::string& path, const std::string& what);
// "gpuslice sim delete NAME" for the state of a node; empty for a saved state.
[[nodiscard]] Hint delete_hint(const std::string& path);

}  // namespace gpuslice::sim
