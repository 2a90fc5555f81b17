#include "ops/resolve.hpp"

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

// An A100 with 4g.20gb "train" and a second GPU without MIG.
class Resolve : public testing::Change {
 protected:
  Resolve() {
    EXPECT_TRUE(apply(layout({"train=4g.20gb"})));
    driver->gpus.resize(2);
    gpu(1).name = "NVIDIA A100-SXM4-40GB";
    gpu(1).uuid = "GPU-22222222-2222-3333-4444-555555555555";
  }
  Resolved one(const std::string& word) { return resolve(subject(), {word}).value().front(); }
  std::string error(const std::string& word) {
    const auto found = one(word);
    return found.error ? found.error->message() : "found";
  }
};

TEST_F(Resolve, ANameIsItsMigDevice) {
  const auto found = one("train");
  ASSERT_EQ(found.devices.size(), 1U);
  EXPECT_EQ(found.devices[0].device.name, "train");
  EXPECT_EQ(found.devices[0].device.gi_profile, "4g.20gb");
  EXPECT_EQ(one(found.devices[0].device.uuid).devices[0].device.name, "train");
  EXPECT_FALSE(found.error);
}

TEST_F(Resolve, SeveralWordsAreAnsweredInTheirOrder) {
  const auto all = resolve(subject(), {"1", "nobody", "train"}).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].devices[0].device.uuid, "GPU-22222222-2222-3333-4444-555555555555");
  EXPECT_EQ(all[1].error->message(), "device nobody: is no GPU or MIG device of this node");
  EXPECT_EQ(all[2].devices.size(), 1U);
}

TEST_F(Resolve, WhatIsGoneIsWhatItWas) {
  const auto uuid = one("train").devices.at(0).device.uuid;
  ASSERT_TRUE(undo());
  for (const auto& word : {std::string("train"), uuid}) {
    const auto found = one(word);
    ASSERT_TRUE(found.past) << word;
    EXPECT_TRUE(found.past->destroyed) << word;
    EXPECT_EQ(found.past->gi_profile, "4g.20gb") << word;
    EXPECT_EQ(found.past->gpu, GpuIndex{0}) << word;
  }
}

TEST_F(Resolve, ErrorsSayWhichGpusThereAre) {
  EXPECT_EQ(error("5"), "device 5: there is no GPU 5; GPUs on the node: 2");
  EXPECT_EQ(error(""), "device \"\": is empty");
  EXPECT_EQ(one("GPU-").error->kind, ErrorKind::usage) << "it is the beginning of two UUIDs";
}

TEST_F(Resolve, AGpuThatCannotBeReadLeavesTheAnswerOpen) {
  gpu(1).refuse_mig_mode = node::err_gpu_is_lost;
  EXPECT_EQ(one("nobody").error->kind, ErrorKind::unknown);
  EXPECT_EQ(one("1:1/0").error->kind, ErrorKind::unknown);
  EXPECT_EQ(one("0:9/0").error->kind, ErrorKind::not_found) << "GPU 0 was read";
  EXPECT_EQ(one("train").devices.size(), 1U);
}

TEST_F(Resolve, AProcessGetsOneDevice) {
  EXPECT_TRUE(device_for_process(subject(), "train"));
  EXPECT_TRUE(device_for_process(subject(), "1"));
  const auto whole = device_for_process(subject(), "0");
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().kind, ErrorKind::refused);
  EXPECT_EQ(whole.error().message(),
            "device 0: has MIG mode on, so a CUDA process uses one of its MIG devices and not the GPU");
}

TEST_F(Resolve, AProcessDoesNotGetWhatIsGone) {
  ASSERT_TRUE(undo());
  const auto gone = device_for_process(subject(), "train");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::not_found);
  EXPECT_EQ(gone.error().message(), "device train: is gone: it was 4g.20gb at 0:4 on GPU 0");
}

}  // namespace
}  // namespace gpuslice::ops
