#include "sim/state_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/checksum.hpp"
#include "base/descriptor.hpp"
#include "sim/faults.hpp"
#include "sim/generation.hpp"
#include "sim/shared_words.hpp"
#include "sim/state_layout6.hpp"
#include "sim/wake_word.hpp"

namespace gpuslice::sim {
namespace {

// Which copy of an item the root of this generation selects.
unsigned current_copy(const std::byte* map, const StateLayout& layout, std::uint64_t generation, std::size_t record) {
  const auto at = layout.root_at(generation) + sizeof(RootHeader) + record * sizeof(ItemRecord);
  return ItemRecord{load_word(map + at), 0}.copy();
}

const KnownSection* known_of(const PlacedSection& section) {
  const auto* found = std::find_if(known_sections.begin(), known_sections.end(),
                                   [&](const auto& known) { return known.name == section.shape.name.view(); });
  return found == known_sections.end() ? nullptr : found;
}

std::byte* item_of(NodeDynamic& state, const KnownSection& known, std::size_t item) {
  return reinterpret_cast<std::byte*>(&state) + known.offset + item * known.item_bytes;
}

}  // namespace

// --- Opening

Result<std::unique_ptr<StateFile>> StateFile::map(const std::string& path, Access access) {
  const bool writable = access == Access::read_write;
  const int fd = open_file(path.c_str(), (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (fd < 0) return fail_errno(path, "cannot open the state of the node", errno);
  std::unique_ptr<StateFile> file(new StateFile);
  file->path_ = path;
  file->fd_ = fd;
  file->access_ = access;
  struct stat info{};
  if (::fstat(fd, &info) != 0) return fail_errno(path, "cannot read the state of the node", errno);
  const auto size = static_cast<std::size_t>(info.st_size);
  auto found = GPUSLICE_TRY(find_layout(fd, path, size));
  void* map = ::mmap(nullptr, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) return fail_errno(path, "cannot map the state of the node", errno);
  file->map_ = static_cast<std::byte*>(map);
  file->map_bytes_ = size;
  file->is_layout6_ = found.is_layout6;
  if (!found.is_layout6) file->use_layout(std::move(found.layout));
  return file;
}

void StateFile::use_layout(StateLayout layout) {
  layout_ = std::move(layout);
  is_layout6_ = false;
  watch_ = &header_of(map_).watch;
  for (std::size_t known = 0; known < known_.size(); ++known) known_[known] = layout_.find(known_sections[known].name);
  const auto* config = layout_.find(config_shape().name.view());
  const auto* events = layout_.find(events_shape().name.view());
  config_ = config != nullptr ? reinterpret_cast<const NodeConfig*>(map_ + config->at) : nullptr;
  events_ = events != nullptr ? reinterpret_cast<EventRing*>(map_ + events->at) : nullptr;
}

bool StateFile::is_outdated() const {
  return is_layout6_ || std::find(known_.begin(), known_.end(), nullptr) != known_.end() || config_ == nullptr ||
         events_ == nullptr || is_retired(generation_of(map_).load(std::memory_order_acquire));
}

Result<std::unique_ptr<StateFile>> StateFile::open(const std::string& path, Access access) {
  auto file = GPUSLICE_TRY(map(path, access));
  if (file->is_outdated()) {
    if (access == Access::read_only) {
      GPUSLICE_CHECK(file->convert());
    } else {
      GPUSLICE_CHECK(rewrite(path, {}));
      file = GPUSLICE_TRY(map(path, access));
    }
  }
  if (access == Access::read_write) file->lock_.emplace(GPUSLICE_TRY(StateLock::open(path, file->fd_)));
  GPUSLICE_CHECK(file->check());
  return file;
}

StateFile::~StateFile() {
  if (map_ != nullptr) ::munmap(map_, map_bytes_);
  if (fd_ >= 0) ::close(fd_);
}

// --- Checking

std::unexpected<Error> StateFile::damaged_item(const PlacedSection& section, std::size_t item) const {
  const auto name = std::string(section.shape.name.view());
  if (section.shape.items == 1) return damaged_state(path_, "the checksum of its section " + name + " is wrong");
  return damaged_state(path_, "the checksum of item " + std::to_string(item) + " of its section " + name + " is wrong");
}

Result<void> StateFile::check_constants() const {
  for (const auto& section : layout_.sections)
    if (section.shape.storage == Storage::constant && checksum(map_ + section.at, section.shape.bytes()) != section.sum)
      return damaged_item(section, 0);
  if (config_ != nullptr && config().gpu_count > max_gpus) return damaged_state(path_, "it has too many GPUs");
  return {};
}

// Finds a consistent state: reads again if a writer changes something meanwhile.
Result<StateFile::Found> StateFile::find_current(bool with_others) const {
  Found found;
  found.records.resize(layout_.records);
  const auto generation = generation_of(map_);
  for (;;) {
    const auto before = generation.load(std::memory_order_acquire);
    const auto counted = is_retired(before) ? before ^ retired_bit : before;
    if (!is_generation(counted)) return damaged_state(path_, "its generation counter is wrong");
    RootHeader root;
    copy_out(&root, map_ + layout_.root_at(before), sizeof root);
    copy_out(found.records.data(), map_ + layout_.root_at(before) + sizeof root,
             found.records.size() * sizeof(ItemRecord));
    found.others.clear();
    const PlacedSection* wrong = nullptr;
    std::size_t wrong_item = 0;
    for (const auto& section : layout_.sections) {
      if (is_known(section.shape) && section.shape.storage != Storage::twofold) continue;
      const auto* known = known_of(section);
      Section other{section.shape, std::vector<std::byte>(known == nullptr ? section.shape.bytes() : 0)};
      if (section.shape.storage != Storage::twofold)
        copy_out(other.bytes.data(), map_ + section.at, other.bytes.size());
      for (std::size_t item = 0; section.shape.storage == Storage::twofold && item < section.shape.items; ++item) {
        const auto& record = found.records[section.first_record + item];
        auto* into = known != nullptr ? item_of(*found.state, *known, item)
                                      : other.bytes.data() + item * section.shape.item_bytes;
        copy_out(into, map_ + section.copy_at(item, record.copy()), section.shape.item_bytes);
        if (wrong == nullptr && checksum(into, section.shape.item_bytes) != record.sum) {
          wrong = &section;
          wrong_item = item;
        }
      }
      if (known == nullptr && with_others) found.others.push_back(std::move(other));
    }
    // Loaded before the generation is compared: as long as the generation has not changed, the word has the bits that
    // the state needs.
    const auto watch = std::atomic_ref(header_of(map_).watch).load(std::memory_order_acquire);
    std::atomic_thread_fence(std::memory_order_acquire);
    const bool sound = events_ == nullptr || events_->sound(found.state->events);
    if (generation.load(std::memory_order_acquire) != before) continue;
    if (root.generation != counted) return damaged_state(path_, "its current root has the wrong generation");
    if (root.sum != root_sum(counted, found.records))
      return damaged_state(path_, "the checksum of its current root is wrong");
    if (wrong != nullptr) return damaged_item(*wrong, wrong_item);
    if ((watch_of(*found.state) & ~watch) != 0)
      return damaged_state(path_, "its header lacks watch bits that its current state needs");
    if (!sound) return damaged_state(path_, "the checksum of an event is wrong");
    return found;
  }
}

Result<void> StateFile::check() {
  GPUSLICE_CHECK(check_constants());
  auto found = GPUSLICE_TRY(find_current(false));
  if (access_ == Access::read_only) return {};
  records_ = std::move(found.records);
  base_ = std::move(found.state);
  return {};
}

Result<Contents> StateFile::contents() const {
  if (is_layout6_) return contents_of(GPUSLICE_TRY(layout6::read(map_, path_)).sections);
  GPUSLICE_CHECK(check_constants());
  auto found = GPUSLICE_TRY(find_current(true));
  Contents contents;
  if (config_ != nullptr) *contents.config = config();
  if (events_ != nullptr) events_->copy_to(*contents.events, found.state->events);
  contents.state = std::move(found.state);
  contents.others = std::move(found.others);
  return contents;
}

// --- Reading

const NodeConfig& StateFile::config() const { return *config_; }

std::uint64_t StateFile::generation() const { return count_of(generation_of(map_).load(std::memory_order_acquire)); }

bool StateFile::is_current() const {
  struct stat mine{};
  struct stat named{};
  return ::fstat(fd_, &mine) == 0 && ::stat(path_.c_str(), &named) == 0 && mine.st_dev == named.st_dev &&
         mine.st_ino == named.st_ino;
}

void StateFile::copy_consistent(void* into, KnownIndex known, std::size_t item, std::size_t offset,
                                std::size_t bytes) const {
  const auto& section = *known_[known];
  const auto generation = generation_of(map_);
  for (;;) {
    const auto before = generation.load(std::memory_order_acquire);
    const auto copy = current_copy(map_, layout_, before, section.first_record + item);
    copy_out(into, map_ + section.copy_at(item, copy) + offset, bytes);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (generation.load(std::memory_order_relaxed) == before) return;
  }
}

NodeDynamic StateFile::read() const {
  NodeDynamic all;
  const auto generation = generation_of(map_);
  for (;;) {
    const auto before = generation.load(std::memory_order_acquire);
    for (std::size_t known = 0; known < known_.size(); ++known)
      for (std::size_t item = 0; item < known_sections[known].items; ++item) {
        const auto copy = current_copy(map_, layout_, before, known_[known]->first_record + item);
        copy_out(item_of(all, known_sections[known], item), map_ + known_[known]->copy_at(item, copy),
                 known_sections[known].item_bytes);
      }
    std::atomic_thread_fence(std::memory_order_acquire);
    if (generation.load(std::memory_order_relaxed) == before) return all;
  }
}

GpuDynamic StateFile::read_gpu(std::size_t gpu) const {
  GpuDynamic one;
  copy_consistent(&one, section_gpus, gpu, 0, sizeof one);
  return one;
}

std::uint64_t StateFile::read_boot() const {
  std::uint64_t boot{};
  copy_consistent(&boot, section_node, 0, offsetof(NodeDynamic, boot), sizeof boot);
  return boot;
}

StateFile::Slots StateFile::read_slots() const {
  Slots slots;
  static_assert(offsetof(NodeDynamic, client_slots) == offsetof(NodeDynamic, boot) + sizeof slots.boot);
  copy_consistent(&slots, section_node, 0, offsetof(NodeDynamic, boot), sizeof slots);
  return slots;
}

Orders StateFile::read_orders() const {
  Orders orders;
  copy_consistent(&orders, section_orders, 0, 0, sizeof orders);
  return orders;
}

void StateFile::read_clients(std::array<Client, max_clients>& into) const {
  const auto generation = generation_of(map_);
  for (;;) {
    const auto before = generation.load(std::memory_order_acquire);
    const auto& node = *known_[section_node];
    const auto& clients = *known_[section_clients];
    const auto node_copy = current_copy(map_, layout_, before, node.first_record);
    const auto used = load_word(map_ + node.copy_at(0, node_copy) + offsetof(NodeDynamic, client_slots));
    for (std::size_t slot = 0; slot < into.size() && used != 0; ++slot) {
      const auto copy = current_copy(map_, layout_, before, clients.first_record + slot);
      copy_out(&into[slot], map_ + clients.copy_at(slot, copy), sizeof into[slot]);
    }
    std::atomic_thread_fence(std::memory_order_acquire);
    if (generation.load(std::memory_order_relaxed) != before) continue;
    if (used == 0) into = {};
    return;
  }
}

std::uint64_t StateFile::last_event() const {
  std::uint64_t number{};
  copy_consistent(&number, section_node, 0, offsetof(NodeDynamic, events), sizeof number);
  return number;
}

std::optional<Event> StateFile::event(std::uint64_t number) const { return events_->get(number); }
std::uint32_t StateFile::wake_word() const { return read_word(header_of(map_).wakes); }
bool StateFile::sleep(std::uint32_t word, std::chrono::nanoseconds longest) const {
  return sleep_on(header_of(map_).wakes, word, longest);
}

// --- Changing

Result<void> StateFile::lock() {
  if (access_ != Access::read_write)
    return fail(ErrorKind::permission, path_, "is read-only for this user",
                "use sudo, or create the node as this user");
  return lock_->lock();
}

Result<void> StateFile::load_current() {
  const auto generation = generation_of(map_).load(std::memory_order_acquire);
  if (is_retired(generation))
    return fail(ErrorKind::unsupported, path_,
                "was rewritten by another version of gpuslice after this program had opened it", "run it again");
  if (!is_generation(generation)) return damaged_state(path_, "its generation counter is wrong");
  RootHeader root;
  const auto* at = map_ + layout_.root_at(generation);
  next_.resize(layout_.records);
  copy_out(&root, at, sizeof root);
  copy_out(next_.data(), at + sizeof root, next_.size() * sizeof(ItemRecord));
  if (root.generation != generation) return damaged_state(path_, "its current root has the wrong generation");
  if (root.sum != root_sum(generation, next_)) return damaged_state(path_, "the checksum of its current root is wrong");
  for (std::size_t known = 0; known < known_.size(); ++known)
    for (std::size_t item = 0; item < known_sections[known].items; ++item) {
      auto& mine = records_[known_[known]->first_record + item];
      const auto& theirs = next_[known_[known]->first_record + item];
      if (mine == theirs) continue;
      const auto bytes = known_sections[known].item_bytes;
      auto* into = item_of(*base_, known_sections[known], item);
      copy_out(into, map_ + known_[known]->copy_at(item, theirs.copy()), bytes);
      if (checksum(into, bytes) != theirs.sum) return damaged_item(*known_[known], item);
      mine = theirs;
      if (draft_) std::memcpy(item_of(*draft_, known_sections[known], item), into, bytes);
    }
  records_ = next_;
  return {};
}

Result<void> StateFile::begin() {
  GPUSLICE_CHECK(load_current());
  if (!draft_) {
    draft_ = std::make_unique<NodeDynamic>(*base_);
  } else if (draft_differs_) {
    std::memcpy(draft_.get(), base_.get(), sizeof *draft_);
  }
  draft_differs_ = true;
  events_before_ = base_->events;
  if (!raised_.empty()) raised_.clear();
  announced_ = false;
  others_ = nullptr;
  return {};
}

Result<void> StateFile::add_change(const PlacedSection& section, std::size_t item, const std::byte* bytes) {
  const auto& record = records_[section.first_record + item];
  // No other process can be writing it, because this one has the lock.
  if (checksum(map_ + section.copy_at(item, record.copy()), section.shape.item_bytes) != record.sum)
    return damaged_item(section, item);
  changes_.push_back({&section, item, bytes});
  return {};
}

Result<void> StateFile::collect_changes() {
  changes_.clear();
  for (std::size_t known = 0; known < known_.size(); ++known)
    for (std::size_t item = 0; item < known_sections[known].items; ++item) {
      const auto* bytes = item_of(*draft_, known_sections[known], item);
      if (std::memcmp(bytes, item_of(*base_, known_sections[known], item), known_sections[known].item_bytes) != 0)
        GPUSLICE_CHECK(add_change(*known_[known], item, bytes));
    }
  if (others_ == nullptr) return {};
  for (const auto& other : *others_) {
    const auto* section = layout_.find(other.shape.name.view());
    if (section == nullptr || !(section->shape == other.shape) || other.shape.storage != Storage::twofold) continue;
    for (std::size_t item = 0; item < other.shape.items; ++item) {
      const auto* bytes = other.bytes.data() + item * other.shape.item_bytes;
      if (checksum(bytes, other.shape.item_bytes) != records_[section->first_record + item].sum)
        GPUSLICE_CHECK(add_change(*section, item, bytes));
    }
  }
  return {};
}

Result<void> StateFile::commit() {
  auto& next = *draft_;
  static_assert(max_clients <= 64);
  next.client_slots = 0;
  for (std::size_t slot = 0; slot < max_clients; ++slot)
    if (next.clients[slot].used != 0) next.client_slots |= std::uint64_t{1} << slot;
  next.events = events_before_ + raised_.size();
  GPUSLICE_CHECK(collect_changes());
  // No reader asks for these numbers before the state written below includes them.
  auto number = events_before_;
  for (const auto& event : raised_) events_->put(++number, event);
  auto generation = generation_of(map_);
  const auto current = generation.load(std::memory_order_relaxed);
  // A reader that sees any of the words written below must also see that the generation has changed since it began.
  std::atomic_thread_fence(std::memory_order_release);
  const auto count = count_of(current) + 1;
  const auto following = generation_word(count);
  for (const auto& change : changes_) {
    const auto bytes = change.section->shape.item_bytes;
    auto& record = records_[change.section->first_record + change.item];
    const unsigned other = 1 - record.copy();
    copy_in(map_ + change.section->copy_at(change.item, other), change.bytes, bytes);
    record = {2 * count + other, checksum(change.bytes, bytes)};
    if (const auto* known = known_of(*change.section))
      std::memcpy(item_of(*base_, *known, change.item), change.bytes, bytes);
  }
  draft_differs_ = false;
  auto* root_at = map_ + layout_.root_at(following);
  const RootHeader root{following, root_sum(following, records_)};
  copy_in(root_at, &root, sizeof root);
  copy_in(root_at + sizeof root, records_.data(), records_.size() * sizeof(ItemRecord));
  // Bits are set before the commit that needs them, and cleared after the commit that no longer needs them. A writer
  // killed in between leaves a bit too many, which the next commit clears.
  const std::atomic_ref watch(*watch_);
  const auto before = watch.load(std::memory_order_relaxed);
  const auto wanted = watch_of(next) | (before & watch_tree);
  watch.store(before | wanted, std::memory_order_release);
  generation.store(following, std::memory_order_release);
  watch.store(wanted, std::memory_order_release);
  // Last, so that a process that wakes finds the event that woke it.
  if (announced_ || !raised_.empty()) wake_all(header_of(map_).wakes);
  return {};
}

void StateFile::mark_tree(bool unsettled) {
  const std::atomic_ref watch(*watch_);
  if (unsettled)
    watch.fetch_or(watch_tree, std::memory_order_acq_rel);
  else
    watch.fetch_and(~watch_tree, std::memory_order_acq_rel);
}

}  // namespace gpuslice::sim
