#include "sim/sections.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gpuslice::sim {
namespace {

SectionShape shape_of(std::string_view name, std::uint32_t version, Storage storage, std::uint32_t items,
                      std::size_t item_bytes) {
  SectionShape shape;
  shape.name.set(name);
  shape.version = version;
  shape.storage = storage;
  shape.items = items;
  shape.item_bytes = static_cast<std::uint32_t>(item_bytes);
  return shape;
}

Section section_of(const SectionShape& shape, const void* data) {
  Section section{shape, std::vector<std::byte>(shape.bytes())};
  std::memcpy(section.bytes.data(), data, section.bytes.size());
  return section;
}

// The shape that this program reads for a section of this name; `version` is 0 if it knows none.
SectionShape known_shape(std::string_view name) {
  if (name == config_shape().name.view()) return config_shape();
  if (name == events_shape().name.view()) return events_shape();
  const auto* found = std::find_if(known_sections.begin(), known_sections.end(),
                                   [&](const KnownSection& section) { return section.name == name; });
  return found == known_sections.end() ? SectionShape{} : found->shape();
}

}  // namespace

SectionShape KnownSection::shape() const { return shape_of(name, version, Storage::twofold, items, item_bytes); }
SectionShape config_shape() { return shape_of("config", 1, Storage::constant, 1, sizeof(NodeConfig)); }
SectionShape events_shape() { return shape_of("events", 1, Storage::self_guarded, 1, sizeof(EventRing)); }

bool is_known(const SectionShape& shape) { return known_shape(shape.name.view()).version != 0; }

Result<void> check_readable(const SectionShape& shape, const std::string& path) {
  const auto mine = known_shape(shape.name.view());
  if (mine.version == 0 || shape == mine) return {};
  const auto name = std::string(shape.name.view());
  if (shape.version != mine.version)
    return fail(ErrorKind::unsupported, path,
                "was created by another version of gpuslice: its section " + name + " has version " +
                    std::to_string(shape.version) + ", this one reads version " + std::to_string(mine.version));
  return fail(ErrorKind::unsupported, path,
              "was created by another version of gpuslice: its section " + name + " has a different size");
}

Sections sections_of(const Contents& contents) {
  Sections sections;
  sections.push_back(section_of(config_shape(), contents.config.get()));
  sections.push_back(section_of(events_shape(), contents.events.get()));
  const auto* state = reinterpret_cast<const std::byte*>(contents.state.get());
  for (const auto& known : known_sections) sections.push_back(section_of(known.shape(), state + known.offset));
  sections.insert(sections.end(), contents.others.begin(), contents.others.end());
  return sections;
}

Contents contents_of(Sections sections) {
  Contents contents;
  auto* state = reinterpret_cast<std::byte*>(contents.state.get());
  for (auto& section : sections) {
    void* into = nullptr;
    if (section.shape == config_shape()) into = contents.config.get();
    if (section.shape == events_shape()) into = contents.events.get();
    for (const auto& known : known_sections)
      if (section.shape == known.shape()) into = state + known.offset;
    if (into != nullptr)
      std::memcpy(into, section.bytes.data(), section.bytes.size());
    else
      contents.others.push_back(std::move(section));
  }
  return contents;
}

}  // namespace gpuslice::sim
