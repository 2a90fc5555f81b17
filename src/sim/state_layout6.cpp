#include "sim/state_layout6.hpp"

#include <array>
#include <atomic>
#include <cstring>

#include "base/checksum.hpp"
#include "sim/faults.hpp"
#include "sim/generation.hpp"
#include "sim/shared_words.hpp"
#include "sim/state_layout.hpp"

namespace gpuslice::sim::layout6 {
namespace {

constexpr std::size_t config_at = header_bytes;
constexpr std::size_t events_at = config_at + config_bytes;
constexpr std::size_t snapshots_at = events_at + events_bytes;

// Offsets of fields in the header: layout, size of the configuration, size of a snapshot, checksum of the
// configuration.
constexpr std::size_t config_size_at = 12;
constexpr std::size_t dynamic_size_at = 16;
constexpr std::size_t config_sum_at = 24;

static_assert(sizeof(EventRing) == events_bytes && offsetof(NodeDynamic, events) == 16);

struct Part {
  const char* name;
  std::uint32_t items;
  std::uint32_t item_bytes;
};
// The parts of a snapshot, in order.
constexpr std::array<Part, 5> parts = {
    {{"node", 1, 24}, {"gpus", 32, 1112}, {"clients", 64, 344}, {"accounted", 1, 16392}, {"orders", 1, 4176}}};

Section section_of(const char* name, Storage storage, std::uint32_t items, std::size_t item_bytes,
                   const std::byte* from) {
  Section section;
  section.shape.name.set(name);
  section.shape.version = 1;
  section.shape.storage = storage;
  section.shape.items = items;
  section.shape.item_bytes = static_cast<std::uint32_t>(item_bytes);
  section.bytes.resize(section.shape.bytes());
  copy_out(section.bytes.data(), from, section.bytes.size());
  return section;
}

std::uint32_t small_word(const std::byte* at) {
  std::uint32_t word{};
  std::memcpy(&word, at, sizeof word);
  return word;
}

// The checks that the version with this layout made when it opened a file.
Result<void> check(const Contents& contents, std::uint64_t watch, const std::string& path) {
  if (contents.config->gpu_count > max_gpus) return damaged_state(path, "it has too many GPUs");
  if ((watch_of(*contents.state) & ~watch) != 0)
    return damaged_state(path, "its header lacks watch bits that its current snapshot needs");
  return {};
}

}  // namespace

Result<Read> read(const std::byte* map, const std::string& path) {
  if (small_word(map + config_size_at) != config_bytes || small_word(map + dynamic_size_at) != dynamic_bytes)
    return fail(ErrorKind::unsupported, path,
                "was created by another version of gpuslice: its parts have different sizes", delete_hint(path));
  Sections all;
  all.push_back(section_of("config", Storage::constant, 1, config_bytes, map + config_at));
  if (checksum(all[0].bytes.data(), config_bytes) != load_word(map + config_sum_at))
    return damaged_state(path, "the checksum of its configuration is wrong");

  const std::atomic_ref generation(*reinterpret_cast<std::uint64_t*>(const_cast<std::byte*>(map + generation_at)));
  std::vector<std::byte> snapshot(dynamic_bytes + seal_bytes);
  for (;;) {
    const auto before = generation.load(std::memory_order_acquire);
    const auto count = is_retired(before) ? before ^ retired_bit : before;
    if (!is_generation(count)) return damaged_state(path, "its generation counter is wrong");
    copy_out(snapshot.data(), map + snapshots_at + (before & 1U) * snapshot.size(), snapshot.size());
    std::uint64_t last_event{};
    std::memcpy(&last_event, snapshot.data() + offsetof(NodeDynamic, events), sizeof last_event);
    const auto& ring = *reinterpret_cast<const EventRing*>(map + events_at);
    EventRing events;
    ring.copy_to(events, last_event);
    const bool sound = ring.sound(last_event);
    const auto watch = load_word(map + offsetof(StateHeader, watch));
    std::atomic_thread_fence(std::memory_order_acquire);
    if (generation.load(std::memory_order_acquire) != before) continue;

    std::uint64_t sealed_generation{};
    std::uint64_t sum{};
    std::memcpy(&sealed_generation, snapshot.data() + dynamic_bytes, sizeof sealed_generation);
    std::memcpy(&sum, snapshot.data() + dynamic_bytes + sizeof sealed_generation, sizeof sum);
    if (sealed_generation != count) return damaged_state(path, "its current snapshot has the wrong generation");
    if (sum != checksum(snapshot.data(), dynamic_bytes))
      return damaged_state(path, "the checksum of its current snapshot is wrong");
    if (!sound) return damaged_state(path, "the checksum of an event is wrong");
    all.push_back(
        section_of("events", Storage::self_guarded, 1, events_bytes, reinterpret_cast<const std::byte*>(&events)));
    std::size_t at = 0;
    for (const auto& part : parts) {
      all.push_back(section_of(part.name, Storage::twofold, part.items, part.item_bytes, snapshot.data() + at));
      at += all.back().bytes.size();
    }
    GPUSLICE_CHECK(check(contents_of(all), watch, path));
    return Read{std::move(all), watch};
  }
}

}  // namespace gpuslice::sim::layout6
