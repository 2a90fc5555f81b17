#include "ops/locate.hpp"

#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"

namespace gpuslice::ops {
namespace {

// Two A100; on the first a 4g with one compute instance and a 2g with two.
class Locate : public ::testing::Test {
 protected:
  Locate() {
    node_.gpus.resize(2);
    node_.gpus[1].uuid = "GPU-22222222-2222-3333-4444-555555555555";
    auto& gpu = node_.gpus[0];
    gpu.mig = {true, true};
    gpu.profiles = node::testing::a100_40_profiles();
    gpu.instances = {{{mig::GiId{2}, mig::GiProfileId{5}, 0, 4}, {{{mig::CiId{0}, mig::CiProfileId{3}, 0, 4}}}},
                     {{mig::GiId{3}, mig::GiProfileId{14}, 4, 2},
                      {{{mig::CiId{0}, mig::CiProfileId{0}, 0, 1}}, {{mig::CiId{1}, mig::CiProfileId{0}, 1, 1}}}}};
  }

  // "0:2/0 MIG-…", or the error.
  std::string answer(const std::string& word) {
    const auto found = locate(node_, word);
    return found ? path_text(found->path) + " " + found->uuid : found.error().message();
  }

  node::testing::FakeNode node_;
};

TEST_F(Locate, AnIndexIsAGpu) {
  EXPECT_EQ(answer("0"), "0 GPU-11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(answer("1"), "1 GPU-22222222-2222-3333-4444-555555555555");
}

TEST_F(Locate, AUuidIsAskedOfTheDriver) {
  EXPECT_EQ(answer("GPU-22222222-2222-3333-4444-555555555555"), "1 GPU-22222222-2222-3333-4444-555555555555");
  EXPECT_EQ(answer("MIG-00000000-0000-0000-0000-000000000000"),
            "device MIG-00000000-0000-0000-0000-000000000000: no such GPU or MIG device here");
}

TEST_F(Locate, TheBeginningOfOneUuidIsEnough) {
  EXPECT_EQ(answer("GPU-2"), "1 GPU-22222222-2222-3333-4444-555555555555");
  EXPECT_EQ(answer("GPU-11111111-22"), "0 GPU-11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(answer("GPU-3"), "device GPU-3: no such GPU or MIG device here");
  const auto uuid = *node_.identity().uuid({GpuIndex{0}, 1});
  EXPECT_EQ(answer(uuid), "0:3/0 " + uuid);
  EXPECT_EQ(answer("MIG-a0344"),
            "device MIG-a0344: is the beginning of 3 UUIDs: MIG-a03442ea-7e39-5c87-a571-2c92a740e2b0, "
            "MIG-a03442ea-7e39-5c87-a571-2c92a740e2b1, MIG-a03442ea-7e39-5c87-a571-2c92a740e2b2");
}

TEST_F(Locate, TheBeginningOfSeveralUuidsNamesThem) {
  node_.gpus[1].uuid = "GPU-11113333-2222-3333-4444-555555555555";
  EXPECT_EQ(answer("GPU-1111"),
            "device GPU-1111: is the beginning of 2 UUIDs: GPU-11111111-2222-3333-4444-555555555555, "
            "GPU-11113333-2222-3333-4444-555555555555");
  EXPECT_EQ(locate(node_, "GPU-1111").error().kind, ErrorKind::usage);
  EXPECT_EQ(answer("GPU-11113"), "1 GPU-11113333-2222-3333-4444-555555555555");
  EXPECT_FALSE(locate(node_, "MIG-")) << "no digit of a UUID";
}

TEST_F(Locate, InstancesOfAGpuAreAMigDevice) {
  const auto uuid = [&](std::uint32_t index) { return *node_.identity().uuid({GpuIndex{0}, index}); };
  EXPECT_EQ(answer("0:2/0"), "0:2/0 " + uuid(0));
  EXPECT_EQ(answer("0:3/1"), "0:3/1 " + uuid(2));
}

TEST_F(Locate, WhatIsNotThereIsNamed) {
  EXPECT_EQ(answer("2"), "device 2: no such GPU here; there are 2");
  EXPECT_EQ(answer("2:0/0"), "device 2:0/0: no such GPU here; there are 2");
  EXPECT_EQ(answer("0:3/2"), "device 0:3/2: no such MIG device here");
  EXPECT_EQ(answer("1:2/0"), "device 1:2/0: no such MIG device here");
}

TEST_F(Locate, OtherWordsAreNotGuessedAt) {
  for (const char* word :
       {"-1", "+1", " 1", "1 ", "0x1", "4294967296", "0:", "0:2", "0:2/", "0:2/0/0", "0/2/0", "0:-2/0", "gpu0"}) {
    const auto found = locate(node_, word);
    ASSERT_FALSE(found) << word;
    EXPECT_EQ(found.error().kind, ErrorKind::usage) << word;
    EXPECT_EQ(found.error().message(), std::string("device ") + word + ": is neither an index, a UUID, nor GPU:GI/CI");
  }
  EXPECT_EQ(answer(""), "device \"\": is neither an index, a UUID, nor GPU:GI/CI");
}

}  // namespace
}  // namespace gpuslice::ops
