#include "sim/state_layout.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "base/checksum.hpp"
#include "sim/state_layout6.hpp"

namespace gpuslice::sim {
namespace {

// Upper bounds for a table that is read from a file.
constexpr std::uint32_t max_sections = 64;
constexpr std::uint32_t max_items = 4096;
constexpr std::uint32_t max_item_bytes = 1U << 20U;
constexpr std::size_t max_file_bytes = std::size_t{256} << 20U;

constexpr std::size_t aligned(std::size_t at) { return (at + 63) / 64 * 64; }

bool is_sane(const SectionShape& shape) {
  return !shape.name.view().empty() && shape.storage <= Storage::twofold && shape.items > 0 &&
         shape.items <= max_items && shape.item_bytes > 0 && shape.item_bytes <= max_item_bytes &&
         shape.item_bytes % 8 == 0;
}

StateLayout layout_of(const std::vector<TableEntry>& table) {
  StateLayout layout;
  for (const auto& entry : table) {
    layout.sections.push_back({entry.shape, entry.sum, 0, layout.records});
    if (entry.shape.storage == Storage::twofold) layout.records += entry.shape.items;
  }
  layout.roots_at = sizeof(StateHeader) + table.size() * sizeof(TableEntry);
  layout.root_bytes = aligned(sizeof(RootHeader) + layout.records * sizeof(ItemRecord));
  auto at = layout.roots_at + 2 * layout.root_bytes;
  for (auto& section : layout.sections) {
    section.at = at;
    const std::size_t copies = section.shape.storage == Storage::twofold ? 2 : 1;
    at = aligned(at + copies * section.shape.bytes());
  }
  layout.file_bytes = at;
  return layout;
}

bool read_at(int fd, void* into, std::size_t bytes, std::size_t at) {
  return ::pread(fd, into, bytes, static_cast<off_t>(at)) == static_cast<ssize_t>(bytes);
}

// True if the entry after the header is that of the configuration, with which the table begins; in a file of an older
// layout it is not.
bool looks_like_layout7(int fd) {
  TableEntry first;
  return read_at(fd, &first, sizeof first, sizeof(StateHeader)) &&
         first.shape.name.view() == config_shape().name.view();
}

std::string size_problem(std::size_t size, const std::string& wanted) {
  return "its size is " + std::to_string(size) + " bytes instead of " + wanted;
}

std::unexpected<Error> other_version(const std::string& path, std::uint32_t layout) {
  return fail(ErrorKind::unsupported, path,
              "was created by another version of gpuslice: it has layout " + std::to_string(layout) +
                  ", this one reads layouts 6 and " + std::to_string(layout_version),
              delete_hint(path));
}

}  // namespace

std::uint64_t root_sum(std::uint64_t generation, const std::vector<ItemRecord>& records) {
  return checksum_detail::mixed(checksum(records.data(), records.size() * sizeof(ItemRecord)), generation);
}

const PlacedSection* StateLayout::find(std::string_view name) const {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [&](const PlacedSection& section) { return section.shape.name.view() == name; });
  return found == sections.end() ? nullptr : &*found;
}

