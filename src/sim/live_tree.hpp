// The files of a node's driver in the node's directory: NODE/proc, NODE/sys, NODE/dev.
//
// All files but the capabilities of instances exist as long as the node does. Those of an instance are added before the
// instance is committed and removed after its destruction is committed, under the lock of the state: a process that
// sees an instance finds its files. Files are added and removed by a rename from or to NODE/pool, so no file is ever
// seen half written and a full disk does not get in the way. A writer that is killed in between leaves the state marked
// (watch_tree), and the next process that writes or looks repairs the files from the state; the files are never read
// back as truth.
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

  // False for a node that was created without these files.
  [[nodiscard]] bool is_there() const;

  // `show` adds the files of instances that only `after` has; `hide` removes those of instances that only `before` has.
  // Errors: io.
  [[nodiscard]] Result<void> show(const GpuConfig& gpu, const mig::Partition& before,
                                  const mig::Partition& after) const;
  void hide(const GpuConfig& gpu, const mig::Partition& before, const mig::Partition& after) const;

  // Sets the capability files to those of `state`, whatever is there now.
  [[nodiscard]] Result<void> mend(const NodeConfig& node, const NodeDynamic& state) const;

  // Updates the devices in the node's namespaces to `state`. Call it under the lock of the state.
  void settle_inside(const NodeConfig& node, const NodeDynamic& state) const;

  // Replaces character devices by plain files: an earlier version created devices when root created the node.
  [[nodiscard]] Result<void> become_files() const;

 private:
  std::string directory_;
};

}  // namespace gpuslice::sim
