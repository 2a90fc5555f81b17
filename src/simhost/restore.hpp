// Putting a snapshot back, as a whole: killed anywhere, the node is the old one or that of the snapshot, and state,
// names and history are of the same one.
//
// Two things are replaced, the state and the store. So the new store is laid ready first, then a note says what is
// being done (NODE/.restore: the state's boot count before, and which directory is the new store), then the state is
// replaced at once, then the store. Whoever meets the note of a restore that was killed finishes it if the state is
// already the new one, and drops it if not. All of it under one lock, NODE/.lock, which only the node's user can open.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::simhost {

// Keeps others from restoring or rebooting a node while it lives. Movable.
class NodeLock {
 public:
  // Waits for it. Errors: permission, io.
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

// Puts the store `saved_store` (a directory, or none) and the state file `saved_state` back. Errors: busy while the node
// is being changed; refused while a client holds a GPU; permission, io.
[[nodiscard]] Result<void> put_back_all(const std::string& node, const std::string& saved_state,
                                        const std::string& saved_store);

// Finishes or drops a restore that was killed. For whoever opens a node of their own; nothing is done to another user's.
// Errors: io.
[[nodiscard]] Result<void> settle_node(const std::string& node);

}  // namespace gpuslice::simhost
