// /dev inside a node, built from an empty directory. The devices that every program expects are the host's (null, zero,
// full, random, urandom, tty, console, pts, shm, mqueue); the NVIDIA devices are the node's; nothing else of the host's
// /dev is reachable under any name.
//
// The NVIDIA devices are created here and only here: as character devices where this user may create them and the host
// has no driver for one of their majors, else as plain files of the same modes. Either way none of them can be opened
// as a device (nodev) or changed (read-only).
#pragma once

#include <utility>

#include "base/result.hpp"
#include "simhost/node_space.hpp"

namespace gpuslice::simhost {

// The finished /dev. It is read-only by now; the mark that the rest of the namespace is complete is written through
// here.
class BuiltDevices {
 public:
  BuiltDevices(bool inner, int directory) : inner_(inner), directory_(directory) {}
  BuiltDevices(BuiltDevices&& from) noexcept : inner_(from.inner_), directory_(std::exchange(from.directory_, -1)) {}
  BuiltDevices& operator=(BuiltDevices&&) = delete;
  ~BuiltDevices();

  // True: a file system in memory stays mounted at NODE/space; its capability devices follow the instances
  // (sim/inner_devices.hpp).
  [[nodiscard]] bool inner() const { return inner_; }
  // Creates sim::inside_identity, as the last step: a process that has it can be joined. Errors: io.
  [[nodiscard]] Result<void> finish(const NodeSpace& space) const;

 private:
  bool inner_;
  int directory_;  // owned
};

// Mounts it over /dev, in a namespace whose mounts are private. Errors: io.
[[nodiscard]] Result<BuiltDevices> build_devices(const NodeSpace& space);

}  // namespace gpuslice::simhost
