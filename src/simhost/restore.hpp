// Restores a snapshot, all or nothing: after a kill at any point, state, names and history are either all those of the
// old node or all those of the snapshot.
//
// Two things are replaced, the state and the store. First the new store is prepared. Then a note records what is in
// progress (NODE/.restore: the state's boot count before, and which directory is the new store). Then the state is
// replaced in one transaction, then the store. The next process that finds the note of a killed restore completes the
// restore if the state is already the new one, and discards it if not. All steps are under one lock, NODE/.lock, which
// only the node's user can open.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::simhost {

// Keeps other processes from restoring or rebooting a node while it lives. Movable.
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

// Restores the store `saved_store` (a directory, or none) and the state file `saved_state`. Errors: busy while the node
// is being changed; refused while a client holds a GPU; permission, io.
[[nodiscard]] Result<void> put_back_all(const std::string& node, const std::string& saved_state,
                                        const std::string& saved_store);

// Completes or discards a restore that was killed. Call it when opening one's own node; it does nothing to another
// user's. Errors: io.
[[nodiscard]] Result<void> settle_node(const std::string& node);

}  // namespace gpuslice::simhost
