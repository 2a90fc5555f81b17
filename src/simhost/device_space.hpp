// /dev inside a node, built in an empty directory. The devices that every program expects are those of the host (null,
// zero, full, random, urandom, tty, console, pts, shm, mqueue). The NVIDIA devices are those of the node. Nothing else
// in the host's /dev is reachable under any name.
//
// The NVIDIA devices are created only here: as character devices if this user may create them and the host has no
// driver for any of their majors, and as plain files with the same modes otherwise. Either way, none of them can be
// opened as a device (nodev) or changed (read-only).
#pragma once

#include <utility>

#include "base/result.hpp"
#include "simhost/node_space.hpp"

namespace gpuslice::simhost {

// The finished /dev, which is already mounted read-only. Only this object can still write to it: finish() adds the mark
// that the rest of the namespace is complete.
class BuiltDevices {
 public:
  BuiltDevices(bool inner, int directory) : inner_(inner), directory_(directory) {}
  BuiltDevices(BuiltDevices&& from) noexcept : inner_(from.inner_), directory_(std::exchange(from.directory_, -1)) {}
  BuiltDevices& operator=(BuiltDevices&&) = delete;
  ~BuiltDevices();

  // True if a file system in memory is mounted at NODE/space; then its capability devices follow the instances
  // (sim/inner_devices.hpp).
  [[nodiscard]] bool inner() const { return inner_; }
  // Creates sim::inside_identity, as the last step: other processes may join one that has it. Errors: io.
  [[nodiscard]] Result<void> finish(const NodeSpace& space) const;

 private:
  bool inner_;
  int directory_;  // closed by this object
};

// Builds /dev and mounts it, in a namespace whose mounts are private. Errors: io.
[[nodiscard]] Result<BuiltDevices> build_devices(const NodeSpace& space);

}  // namespace gpuslice::simhost
