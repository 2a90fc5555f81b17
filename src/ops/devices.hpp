// The GPUs and MIG devices of a node that a process can be given. Pure, except read_device_files.
#pragma once

#include <optional>
#include <vector>

#include "handover/device.hpp"
#include "model/inventory.hpp"
#include "ops/device_word.hpp"
#include "ops/effects.hpp"
#include "ops/workers.hpp"

namespace gpuslice::ops {

struct UsableDevice {
  handover::Device device;
  std::optional<Instance> instance;    // the compute instance, of a MIG device
  bool mig_mode{};                     // of a whole GPU: CUDA processes cannot use it as a whole
  std::vector<model::Client> clients;  // those of the whole GPU, or those of the compute instance
};

// Each readable GPU, followed by its MIG devices in the order of GPU and compute instance ids. Without device nodes.
[[nodiscard]] std::vector<UsableDevice> devices_of(const model::Inventory& inventory);

// Sets the device nodes of these devices, each by the worker of its GPU. They stay absent where they cannot be read.
void read_device_files(Workers& workers, std::vector<UsableDevice>& devices);

// Those of `all` that the word names: several for a GPU instance and for the beginning of several UUIDs; empty: none.
// Device files are compared only where they were read.
[[nodiscard]] std::vector<UsableDevice> matching(const std::vector<UsableDevice>& all, const DeviceWord& word);

}  // namespace gpuslice::ops
