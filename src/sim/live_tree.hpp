// The driver's files of a node, as they stand in its directory: NODE/proc, NODE/sys, NODE/dev.
//
// All but the capabilities of instances stand there as long as the node does. Those of an instance come before the
// instance is committed and go after its end is, under the lock of the state: whoever sees an instance finds its files.
// Each comes and goes by a rename from or to NODE/pool, so that no file is ever seen half made and a full disk stops
// nothing. A writer that is killed in between leaves the state marked (watch_tree), and whoever writes or looks next
// mends the files by the state; they are never read back as truth.
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

  // Lays the files out in a new node. Devices are openable files: character devices are made inside only
  // (inner_devices.hpp). Errors: io.
  [[nodiscard]] Result<void> make(const NodeConfig& node, const NodeDynamic& state) const;

  // False for a node that was made without.
  [[nodiscard]] bool is_there() const;

  // What `after` has and `before` has not comes; the other way round it goes. Errors: io.
  [[nodiscard]] Result<void> show(const GpuConfig& gpu, const mig::Partition& before,
                                  const mig::Partition& after) const;
  void hide(const GpuConfig& gpu, const mig::Partition& before, const mig::Partition& after) const;

  // Makes the capabilities those of `state`, whatever stands there.
  [[nodiscard]] Result<void> mend(const NodeConfig& node, const NodeDynamic& state) const;

  // The devices of namespaces of the node, as `state` has it. Under the lock of the state.
  void settle_inside(const NodeConfig& node, const NodeDynamic& state) const;

  // Turns character devices into openable files: an earlier version made them where root made the node.
  [[nodiscard]] Result<void> become_files() const;

 private:
  std::string directory_;
};

}  // namespace gpuslice::sim
