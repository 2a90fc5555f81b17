// The files of a node's driver in the node's directory: NODE/proc, NODE/sys, NODE/dev.
//
// Except for the capability files of instances, all these files exist as long as the node does. Files of an instance
// are added before the commit that creates it and removed after the commit that destroys it, under the lock of the
// state, so a process that sees an instance finds its files. A file is added or removed by renaming it from or to
// NODE/pool, so no reader sees a partly written file, and a full disk does not prevent a change. A writer that is
// killed in between leaves a mark in the state (watch_tree), and the next process that writes or opens the node repairs
// the files from the state. The state is never derived from the files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "mig/partition.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

class LiveTree {
 public:
  explicit LiveTree(std::string node_directory) : directory_(std::move(node_directory)) {}

  // Creates the files in a new node. Devices are plain files that can be opened: character devices exist only inside
  // the node (inner_devices.hpp). Errors: io.
  [[nodiscard]] Result<void> make(const NodeConfig& node, const NodeDynamic& state) const;

  // False if the node was created by a version of gpuslice without these files.
  [[nodiscard]] bool is_there() const;

  // `show` adds the files of instances that only `after` has; `hide` removes those of instances that only `before` has.
  // Errors: io.
  [[nodiscard]] Result<void> show(const GpuConfig& gpu, const mig::Partition& before,
                                  const mig::Partition& after) const;
  void hide(const GpuConfig& gpu, const mig::Partition& before, const mig::Partition& after) const;

  // Makes the capability files match `state`, whichever exist now.
  [[nodiscard]] Result<void> mend(const NodeConfig& node, const NodeDynamic& state) const;

  // Makes the devices in the node's namespaces match `state`. Call it under the lock of the state.
  void settle_inside(const NodeConfig& node, const NodeDynamic& state) const;

  // Replaces character devices by plain files: an earlier version of gpuslice created devices if root created the node.
  [[nodiscard]] Result<void> become_files() const;

 private:
  std::string directory_;
};

}  // namespace gpuslice::sim
