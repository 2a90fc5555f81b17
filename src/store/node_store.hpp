// gpuslice's records about a node, in one directory: names of the instances that it created, the journal of a running
// change, past changes for undo, and the audit log.
//
//   lock          held (flock) by the process that changes the node; contains "PID: COMMAND" for messages of other
//                 processes. Mode 0600: a lock can be taken through a read-only descriptor, and a reader must not
//                 prevent a change
//   changing      also locked (with an open-file-description lock) while a change is under way. Other processes query
//                 this lock, for which they need no lock of their own. It contains the holder (holder.hpp). Mode 0644
//   names         gpuslice.names/v2
//   journal       exists while a change is under way or was interrupted: the transaction on the first line, then a line
//                 for each step that was started
//   history/N     transactions that succeeded, the newest 50
//   last-change   the number of the newest transaction, whatever became of it; numbers are not used again
//   audit.log     a JSON line for each change and each attempt
//
// Every file is replaced as a whole or extended by whole lines and synced to disk, so after a kill the file has either
// the old or the new content. Both are correct, because recovery reads the GPUs. Files that gpuslice reads again have a
// checksum (document.hpp). A damaged file affects only the operations that need it. It is set aside on request
// (`set_aside`), never automatically.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "store/holder.hpp"
#include "store/transaction.hpp"

namespace gpuslice::store {

// The right to change a node, held until it is destroyed. Movable.
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
  // `lock` creates the directory; until then a missing directory is read as empty.
  explicit NodeStore(std::string directory) : directory_(std::move(directory)) {}
  [[nodiscard]] const std::string& directory() const { return directory_; }

  // These functions do not need the lock.
  [[nodiscard]] Result<Names> names() const;
  // The change that was interrupted, or that another process is executing.
  [[nodiscard]] Result<std::optional<Transaction>> journal() const;
  // The owner of the journal file, because the text in it proves nothing. Nullopt: there is no journal.
  [[nodiscard]] std::optional<uid_t> journal_owner() const;
  // Successful transactions, oldest first; unreadable entries are left out.
  [[nodiscard]] Result<std::vector<Transaction>> history() const;
  // The same for undo: an error if an unreadable entry is newer than the newest change that can be undone.
  [[nodiscard]] Result<std::vector<Transaction>> undo_history() const;
  // One error for every damaged file: what is wrong with it, and the command that sets it aside.
  [[nodiscard]] std::vector<Error> damaged() const;
  // True while some process holds the lock.
  [[nodiscard]] bool locked() const;
  // The process that holds the lock, as it describes itself; nullopt: no process holds it.
  [[nodiscard]] std::optional<Holder> holder() const;

  // Creates the directory if necessary. Error busy, naming the holder if it is known, if another process holds the
  // lock. `user` and `since` are for other processes to read.
  [[nodiscard]] Result<Lock> lock(const std::string& verb, const std::string& user = {},
                                  const std::string& since = {}) const;

  // These functions require the lock. `begin` numbers the transaction.
  [[nodiscard]] Result<void> begin(Transaction& transaction) const;
  [[nodiscard]] Result<void> note_step(const std::string& text) const;
  // Saves the new names and adds the transaction to the history; a transaction that it undoes is marked as undone.
  [[nodiscard]] Result<void> finish(Transaction transaction) const;
  // Ends the transaction without a result: names stay unchanged.
  [[nodiscard]] Result<void> abandon() const;
  [[nodiscard]] Result<void> save_names(const Names& names) const;
  // Renames a damaged file of the store ("names", "journal", "history/7", "audit.log") and returns its new name. Names
  // are restored from the history as far as it goes. Requires the lock. Errors: not_found, refused (not damaged), io.
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
