// Which instances a change created and destroyed, named by everything that a program may need to use them: ids, UUIDs
// and device nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/step.hpp"
#include "node/port.hpp"
#include "ops/workers.hpp"

namespace gpuslice::ops {

// A character device that a process has to open to use a GPU or an instance of it.
struct DeviceNode {
  enum class Of : std::uint8_t { gpu, gpu_instance, compute_instance };
  Of of{};
  std::string path;                    // "/dev/nvidia-caps/nvidia-cap21"
  std::optional<std::uint32_t> major;  // absent: /proc/devices does not list it
  std::uint32_t minor{};
  friend bool operator==(const DeviceNode&, const DeviceNode&) = default;
};

// A GPU instance, or a compute instance in it.
struct Instance {
  GpuIndex gpu{};
  std::string gpu_uuid;
  mig::GiId gi{};
  std::optional<mig::CiId> ci;
  model::GiSeat gi_seat;
  std::optional<model::CiSeat> ci_seat;          // present with `ci`
  std::string gi_profile;                        // "3g.20gb"; empty: not known
  std::string ci_profile;                        // "1c"; empty: not known, or no compute instance
  std::string name;                              // empty: none
  std::string uuid;                              // of the MIG device; empty: a GPU instance, or the driver does not say
  std::optional<std::vector<DeviceNode>> nodes;  // absent: they cannot be read
  friend bool operator==(const Instance&, const Instance&) = default;
};

struct Effects {
  std::vector<Instance> created, destroyed;

  void add(const Effects& more);
};

// The instances of a GPU, each GPU instance before its compute instances, without device nodes. Pure.
[[nodiscard]] std::vector<Instance> instances_of(const model::Gpu& gpu);
// What is on `after` and not on `before`, and the reverse; the same GPU both times. `name`: of what was created.
[[nodiscard]] Effects effects_between(const model::Gpu& before, const model::Gpu& after, const std::string& name);

// "1c" of a compute instance profile; empty where the GPU has no such profile.
[[nodiscard]] std::string share_name(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci);

// The device nodes of a GPU, of a GPU instance with `gi`, of a compute instance with `ci` too; the GPU's is the first.
// They come from /proc/driver/nvidia/capabilities and /proc/devices below `root` ("" is this host). Nothing when they
// cannot be read. Runs on the GPU's worker.
[[nodiscard]] std::optional<std::vector<DeviceNode>> device_nodes(node::Node& node, const std::string& root,
                                                                  GpuIndex gpu, std::optional<mig::GiId> gi,
                                                                  std::optional<mig::CiId> ci);
// Sets `nodes` of instances of one GPU, by its worker.
void read_device_nodes(Workers& workers, const std::string& root, std::vector<Instance>& instances);

}  // namespace gpuslice::ops
