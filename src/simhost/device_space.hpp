// /dev inside a node: built from nothing. What every program expects is the host's (null, zero, full, random, urandom,
// tty, console, pts, shm, mqueue); the NVIDIA devices are the node's; nothing else of the host's is there, under no
// name.
//
// The NVIDIA devices are made here and only here: character devices where this user may make them and the host has no
// driver for one of their majors, else plain files of the same modes. Either way nothing of them can be opened as a
// device (nodev) or changed (read-only).
#pragma once

#include <utility>

#include "base/result.hpp"
#include "simhost/node_space.hpp"

namespace gpuslice::simhost {

// /dev as it was put there. It is read-only by then; what says that the rest of the namespace stands too is written
// through here.
class BuiltDevices {
 public:
  BuiltDevices(bool inner, int directory) : inner_(inner), directory_(directory) {}
  BuiltDevices(BuiltDevices&& from) noexcept : inner_(from.inner_), directory_(std::exchange(from.directory_, -1)) {}
  BuiltDevices& operator=(BuiltDevices&&) = delete;
  ~BuiltDevices();

  // A file system in memory stays mounted at NODE/space, whose capability devices come and go with instances
  // (sim/inner_devices.hpp).
  [[nodiscard]] bool inner() const { return inner_; }
  // Makes sim::inside_identity, the last thing: who has it may be joined. Errors: io.
  [[nodiscard]] Result<void> finish(const NodeSpace& space) const;

 private:
  bool inner_;
  int directory_;  // owned
};

// Puts it over /dev, in a namespace whose mounts are private. Errors: io.
[[nodiscard]] Result<BuiltDevices> build_devices(const NodeSpace& space);

}  // namespace gpuslice::simhost