Result<FoundLayout> find_layout(int fd, const std::string& path, std::size_t size) {
  StateHeader header;
  if (size < sizeof header || !read_at(fd, &header, sizeof header, 0))
    return damaged_state(path, size_problem(size, "at least " + std::to_string(sizeof header)));
  if (header.magic != state_magic) return damaged_state(path, "its first bytes are wrong");
  const bool sound = checksum(&header, header_summed_bytes) == header.sum;
  // If the layout number does not match the rest of the file, it may be a damaged file of this layout, or of layout 6.
  const bool may_be_other = !looks_like_layout7(fd) && size != layout6::file_bytes;
  if (may_be_other && header.layout == 6)
    return damaged_state(path, size_problem(size, std::to_string(layout6::file_bytes)));
  const bool is_older = header.layout != 0 && header.layout < 6;  // those layouts had no checksum
  if (may_be_other && is_older) return other_version(path, header.layout);
  if (!sound) return damaged_state(path, "the checksum of its header is wrong");
  if (header.layout == 6 && size != layout6::file_bytes)
    return damaged_state(path, size_problem(size, std::to_string(layout6::file_bytes)));
  if (header.layout == 6) return FoundLayout{true, {}};
  if (header.layout != layout_version) return other_version(path, header.layout);

  if (header.sections > max_sections) return damaged_state(path, "it has too many sections");
  std::vector<TableEntry> table(header.sections);
  const auto table_bytes = table.size() * sizeof(TableEntry);
  if (!read_at(fd, table.data(), table_bytes, sizeof header))
    return damaged_state(path, size_problem(size, "at least " + std::to_string(sizeof header + table_bytes)));
  if (checksum(table.data(), table_bytes) != header.table_sum)
    return damaged_state(path, "the checksum of its table of sections is wrong");
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto same_name = [&](const TableEntry& other) {
      return other.shape.name.view() == table[i].shape.name.view();
    };
    if (!is_sane(table[i].shape) ||
        std::any_of(table.begin(), table.begin() + static_cast<std::ptrdiff_t>(i), same_name))
      return damaged_state(path, "its table of sections is invalid");
  }
  auto layout = layout_of(table);
  if (layout.file_bytes > max_file_bytes) return damaged_state(path, "its table of sections is invalid");
  if (size != layout.file_bytes) return damaged_state(path, size_problem(size, std::to_string(layout.file_bytes)));
  for (const auto& entry : table) GPUSLICE_CHECK(check_readable(entry.shape, path));
  return FoundLayout{false, std::move(layout)};
}

StateImage state_image(const Sections& sections, std::uint64_t watch) {
  std::vector<TableEntry> table;
  for (const auto& section : sections) {
    const bool constant = section.shape.storage == Storage::constant;
    table.push_back({section.shape, constant ? checksum(section.bytes.data(), section.bytes.size()) : 0, {}});
  }
  auto layout = layout_of(table);
  std::vector<std::byte> image(layout.file_bytes);
  StateHeader header;
  header.magic = state_magic;
  header.layout = layout_version;
  header.sections = static_cast<std::uint32_t>(table.size());
  header.table_sum = checksum(table.data(), table.size() * sizeof(TableEntry));
  header.sum = checksum(&header, header_summed_bytes);
  header.watch = watch;
  std::memcpy(image.data(), &header, sizeof header);
  std::memcpy(image.data() + sizeof header, table.data(), table.size() * sizeof(TableEntry));

  std::vector<ItemRecord> records(layout.records);
  for (std::size_t n = 0; n < sections.size(); ++n) {
    const auto& placed = layout.sections[n];
    const auto& bytes = sections[n].bytes;
    if (placed.shape.storage != Storage::twofold) {
      std::memcpy(image.data() + placed.at, bytes.data(), bytes.size());
      continue;
    }
    for (std::size_t item = 0; item < placed.shape.items; ++item) {
      const auto* from = bytes.data() + item * placed.shape.item_bytes;
      records[placed.first_record + item].sum = checksum(from, placed.shape.item_bytes);
      for (const unsigned copy : {0U, 1U})
        std::memcpy(image.data() + placed.copy_at(item, copy), from, placed.shape.item_bytes);
    }
  }
  const RootHeader root{0, root_sum(0, records)};
  std::memcpy(image.data() + layout.root_at(0), &root, sizeof root);
  std::memcpy(image.data() + layout.root_at(0) + sizeof root, records.data(), records.size() * sizeof(ItemRecord));
  return {std::move(layout), std::move(image)};
}

Hint delete_hint(const std::string& path) {
  const std::filesystem::path file(path);
  const auto node = file.parent_path();
  if (file.filename() != "state" || node.parent_path().filename() == "snapshots") return {};
  return Hint::gpuslice({"sim", "delete", node.filename().string()});
}

std::unexpected<Error> damaged_state(const std::string& path, const std::string& what) {
  return fail(ErrorKind::damaged, path, "is damaged: " + what, delete_hint(path));
}

}  // namespace gpuslice::sim
