// The capability devices of a node as character devices. They exist only inside the node: in a namespace of the node
// that root created, NODE/space is a file system in memory (nodev: nothing on it can be opened as a device), and what
// /dev shows is a part of it. The host's own file systems never hold a device of a node.
//
//   SPACE/dev/nvidia-caps/    the devices of the capabilities that exist now; mounted at /dev/nvidia-caps, read-only
//   SPACE/pool/               those of all others, created in advance: inside the node nobody may create a device
//
// A process that changes the instances moves the devices, from inside (NODE/space) or from anywhere else
// (/proc/PID/root/NODE/space).
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
  // `minor` is that of the capability. No effect when the device is already shown or hidden.
  void show(unsigned minor) const;
  void hide(unsigned minor) const;
  // Shows exactly the devices of `minors`, among those of instances; config and monitor are left alone.
  void settle(const std::set<unsigned>& minors) const;

 private:
  [[nodiscard]] std::string shown(unsigned minor) const;
  [[nodiscard]] std::string kept(unsigned minor) const;
  std::string space_;
};

// Records that the node is being entered in such a namespace. Changes look for namespaces until one finds nobody
// inside.
void note_entered(const std::string& node);
// The spaces of the node's namespaces, each once, as reachable from this process.
[[nodiscard]] std::vector<InnerDevices> inner_devices(const std::string& node);

}  // namespace gpuslice::sim
