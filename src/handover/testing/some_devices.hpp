// Two devices of an A100-SXM4-40GB server, for tests.
#pragma once

#include "handover/device.hpp"

namespace gpuslice::handover::testing {

inline Device train() {
  using Of = node::DeviceNode::Of;
  Device device;
  device.name = "train";
  device.gpu_uuid = "GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9";
  device.gpu_name = "NVIDIA A100-SXM4-40GB";
  device.pci = "00000000:10:1C.0";
  device.gi = mig::GiId{2};
  device.ci = mig::CiId{0};
  device.mig_index = 0;
  device.gi_profile = "4g.20gb";
  device.ci_profile = "4c";
  device.uuid = "MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd";
  device.nodes = {{Of::gpu, "/dev/nvidia0", 195, 0},
                  {Of::gpu_instance, "/dev/nvidia-caps/nvidia-cap21", 242, 21},
                  {Of::compute_instance, "/dev/nvidia-caps/nvidia-cap22", 242, 22}};
  return device;
}

inline Device whole_gpu() {
  Device device;
  device.gpu = GpuIndex{1};
  device.gpu_uuid = "GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e";
  device.gpu_name = "NVIDIA A100-SXM4-40GB";
  device.pci = "00000000:10:1D.0";
  device.uuid = device.gpu_uuid;
  device.nodes = {{node::DeviceNode::Of::gpu, "/dev/nvidia1", 195, 1}};
  return device;
}

}  // namespace gpuslice::handover::testing
