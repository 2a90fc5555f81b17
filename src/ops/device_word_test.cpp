#include "ops/device_word.hpp"

#include <gtest/gtest.h>

namespace gpuslice::ops {
namespace {

// The kind and the parts of a word, or the error.
std::string read(const std::string& word) {
  struct Text {
    std::string operator()(const PathWord& one) const { return "path " + path_text(one); }
    std::string operator()(const MigIndexWord& one) const {
      return "mig index " + std::to_string(one.gpu.value) + " " + std::to_string(one.index);
    }
    std::string operator()(const UuidWord& one) const { return "uuid " + one.beginning; }
    std::string operator()(const MigPathWord& one) const {
      return "mig path " + one.gpu_uuid + " " + std::to_string(one.gi.value) + " " + std::to_string(one.ci.value);
    }
    std::string operator()(const FileWord& one) const { return "file " + one.path; }
    std::string operator()(const PciWord& one) const { return "pci " + one.address; }
    std::string operator()(const NameWord& one) const { return "name " + one.name; }
  };
  const auto parsed = parse_device_word(word);
  return parsed ? std::visit(Text{}, *parsed) : parsed.error().message();
}

TEST(DeviceWord, HasManyForms) {
  const std::pair<const char*, const char*> forms[] = {
      {"0", "path 0"},
      {"0:2", "path 0:2"},
      {"0:2/0", "path 0:2/0"},
      {"nvidia.com/gpu=0:1", "mig index 0 1"},
      {"nvidia.com/gpu=1", "path 1"},
      {"nvidia.com/gpu=MIG-c421", "uuid MIG-c421"},
      {"gpuslice/gpu=train", "name train"},
      {"gpuslice/gpu=serve.web", "name serve.web"},
      {"GPU-9e4aeb94", "uuid GPU-9e4aeb94"},
      {"MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd", "uuid MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd"},
      {"MIG-GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9/2/0", "mig path GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9 2 0"},
      {"MIG-GPU-9e4aeb94/2", "uuid MIG-GPU-9e4aeb94/2"},
      {"/dev/nvidia-caps/nvidia-cap21", "file /dev/nvidia-caps/nvidia-cap21"},
      {"00000000:10:1C.0", "pci 00000000:10:1C.0"},
      {"10:1c.0", "pci 10:1c.0"},
      {"train", "name train"},
      {"train/a", "name train/a"},
      {"0:x", "name 0:x"},
  };
  for (const auto& [word, expected] : forms) EXPECT_EQ(read(word), expected) << word;
}

TEST(DeviceWord, OfAnotherKindOfCdiNameIsRefused) {
  EXPECT_EQ(read("amd.com/gpu=0"),
            "device amd.com/gpu=0: is a CDI name of another kind than gpuslice/gpu or "
            "nvidia.com/gpu");
  EXPECT_EQ(read(""), "device \"\": is empty");
}

TEST(DeviceWord, AListIsSplitAtItsCommas) {
  EXPECT_EQ(split_device_words("MIG-1,MIG-2"), (std::vector<std::string>{"MIG-1", "MIG-2"}));
  EXPECT_EQ(split_device_words("0"), (std::vector<std::string>{"0"}));
}

}  // namespace
}  // namespace gpuslice::ops
