// Restores a snapshot, all or nothing: after a kill at any point, state, names and history are either all from before
// the restore or all from the snapshot.
//
// Two things are replaced, the state and the store. First the new store is prepared. Then a note records what is in
// progress (NODE/.restore: the boot count of the state before, and which directory is the new store). Then the state is
// replaced in one transaction, and after it the store. If a restore was killed, the next process finds its note: it
// completes the restore if the state has already been replaced, and discards it if not. All steps are under one lock,
// NODE/.lock, which only the node's user can open.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::simhost {

// While it exists, other processes cannot restore or reboot the node. Movable.
class NodeLock {
 public:
  // Waits for the lock. Errors: permission, io.
  [[nodiscard]] static Result<NodeLock> take(const std::string& node);
  NodeLock(NodeLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  NodeLock& operator=(NodeLock&&) = delete;
  NodeLock(const NodeLock&) = delete;
  NodeLock& operator=(const NodeLock&) = delete;
  ~NodeLock();

 private:
  explicit NodeLock(int fd) : fd_(fd) {}
  int fd_;
};

// Restores the store `saved_store` (a directory that need not exist) and the state file `saved_state`. Errors: busy
// while the node is being changed; refused while a client holds a GPU; permission, io.
[[nodiscard]] Result<void> put_back_all(const std::string& node, const std::string& saved_state,
                                        const std::string& saved_store);

// Completes or discards a restore that was killed. Call it when you open a node; it does nothing to a node of another
// user. Errors: io.
[[nodiscard]] Result<void> settle_node(const std::string& node);

}  // namespace gpuslice::simhost
