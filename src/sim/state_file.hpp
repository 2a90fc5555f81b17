// The mapped state file of a simulated node. All processes of the node share it, and it survives each of them.
//
// The file consists of sections (sections.hpp), laid out as state_layout.hpp describes. Everything that changes is in
// items with two copies each. The lowest bit of the generation counter selects one of two roots as current, and the
// root names the current copy of every item. A writer holds a lock, writes the copies of changed items that are *not*
// current and the other root, and then increments the generation. So a writer killed anywhere leaves the current state
// whole, and the kernel frees its lock. A reader copies what it needs and keeps it only if the generation is still the
// same afterwards. The file never changes its size.
//
// Each part has a checksum: the header, the table of sections, each section that never changes, each root, each item,
// each event. `open` checks every current part. A writer checks the root, each item that other processes have changed
// since its last transaction, and each item before it is replaced, so that a damaged state is neither used nor written
// back with a valid checksum. Reads of an open file check nothing, because there are too many of them.
//
// When a file of layout 6, or one that lacks a section of this program, is opened for writing, it is rewritten: a new
// file is renamed to its name. When it is opened read-only, its content at that moment is converted in memory. Before
// the rename, the old file is retired (generation.hpp): processes that have it mapped can read its last state, but
// their writes are refused.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/fixed_vector.hpp"
#include "base/result.hpp"
#include "sim/sections.hpp"
#include "sim/state.hpp"
#include "sim/state_layout.hpp"
#include "sim/state_lock.hpp"

namespace gpuslice::sim {

enum class Access { read_only, read_write };

class StateFile {
 public:
  // Creates the file (it must not exist). Mode 0644. Errors: exists, not_found, permission, io.
  [[nodiscard]] static Result<void> create(const std::string& path, const Contents& contents);
  [[nodiscard]] static Result<void> create(const std::string& path, const NodeConfig& config, const NodeDynamic& start);

  // Errors: not_found, permission, damaged (names the part), unsupported (created by another version of gpuslice), io.
  [[nodiscard]] static Result<std::unique_ptr<StateFile>> open(const std::string& path, Access access);

  // Rewrites the file with these sections if it lacks some of them; new ones start as zeros. This is for sections that
  // this program does not know. Errors: as open; unsupported if it has a section of the same name and another shape.
  [[nodiscard]] static Result<void> make_room(const std::string& path, const Sections& others);

  // True when opening for writing would rewrite the file: it has an earlier layout, or lacks a section. Errors: as
  // open.
  [[nodiscard]] static Result<bool> needs_rewrite(const std::string& path);

  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  [[nodiscard]] const NodeConfig& config() const;  // never changes
  [[nodiscard]] std::uint64_t generation() const;
  // True while the path still names the file that is open.
  [[nodiscard]] bool is_current() const;

  [[nodiscard]] NodeDynamic read() const;
  // The whole content at one moment, after its checksums have been checked. Errors: damaged.
  [[nodiscard]] Result<Contents> contents() const;
  [[nodiscard]] GpuDynamic read_gpu(std::size_t gpu) const;  // cheaper: one GPU
  [[nodiscard]] std::uint64_t read_boot() const;
  struct Slots {
    std::uint64_t boot{};
    std::uint64_t clients{};  // see NodeDynamic::client_slots
  };
  [[nodiscard]] Slots read_slots() const;
  // What each call of the driver must check, as bits (state.hpp); on most nodes it is 0. This is one word of the
  // header, and it always includes the bits that the current root needs.
  [[nodiscard]] std::uint64_t watch() const { return std::atomic_ref(*watch_).load(std::memory_order_acquire); }
  [[nodiscard]] Orders read_orders() const;
  // Reads the records at one moment; reads nothing if no slot is used.
  void read_clients(std::array<Client, max_clients>& into) const;

  // Events. The state holds the number of the last event. The result is nullopt for an event that newer ones have
  // overwritten.
  [[nodiscard]] std::uint64_t last_event() const;
  [[nodiscard]] std::optional<Event> event(std::uint64_t number) const;
  // To wait for events: read the word, check for events, then sleep on the value read. The word is incremented after
  // every commit that raised events or called announce. A writer killed between the commit and the increment leaves it
  // unchanged, so always sleep with a limit. `sleep` returns false when that time is over.
  [[nodiscard]] std::uint32_t wake_word() const;
  [[nodiscard]] bool sleep(std::uint32_t word, std::chrono::nanoseconds longest) const;

