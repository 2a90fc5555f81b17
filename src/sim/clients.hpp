// The processes that hold a GPU of a simulated node. A client is a held lock, not a pid.
//
// A client takes a record in the node's state and locks the byte of NODE/clients that belongs to this record, with an
// open-file-description lock. The kernel releases the lock when the last process that has the file open exits, however
// it ends. So a killed client is gone at once, while one whose child process is still running counts as alive. Checking
// costs one fcntl per record and takes no lock.
//
// Such a lock can be taken through a read-only descriptor. So the file can be opened only by the node's owner (mode
// 0600); otherwise any user could keep clients from starting. Other users read the kernel's list of locks, /proc/locks,
// to learn which clients are alive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/state_file.hpp"

namespace gpuslice::sim {

class Clients {
 public:
  // Opens NODE/clients. Errors: io.
  [[nodiscard]] static Result<Clients> open(const std::string& node_directory);
  Clients(Clients&& other) noexcept;
  Clients& operator=(Clients&&) = delete;
  ~Clients();

  // True while some process holds the lock of the slot. Also true if that cannot be determined: wrongly assuming a live
  // client is the safer error.
  [[nodiscard]] bool held(std::size_t slot) const;

  // The records whose clients are alive in boot `boot`, with their slots.
  struct Live {
    std::size_t slot{};
    Client client;
  };
  [[nodiscard]] std::vector<Live> live(const std::array<Client, max_clients>& records, std::uint64_t boot) const;
  // Clears the records of dead clients. The overload with a time first settles the usage of their GPUs and adds their
  // processes to the accounting records (usage.hpp).
  void sweep(NodeDynamic& state) const;
  void sweep(const NodeConfig& node, NodeDynamic& state, std::uint64_t now_us) const;

 private:
  Clients(int fd, std::uint64_t file) : fd_(fd), file_(file) {}
  int fd_{-1};            // of NODE/clients; -1: this user may not open it
  std::uint64_t file_{};  // its inode
};

// Becomes a client: takes a free slot and its lock, and writes the record. The returned descriptor holds the lock and
// is inherited by exec; closing it (in every process that has it) ends the client. `started_us` is set to the current
// time. Errors: busy when all slots are taken, refused when the GPU's compute mode or its partition does not allow it,
// permission, io.
[[nodiscard]] Result<int> hold(StateFile& state, const std::string& node_directory, const Client& wanted);

}  // namespace gpuslice::sim
