#include "handover/forms.hpp"

#include <gtest/gtest.h>

#include "handover/testing/some_devices.hpp"

namespace gpuslice::handover {
namespace {

std::vector<std::string> lines(const Device& device) {
  std::vector<std::string> all;
  for (const auto& form : forms(device)) all.push_back(std::string(form.title) + ": " + form.text);
  return all;
}

TEST(Forms, OfAMigDevice) {
  EXPECT_EQ(lines(testing::train()),
            (std::vector<std::string>{
                "CUDA_VISIBLE_DEVICES: MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd",
                "drivers before 470: MIG-GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9/2/0", "NVIDIA_VISIBLE_DEVICES: 0:0",
                "CDI: gpuslice/gpu=train", "docker: docker run --gpus device=MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd",
                "podman: podman run --device gpuslice/gpu=train",
                "Slurm gres.conf: Name=gpu Type=4g.20gb "
                "MultipleFiles=/dev/nvidia0,/dev/nvidia-caps/nvidia-cap21,/dev/nvidia-caps/nvidia-cap22",
                "Slurm job: srun --gres=gpu:4g.20gb:1"}));
}

TEST(Forms, OfAWholeGpu) {
  EXPECT_EQ(
      lines(testing::whole_gpu()),
      (std::vector<std::string>{"CUDA_VISIBLE_DEVICES: GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e",
                                "drivers before 470: ", "NVIDIA_VISIBLE_DEVICES: 1",
                                "CDI: gpuslice/gpu=GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e",
                                "docker: docker run --gpus device=GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e",
                                "podman: podman run --device gpuslice/gpu=GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e",
                                "Slurm gres.conf: Name=gpu File=/dev/nvidia1", "Slurm job: srun --gres=gpu:1"}));
}

TEST(Forms, WhatIsNotKnownIsEmptyAndNotGuessed) {
  auto device = testing::train();
  device.uuid.clear();
  device.name.clear();
  device.mig_index.reset();
  device.nodes.reset();
  device.ci_profile.clear();
  for (const auto& form : forms(device))
    EXPECT_EQ(form.text, form.key == "mig_path" ? "MIG-GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9/2/0" : "") << form.key;
}

TEST(Forms, AComputeInstanceThatIsAPartOfItsGpuInstanceIsNamedSo) {
  auto device = testing::train();
  EXPECT_EQ(profile_text(device), "4g.20gb");
  device.ci_profile = "1c";
  EXPECT_EQ(profile_text(device), "1c.4g.20gb");
  EXPECT_EQ(profile_text(testing::whole_gpu()), "");
}

}  // namespace
}  // namespace gpuslice::handover