  // Call this only inside `change` of transact: the event is committed with that change or not at all. One change may
  // raise at most max_raised events.
  static constexpr std::size_t max_raised = 64;
  void raise(const Event& event) { raised_.push_back(event); }
  // Call this only inside `change`. It sets the content of those of these sections (unknown to this program) that are
  // twofold and that the file has in the same shape. `others` must live until the end of the transaction.
  void put_others(const Sections& others) { others_ = &others; }
  // Call this only inside `change`. It wakes the processes that wait for events even if the change raises none.
  void announce() { announced_ = true; }

  // Runs `change(NodeDynamic&) -> bool` under the lock; commits when it returns true. Then, still under the lock, runs
  // `after(committed)`. Errors: permission when opened read-only, damaged, unsupported when another version of gpuslice
  // has rewritten the file, io.
  template <class Change, class After>
  [[nodiscard]] Result<bool> transact(Change&& change, After&& after) {
    GPUSLICE_CHECK(lock());
    const StateUnlock unlock(*lock_);
    GPUSLICE_CHECK(begin());
    const bool wanted = change(*draft_);
    const auto done = wanted ? commit() : Result<void>{};
    after(wanted && done.has_value());
    if (!done) return std::unexpected(done.error());
    return wanted;
  }
  template <class Change>
  [[nodiscard]] Result<bool> transact(Change&& change) {
    return transact(std::forward<Change>(change), [](bool) {});
  }
  // Runs `look(const NodeDynamic&)` under the lock. Does nothing if another process holds the lock, or if this one may
  // not take it.
  template <class Look>
  void visit_if_free(Look&& look) {
    if (!lock_ || !lock_->lock_if_free()) return;
    const StateUnlock unlock(*lock_);
    if (load_current()) look(std::as_const(*base_));
  }
  // Sets or clears watch_tree. Call it only under the lock.
  void mark_tree(bool unsettled);

 private:
  // The current state, as read and checked.
  struct Found {
    std::vector<ItemRecord> records;
    std::unique_ptr<NodeDynamic> state = std::make_unique<NodeDynamic>();
    Sections others;
  };
  // An item that a commit writes.
  struct Change {
    const PlacedSection* section{};
    std::size_t item{};
    const std::byte* bytes{};
  };
  StateFile() = default;

  // Maps the file as it is, and checks its header and table.
  [[nodiscard]] static Result<std::unique_ptr<StateFile>> map(const std::string& path, Access access);
  // Rewrites the file when this program cannot use it as it is, or when it lacks some of `others`. Errors: as open.
  [[nodiscard]] static Result<void> rewrite(const std::string& path, const Sections& others);
  void use_layout(StateLayout layout);
  [[nodiscard]] bool is_outdated() const;
  // Continues with a converted copy in memory. Errors: damaged, io.
  [[nodiscard]] Result<void> convert();

  [[nodiscard]] Result<void> lock();
  [[nodiscard]] Result<void> check();
  [[nodiscard]] Result<Found> find_current(bool with_others) const;
  [[nodiscard]] Result<void> check_constants() const;
  // Brings records_ and base_ up to date. Call it only under the lock. Errors: damaged, unsupported.
  [[nodiscard]] Result<void> load_current();
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> commit();
  // Finds the items that differ from the current ones, and checks the current ones. Errors: damaged.
  [[nodiscard]] Result<void> collect_changes();
  [[nodiscard]] Result<void> add_change(const PlacedSection& section, std::size_t item, const std::byte* bytes);
  [[nodiscard]] std::unexpected<Error> damaged_item(const PlacedSection& section, std::size_t item) const;
  // Copies `bytes` of an item of a known section, from `offset` in it.
  void copy_consistent(void* into, KnownIndex known, std::size_t item, std::size_t offset, std::size_t bytes) const;

  std::string path_;
  int fd_{-1};
  Access access_{Access::read_only};
  std::byte* map_{nullptr};
  std::size_t map_bytes_{};
  bool is_layout6_{};
  StateLayout layout_;
  std::array<const PlacedSection*, known_sections.size()> known_{};  // in layout_
  std::optional<StateLock> lock_;                                    // absent if the file may only be read
  // Points into map_; nullptr if the file has none.
  const NodeConfig* config_{nullptr};
  EventRing* events_{nullptr};
  std::uint64_t* watch_{nullptr};
  // `base_` is the state that this process last saw under the lock, `draft_` the one to which a change is applied. They
  // differ while a change runs, and after a change that was not committed.
  std::vector<ItemRecord> records_;
  std::unique_ptr<NodeDynamic> base_, draft_;
  bool draft_differs_{};
  // Of the transaction in progress.
  std::vector<ItemRecord> next_;
  std::vector<Change> changes_;
  const Sections* others_{};
  std::uint64_t events_before_{};
  FixedVector<Event, max_raised> raised_;
  bool announced_{};
};

}  // namespace gpuslice::sim
