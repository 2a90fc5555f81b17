// The mapped file behind a simulated node: shared by all its processes, and surviving each of them.
//
// Layout: a header with the generation counter, the configuration, the ring of events, two snapshots. The current
// snapshot is the one whose number is the generation's lowest bit. A writer holds a lock, writes the *other* snapshot
// and then counts the generation up, so a writer killed anywhere leaves the current snapshot whole; the kernel frees
// its lock. A reader copies what it needs and takes it only if the generation is still the same afterwards. The file never
// changes its size.
//
// The lock is flock on a file of its own, PATH.lock with mode 0600: a lock can be taken through a descriptor that may
// only read, and users who may only read the state must not be able to stop those who write it.
//
// Each part has a checksum: the header's fixed fields, the configuration, each snapshot together with its generation,
// each event. `open` checks what is current, and a writer checks the snapshot that it starts from, so that a damaged
// state is neither believed nor written again as a sound one. Reads of an open file check nothing: they are too many.
//
// Threads of one process are ordered by a mutex besides (flock belongs to the open file, not to the thread), and fork
// waits for a running transaction, so that no child is born holding one; a child opens the file anew before it locks.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/fixed_vector.hpp"
#include "base/result.hpp"
#include "sim/event_ring.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

enum class Access { read_only, read_write };

class StateFile {
 public:
  // Makes the file (it must not exist) with both snapshots equal. Mode 0644.
  [[nodiscard]] static Result<void> create(const std::string& path, const NodeConfig& config, const NodeDynamic& start);

  // Errors: not_found, permission, damaged (says which part), unsupported (of another version of gpuslice), io.
  [[nodiscard]] static Result<std::unique_ptr<StateFile>> open(const std::string& path, Access access);

  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  [[nodiscard]] const NodeConfig& config() const;  // never changes
  [[nodiscard]] std::uint64_t generation() const;
  // True while the path still names this very file.
  [[nodiscard]] bool is_current() const;

  [[nodiscard]] NodeDynamic read() const;
  [[nodiscard]] GpuDynamic read_gpu(std::size_t gpu) const;  // cheaper: one GPU
  [[nodiscard]] std::uint64_t read_boot() const;
  struct Slots {
    std::uint64_t boot{};
    std::uint64_t clients{};  // see NodeDynamic::client_slots
  };
  [[nodiscard]] Slots read_slots() const;
  // What must be looked at for each call of the driver, as bits (state.hpp); 0, on most nodes, is nothing. One word of
  // the header, never short of a bit that the current snapshot asks for.
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
  // Inside `change`: wakes those who wait for events although it may raise none.
  void announce() { announced_ = true; }

  // Runs `change(NodeDynamic&) -> bool` under the lock; commits when it says true. Then, still under the lock,
  // `after(committed)`. Error: permission when opened read-only, damaged, io.
  template <class Change, class After>
  [[nodiscard]] Result<bool> transact(Change&& change, After&& after) {
    GPUSLICE_CHECK(lock());
    const Unlock unlock{*this};
    NodeDynamic& draft = *draft_;
    GPUSLICE_CHECK(load_current(draft));
    begin(draft);
    const bool wanted = change(draft);
    if (wanted) commit(draft);
    after(wanted);
    return wanted;
  }
  template <class Change>
  [[nodiscard]] Result<bool> transact(Change&& change) {
    return transact(std::forward<Change>(change), [](bool) {});
  }
  // Runs `look(const NodeDynamic&)` under the lock unless somebody holds it, or this process may not.
  template <class Look>
  void visit_if_free(Look&& look) {
    if (!lock_if_free()) return;
    const Unlock unlock{*this};
    if (load_current(*draft_)) look(std::as_const(*draft_));
  }
  // Sets or clears watch_tree. Under the lock only.
  void mark_tree(bool unsettled);

 private:
  struct Unlock {
    StateFile& file;
    ~Unlock() { file.unlock(); }
  };
  StateFile() = default;

  [[nodiscard]] Result<void> lock();
  [[nodiscard]] bool lock_if_free();
  void unlock();
  // The current snapshot, checked. Errors: damaged.
  [[nodiscard]] Result<void> load_current(NodeDynamic& into) const;
  [[nodiscard]] Result<void> check() const;
  void begin(const NodeDynamic& draft) {
    events_before_ = draft.events;
    if (!raised_.empty()) raised_.clear();
    announced_ = false;
  }
  void commit(NodeDynamic& next);
  void copy_consistent(void* into, std::size_t offset, std::size_t bytes) const;

  std::string path_;
  int fd_{-1};
  int lock_fd_{-1};    // of PATH.lock; none when it may only be read
  unsigned births_{};  // see state_file.cpp: which process opened lock_fd_
  Access access_{Access::read_only};
  std::byte* map_{nullptr};
  std::uint64_t* watch_{nullptr};  // in map_
  std::unique_ptr<NodeDynamic> draft_;
  // Of the transaction that runs.
  std::uint64_t events_before_{};
  FixedVector<Event, max_raised> raised_;
  bool announced_{};
};

}  // namespace gpuslice::sim
