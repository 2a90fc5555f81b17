// The capability devices of a node as character devices, which are only inside: in a namespace of the node that root
// made, NODE/space is a file system in memory (nodev: nothing on it can be opened as a device), and what /dev shows is
// a part of it. The host's own file systems never hold a device of a node.
//
//   SPACE/dev/nvidia-caps/    the devices of the capabilities that are there now; at /dev/nvidia-caps, read-only
//   SPACE/pool/               those of all others, made beforehand: inside nobody may make a device
//
// Whoever changes the instances moves them, inside (NODE/space) or from anywhere else (/proc/PID/root/NODE/space).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/state.hpp"

namespace gpuslice::sim {

class InnerDevices {
 public:
  explicit InnerDevices(std::string space) : space_(std::move(space)) {}

  // Makes the pool: a device for every instance there could be. False: it could not be made.
  [[nodiscard]] bool make_pool(const NodeConfig& node) const;
  // By the minor of the capability. Nothing when it is so already.
  void show(unsigned minor) const;
  void hide(unsigned minor) const;
  // Makes them those of `minors`, of instances only: config and monitor stay.
  void settle(const std::set<unsigned>& minors) const;

 private:
  [[nodiscard]] std::string shown(unsigned minor) const;
  [[nodiscard]] std::string kept(unsigned minor) const;
  std::string space_;
};

// Says that the node is being entered so that it has such spaces. Changes look for them until one finds nobody inside.
void note_entered(const std::string& node);
// Of the node, each once, as they can be reached from here.
[[nodiscard]] std::vector<InnerDevices> inner_devices(const std::string& node);

}  // namespace gpuslice::sim
