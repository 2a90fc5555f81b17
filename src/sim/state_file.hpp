// The mapped file behind a simulated node: shared by all its processes, and surviving each of them.
//
// The file consists of sections (sections.hpp); where they lie, state_layout.hpp says. What changes is in items with
// two copies each. One of two roots is current, by the lowest bit of the generation counter; it names the current copy
// of every item. A writer holds a lock, writes the copies of changed items that are *not* current and the other root,
// and then counts the generation up. So a writer killed anywhere leaves the current state whole, and the kernel frees
// its lock. A reader copies what it needs and keeps it only if the generation is still the same afterwards. The file
// never changes its size.
//
// Each part has a checksum: the header, the table of sections, each section that never changes, each root, each item,
// each event. `open` checks everything that is current. A writer checks the root, each item that others changed since
// it looked last, and each item before it is replaced, so that a damaged state is neither believed nor written again as
// a sound one. Reads of an open file check nothing: they are too many.
//
// A file of layout 6, and one that lacks a section of this program, is rewritten beside itself and renamed into its
// place when it is opened for writing; opened for reading only, it is converted in memory, as it is at that moment. The
// old file is retired first (generation.hpp): processes that have it mapped can read its last state, and are refused
// when they want to write.
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
  // Makes the file (it must not exist). Mode 0644. Errors: exists, not_found, permission, io.
  [[nodiscard]] static Result<void> create(const std::string& path, const Contents& contents);
  [[nodiscard]] static Result<void> create(const std::string& path, const NodeConfig& config, const NodeDynamic& start);

  // Errors: not_found, permission, damaged (says which part), unsupported (of another version of gpuslice), io.
  [[nodiscard]] static Result<std::unique_ptr<StateFile>> open(const std::string& path, Access access);

  // Rewrites the file unless it has all these sections; new ones start as zeros. For sections that this program does
  // not know. Errors: as open; unsupported when it has a section of the same name and another shape.
  [[nodiscard]] static Result<void> make_room(const std::string& path, const Sections& others);

  // A writer would rewrite the file: it is of an earlier layout, or lacks a section. Errors: as open.
  [[nodiscard]] static Result<bool> needs_rewrite(const std::string& path);

  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  [[nodiscard]] const NodeConfig& config() const;  // never changes
  [[nodiscard]] std::uint64_t generation() const;
  // True while the path still names this very file.
  [[nodiscard]] bool is_current() const;

  [[nodiscard]] NodeDynamic read() const;
  // All that the file says, of one moment, checked. Errors: damaged.
  [[nodiscard]] Result<Contents> contents() const;
  [[nodiscard]] GpuDynamic read_gpu(std::size_t gpu) const;  // cheaper: one GPU
  [[nodiscard]] std::uint64_t read_boot() const;
  struct Slots {
    std::uint64_t boot{};
    std::uint64_t clients{};  // see NodeDynamic::client_slots
  };
  [[nodiscard]] Slots read_slots() const;
  // What must be looked at for each call of the driver, as bits (state.hpp); 0, on most nodes, is nothing. One word of
  // the header, never short of a bit that the current root asks for.
  [[nodiscard]] std::uint64_t watch() const { return std::atomic_ref(*watch_).load(std::memory_order_acquire); }
  [[nodiscard]] Orders read_orders() const;
  // The records, of one moment; without a used slot nothing is read.
  void read_clients(std::array<Client, max_clients>& into) const;

  // Events. The state says the number of the last; one that is gone, because too many came after it, is nothing.
  [[nodiscard]] std::uint64_t last_event() const;
  [[nodiscard]] std::optional<Event> event(std::uint64_t number) const;
  // To wait for them: take the word, look at what there is, and sleep on the word as it was. It counts up after every
  // commit that raised events or announced something. A writer killed between the commit and that does not count it up,
  // so nobody may sleep on it for ever. False: nothing came in time.
  [[nodiscard]] std::uint32_t wake_word() const;
  [[nodiscard]] bool sleep(std::uint32_t word, std::chrono::nanoseconds longest) const;

  // Inside `change` of transact: part of it, committed with it or not at all. `max_raised` of one change.
  static constexpr std::size_t max_raised = 64;
  void raise(const Event& event) { raised_.push_back(event); }
  // Inside `change`: the twofold ones of these sections, which this program does not know, get this content where the
  // file has them in the same shape. They must live until the end of the transaction.
  void put_others(const Sections& others) { others_ = &others; }
  // Inside `change`: wakes those who wait for events although it may raise none.
  void announce() { announced_ = true; }

  // Runs `change(NodeDynamic&) -> bool` under the lock; commits when it says true. Then, still under the lock,
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
  // Runs `look(const NodeDynamic&)` under the lock unless somebody holds it, or this process may not.
  template <class Look>
  void visit_if_free(Look&& look) {
    if (!lock_ || !lock_->lock_if_free()) return;
    const StateUnlock unlock(*lock_);
    if (load_current()) look(std::as_const(*base_));
  }
  // Sets or clears watch_tree. Under the lock only.
  void mark_tree(bool unsettled);

 private:
  // The current state, as it was found and checked.
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

  // Maps what is there, and checks its header and table.
  [[nodiscard]] static Result<std::unique_ptr<StateFile>> map(const std::string& path, Access access);
  // Rewrites the file when this program cannot use it as it is, or it lacks some of `others`. Errors: as open.
  [[nodiscard]] static Result<void> rewrite(const std::string& path, const Sections& others);
  void use_layout(StateLayout layout);
  [[nodiscard]] bool is_outdated() const;
  // Continues with a converted copy in memory. Errors: damaged, io.
  [[nodiscard]] Result<void> convert();

  [[nodiscard]] Result<void> lock();
  [[nodiscard]] Result<void> check();
  [[nodiscard]] Result<Found> find_current(bool with_others) const;
  [[nodiscard]] Result<void> check_constants() const;
  // Brings records_ and base_ up to date. Under the lock only. Errors: damaged, unsupported.
  [[nodiscard]] Result<void> load_current();
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> commit();
  // The items that differ from the current ones, those being checked. Errors: damaged.
  [[nodiscard]] Result<void> collect_changes();
  [[nodiscard]] Result<void> add_change(const PlacedSection& section, std::size_t item, const std::byte* bytes);
  [[nodiscard]] std::unexpected<Error> damaged_item(const PlacedSection& section, std::size_t item) const;
  // `bytes` of an item of a known section, from `offset` in it.
  void copy_consistent(void* into, KnownIndex known, std::size_t item, std::size_t offset, std::size_t bytes) const;

  std::string path_;
  int fd_{-1};
  Access access_{Access::read_only};
  std::byte* map_{nullptr};
  std::size_t map_bytes_{};
  bool is_layout6_{};
  StateLayout layout_;
  std::array<const PlacedSection*, known_sections.size()> known_{};  // in layout_
  std::optional<StateLock> lock_;                                    // none when it may only be read
  // In map_; nullptr: the file has none.
  const NodeConfig* config_{nullptr};
  EventRing* events_{nullptr};
  std::uint64_t* watch_{nullptr};
  // What this process has last seen under the lock, and what a change is made to. They differ while a change runs, and
  // after one that was not committed.
  std::vector<ItemRecord> records_;
  std::unique_ptr<NodeDynamic> base_, draft_;
  bool draft_differs_{};
  // Of the transaction that runs.
  std::vector<ItemRecord> next_;
  std::vector<Change> changes_;
  const Sections* others_{};
  std::uint64_t events_before_{};
  FixedVector<Event, max_raised> raised_;
  bool announced_{};
};

}  // namespace gpuslice::sim
