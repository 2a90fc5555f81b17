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

using node::DeviceNode;

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
  std::string gi_name;                           // of the GPU instance, also for a compute instance; empty: none
  std::string uuid;                              // of the MIG device; empty: a GPU instance, or the driver does not say
  std::optional<std::vector<DeviceNode>> nodes;  // absent: they cannot be read
  friend bool operator==(const Instance&, const Instance&) = default;
};

struct Effects {
  std::vector<Instance> created, destroyed;

  void add(const Effects& more);
  // Gives compute instances the name of the GPU instance that an earlier step of the same change created. The GPU has
  // such a name only once the change is recorded.
  void name_parents_from(const Effects& earlier);
};

// The instances of a GPU, each GPU instance before its compute instances, without device nodes. Pure.
[[nodiscard]] std::vector<Instance> instances_of(const model::Gpu& gpu);
// What is on `after` and not on `before`, and the reverse; the same GPU both times. `name`: of what was created.
[[nodiscard]] Effects effects_between(const model::Gpu& before, const model::Gpu& after, const std::string& name);

// "1c" of a compute instance profile; empty where the GPU has no such profile.
[[nodiscard]] std::string share_name(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci);

// Sets `nodes` of instances of one GPU, by its worker.
void read_device_nodes(Workers& workers, std::vector<Instance>& instances);

}  // namespace gpuslice::ops
