// The ways in which people and programs name a GPU or MIG device, told apart. Pure; says nothing about whether the
// device exists.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "ops/instance_path.hpp"

namespace gpuslice::ops {

// "0", "0:2", "0:2/0": a GPU, all devices of a GPU instance, or one of them, by their ids.
using PathWord = InstancePath;
// "0:1" of the NVIDIA Container Toolkit: the MIG device with index 1 of GPU 0.
struct MigIndexWord {
  GpuIndex gpu{};
  std::uint32_t index{};
};
// "GPU-…" or "MIG-…": a UUID or the beginning of one.
struct UuidWord {
  std::string beginning;
};
// "MIG-GPU-…/2/0": the form of drivers before 470 (NVIDIA MIG User Guide, "CUDA Device Enumeration").
struct MigPathWord {
  std::string gpu_uuid;
  mig::GiId gi{};
  mig::CiId ci{};
};
// "/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap21".
struct FileWord {
  std::string path;
};
// "0000:10:1c.0" in any spelling that NVML accepts.
struct PciWord {
  std::string address;
};
// "train", "train/a": given by a layout or by create --name. In CDI names a dot stands for the slash.
struct NameWord {
  std::string name;
};

using DeviceWord = std::variant<PathWord, MigIndexWord, UuidWord, MigPathWord, FileWord, PciWord, NameWord>;

// Accepts each of these, also behind the kind of a CDI name ("gpuslice/gpu=train", "nvidia.com/gpu=0:1"). Errors: usage
// for an empty word and for a CDI name of another kind.
[[nodiscard]] Result<DeviceWord> parse_device_word(const std::string& word);

// A value of CUDA_VISIBLE_DEVICES or NVIDIA_VISIBLE_DEVICES: its parts between the commas.
[[nodiscard]] std::vector<std::string> split_device_words(const std::string& text);

}  // namespace gpuslice::ops
