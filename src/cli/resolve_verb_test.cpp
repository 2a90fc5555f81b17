#include "cli/resolve_verb.hpp"

#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"

namespace gpuslice::cli {
namespace {

// Two A100; on the first a 4g with one compute instance and a 2g with two.
class Resolve : public ::testing::Test {
 protected:
  Resolve() {
    node_.gpus.resize(2);
    node_.gpus[1].uuid = "GPU-22222222-2222-3333-4444-555555555555";
    auto& gpu = node_.gpus[0];
    gpu.mig = {true, true};
    gpu.profiles = node::testing::a100_40_profiles();
    gpu.instances = {{{mig::GiId{2}, mig::GiProfileId{5}, 0, 4}, {{{mig::CiId{0}, mig::CiProfileId{3}, 0, 4}}}},
                     {{mig::GiId{3}, mig::GiProfileId{14}, 4, 2},
                      {{{mig::CiId{0}, mig::CiProfileId{0}, 0, 1}}, {{mig::CiId{1}, mig::CiProfileId{0}, 1, 1}}}}};
  }

  // What `gpuslice resolve WORD` prints, or the error.
  std::string answer(const std::string& word) {
    const auto device = find_device(node_, word);
    if (!device) return device.error().message();
    const auto text = describe_device(node_, *device);
    return text ? *text : text.error().message();
  }

  node::testing::FakeNode node_;
};

TEST_F(Resolve, AnIndexIsAGpu) {
  EXPECT_EQ(answer("0"), "gpu=0 uuid=GPU-11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(answer("1"), "gpu=1 uuid=GPU-22222222-2222-3333-4444-555555555555");
}

TEST_F(Resolve, AUuidIsAskedOfTheDriver) {
  EXPECT_EQ(answer("GPU-22222222-2222-3333-4444-555555555555"), "gpu=1 uuid=GPU-22222222-2222-3333-4444-555555555555");
  EXPECT_EQ(answer("MIG-00000000-0000-0000-0000-000000000000"),
            "device MIG-00000000-0000-0000-0000-000000000000: no such GPU or MIG device here");
}

TEST_F(Resolve, InstancesOfAGpuAreAMigDevice) {
  const auto uuid = [&](std::uint32_t index) { return *node_.identity().uuid({GpuIndex{0}, index}); };
  EXPECT_EQ(answer("0:2/0"), "gpu=0 gi=2 ci=0 uuid=" + uuid(0));
  EXPECT_EQ(answer("0:3/1"), "gpu=0 gi=3 ci=1 uuid=" + uuid(2));
}

TEST_F(Resolve, WhatIsNotThereIsNamed) {
  EXPECT_EQ(answer("2"), "device 2: no such GPU here; there are 2");
  EXPECT_EQ(answer("2:0/0"), "device 2:0/0: no such GPU here; there are 2");
  EXPECT_EQ(answer("0:3/2"), "device 0:3/2: no such MIG device here");
  EXPECT_EQ(answer("1:2/0"), "device 1:2/0: no such MIG device here");
}

TEST_F(Resolve, OtherWordsAreNotGuessedAt) {
  for (const char* word :
       {"-1", "+1", " 1", "1 ", "0x1", "4294967296", "0:", "0:2", "0:2/", "0:2/0/0", "0/2/0", "0:-2/0", "gpu0"}) {
    const auto found = find_device(node_, word);
    ASSERT_FALSE(found) << word;
    EXPECT_EQ(found.error().kind, ErrorKind::usage) << word;
    EXPECT_EQ(found.error().message(), std::string("device ") + word + ": is neither an index, a UUID, nor GPU:GI/CI");
  }
  EXPECT_EQ(answer(""), "device \"\": is neither an index, a UUID, nor GPU:GI/CI");
}

}  // namespace
}  // namespace gpuslice::cli
