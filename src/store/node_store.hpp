// What gpuslice keeps about a node, in one directory: names of what it made, the journal of a running change, past
// changes for undo, and the audit.
//
//   lock          held (flock) by whoever changes the node; holds "PID VERB" for the others' messages
//   names         gpuslice.names/v1
//   journal       there while a change is under way or was cut off: the transaction on the first line, then a line for
//                 each step that is begun
//   history/N     transactions that ended well, the newest 50
//   audit.log     a JSON line for each change and each attempt
//
// Every file is replaced as a whole or grown by whole lines and brought to the disk, so a kill leaves one of two
// states; which of them does not matter, because recovery looks at the GPUs.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/transaction.hpp"

namespace gpuslice::store {

// The right to change a node, while it lives. Movable.
class Lock {
 public:
  explicit Lock(int fd) : fd_(fd) {}
  Lock(Lock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Lock& operator=(Lock&&) = delete;
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock();

 private:
  int fd_;
};

class NodeStore {
 public:
  // Nothing is made before `lock`; a directory that is not there reads as empty.
  explicit NodeStore(std::string directory) : directory_(std::move(directory)) {}
  [[nodiscard]] const std::string& directory() const { return directory_; }

  // For anybody.
  [[nodiscard]] Result<Names> names() const;
  // The change that was cut off, or that another process is at.
  [[nodiscard]] Result<std::optional<Transaction>> journal() const;
  // Who wrote the journal, as the file says it: its words are not to be believed about that. None: there is no journal.
  [[nodiscard]] std::optional<uid_t> journal_owner() const;
  // Transactions that ended well, the oldest first.
  [[nodiscard]] Result<std::vector<Transaction>> history() const;
  // True while some process holds the lock.
  [[nodiscard]] bool locked() const;

  // Makes the directory where needed. busy, naming the holder, when another process has it.
  [[nodiscard]] Result<Lock> lock(const std::string& verb) const;

  // For the holder of the lock. `begin` numbers the transaction.
  [[nodiscard]] Result<void> begin(Transaction& transaction) const;
  [[nodiscard]] Result<void> note_step(const std::string& text) const;
  // The new names hold and it can be undone; what it undoes is marked so.
  [[nodiscard]] Result<void> finish(Transaction transaction) const;
  // It came to nothing: names stay as they were.
  [[nodiscard]] Result<void> abandon() const;
  [[nodiscard]] Result<void> save_names(const Names& names) const;
  // `line` is JSON on one line.
  [[nodiscard]] Result<void> audit(const std::string& line) const;

 private:
  [[nodiscard]] Result<void> mark_undone(std::uint64_t number) const;
  [[nodiscard]] std::string file(const std::string& name) const { return directory_ + "/" + name; }
  std::string directory_;
};

}  // namespace gpuslice::store
