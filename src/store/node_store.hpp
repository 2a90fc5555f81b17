// What gpuslice keeps about a node, in one directory: names of what it made, the journal of a running change, past
// changes for undo, and the audit.
//
//   lock          held (flock) by whoever changes the node; holds "PID: VERB" for the others' messages. Mode 0600: a
//                 lock can be taken through a descriptor that may only read, and a reader must not stop a change
//   changing      locked too (an open-file-description lock) while a change is under way; for others to ask, which
//                 needs no lock of theirs. Mode 0644
//   names         gpuslice.names/v2
//   journal       there while a change is under way or was cut off: the transaction on the first line, then a line for
//                 each step that is begun
//   history/N     transactions that ended well, the newest 50
//   audit.log     a JSON line for each change and each attempt
//
// Every file is replaced as a whole or grown by whole lines and brought to the disk, so a kill leaves one of two
// states; which of them does not matter, because recovery looks at the GPUs. What gpuslice reads again has a checksum
// (document.hpp). A damaged file stops only what needs it, and is set aside on request (`set_aside`), never by itself.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "store/transaction.hpp"

namespace gpuslice::store {

// The right to change a node, while it lives. Movable.
class Lock {
 public:
  Lock(int fd, int shown) : fd_(fd), shown_(shown) {}
  Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), shown_(std::exchange(other.shown_, -1)) {}
  Lock& operator=(Lock&&) = delete;
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock();

 private:
  int fd_;
  int shown_;  // of `changing`
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
  // Transactions that ended well, the oldest first; those that cannot be read are left out.
  [[nodiscard]] Result<std::vector<Transaction>> history() const;
  // The same for who goes back in it: an error when one that cannot be read is newer than the newest that was done and
  // not undone yet.
  [[nodiscard]] Result<std::vector<Transaction>> undo_history() const;
  // Every file that is damaged, with what is wrong with it and what to type to set it aside.
  [[nodiscard]] std::vector<Error> damaged() const;
  // True while some process holds the lock.
  [[nodiscard]] bool locked() const;

  // Makes the directory where needed. busy, naming the holder where it is known, when another process has it.
  [[nodiscard]] Result<Lock> lock(const std::string& verb) const;

  // For the holder of the lock. `begin` numbers the transaction.
  [[nodiscard]] Result<void> begin(Transaction& transaction) const;
  [[nodiscard]] Result<void> note_step(const std::string& text) const;
  // The new names hold and it can be undone; what it undoes is marked so.
  [[nodiscard]] Result<void> finish(Transaction transaction) const;
  // It came to nothing: names stay as they were.
  [[nodiscard]] Result<void> abandon() const;
  [[nodiscard]] Result<void> save_names(const Names& names) const;
  // Renames a damaged file of the store ("names", "journal", "history/7", "audit.log"); its new name. Names are made
  // again from the history as far as it goes. For the holder of the lock. Errors: not_found, refused (not damaged), io.
  [[nodiscard]] Result<std::string> set_aside(const std::string& name) const;
  // `line` is JSON on one line.
  [[nodiscard]] Result<void> audit(const std::string& line) const;

 private:
  [[nodiscard]] Result<void> mark_undone(std::uint64_t number) const;
  [[nodiscard]] Result<Transaction> entry(std::uint64_t number) const;
  [[nodiscard]] Result<void> check(const std::string& name) const;
  [[nodiscard]] Result<void> check_audit() const;
  [[nodiscard]] Names names_of_history() const;
  [[nodiscard]] std::string file(const std::string& name) const { return directory_ + "/" + name; }
  std::string directory_;
};

}  // namespace gpuslice::store
