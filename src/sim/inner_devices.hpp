// The capability devices of a node as character devices. They exist only inside the node: in a namespace of the node
// that root created, NODE/space is a file system in memory, and /dev shows a part of it. It is mounted nodev, so
// nothing on it can be opened as a device. The host's own file systems never hold a device of a node.
//
//   SPACE/dev/nvidia-caps/    the devices of the capabilities that exist now; mounted at /dev/nvidia-caps, read-only
//   SPACE/pool/               the devices of all other capabilities, created in advance, because no process may create
//                             a device inside the node
//
// A process that changes the instances moves the devices between the two, from inside the node (NODE/space) or from
// outside (/proc/PID/root/NODE/space).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/state.hpp"

namespace gpuslice::sim {

class InnerDevices {
 public:
  explicit InnerDevices(std::string space) : space_(std::move(space)) {}

  // Creates the pool: a device for every possible instance. Returns false when it could not be created.
  [[nodiscard]] bool make_pool(const NodeConfig& node) const;
  // `minor` is that of the capability. No effect if the device is already in that place.
  void show(unsigned minor) const;
  void hide(unsigned minor) const;
  // Shows exactly the devices of `minors` among those of instances; the config and monitor devices are not changed.
  void settle(const std::set<unsigned>& minors) const;

 private:
  [[nodiscard]] std::string shown(unsigned minor) const;
  [[nodiscard]] std::string kept(unsigned minor) const;
  std::string space_;
};

// Records that the node is being entered through such a namespace. From then on, changes look for namespaces, until one
// finds no process inside.
void note_entered(const std::string& node);
// The file systems NODE/space of the node's namespaces, each once, by a path that this process can reach.
[[nodiscard]] std::vector<InnerDevices> inner_devices(const std::string& node);

}  // namespace gpuslice::sim
