// The position of GPUs in the topology of their host, relative to each other and to its CPUs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/answer.hpp"

namespace gpuslice::node {

// Where the PCIe paths of two GPUs meet.
enum class PathLevel : std::uint8_t { same_board, one_switch, switches, host_bridge, cpu, system };
struct NearGpus {
  std::vector<GpuIndex> gpus;  // ascending
  bool whole{true};            // false if the list ends before a handle that has no index because its GPU is lost
};
// How one GPU may access another's memory, and over which path.
enum class PeerAccess : std::uint8_t { read, write, nvlink, atomics, pci };
enum class PeerStatus : std::uint8_t {
  ok,
  chipset_not_supported,
  gpu_not_supported,
  topology_not_supported,
  disabled_by_key,
  not_supported,
  unknown
};
// A GPU that the driver is configured to exclude.
struct ExcludedGpu {
  std::string bus_id, uuid;
};

// Path levels and peer statuses are those of two different GPUs; lists are ascending.
class Topology : public Facet {
 public:
  virtual Answer<PathLevel> path_level(GpuIndex /*one*/, GpuIndex /*other*/) { return absent(); }
  virtual Answer<NearGpus> nearest_gpus(GpuIndex, PathLevel /*level*/) { return absent(); }
  virtual Answer<PeerStatus> peer_status(GpuIndex /*one*/, GpuIndex /*other*/, PeerAccess /*access*/) {
    return absent();
  }
  virtual Answer<std::vector<std::uint32_t>> cpus_near(GpuIndex) { return absent(); }
  virtual Answer<std::vector<std::uint32_t>> numa_nodes_near(GpuIndex) { return absent(); }
  // The NUMA node of the GPU's own memory.
  virtual Answer<std::uint32_t> own_numa_node(GpuIndex) { return absent(); }
  virtual Answer<NearGpus> gpus_near_cpu(std::uint32_t /*cpu*/) { return absent(); }
  virtual Answer<std::vector<ExcludedGpu>> excluded_gpus() { return absent(); }
};

}  // namespace gpuslice::node
