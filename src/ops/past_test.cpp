#include "ops/past.hpp"

#include <gtest/gtest.h>

#include "ops/testing/some_gpus.hpp"

namespace gpuslice::ops {
namespace {

// Change 1 created what a divided A100 has; change 2 destroyed all of it.
std::vector<store::Transaction> history() {
  const auto gpu = testing::divided_a100(0);
  store::Transaction made;
  made.number = 1;
  made.verb = "apply";
  made.user = "alice";
  made.started = "2026-11-21T04:17:21Z";
  store::GpuRecord record;
  record.uuid = gpu.uuid;
  record.after = gpu.state;
  record.made_after = gpu.made;
  record.devices_after = gpu.devices;
  record.profiles = {{mig::GiProfileId{9}, "3g.20gb", {{mig::CiProfileId{0}, "1c"}}}};
  made.gpus = {record};
  auto gone = made;
  gone.number = 2;
  gone.verb = "destroy";
  auto& of = gone.gpus[0];
  of.before = record.after;
  of.made_before = record.made_after;
  of.devices_before = record.devices_after;
  of.after.mig.partition = {};
  of.made_after.clear();
  of.devices_after.emplace();
  return {made, gone};
}

std::optional<Past> past(const std::vector<store::Transaction>& changes, const std::string& word) {
  return past_of(changes, parse_device_word(word).value());
}

TEST(Past, IsWhatADestroyedInstanceWasByEveryRecordedForm) {
  for (const char* word : {"train/a", "a", "0:1/0", "MIG-0-1-0", "MIG-GPU-0/1/0", "gpuslice/gpu=train.a"}) {
    const auto found = past(history(), word);
    ASSERT_TRUE(found) << word;
    EXPECT_EQ(found->name, "train/a") << word;
    EXPECT_EQ(found->uuid, "MIG-0-1-0") << word;
    EXPECT_EQ(found->gi_profile, "3g.20gb") << word;
    EXPECT_EQ(found->ci_profile, "1c") << word;
    EXPECT_EQ(found->gi_placement, (mig::Placement{4, 4})) << word;
    EXPECT_TRUE(found->destroyed) << word;
    EXPECT_EQ(found->number, 2U) << word;
    EXPECT_EQ(found->verb, "destroy") << word;
  }
}

TEST(Past, OfAGpuInstanceHasNoComputeInstance) {
  const auto found = past(history(), "train");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->ci);
  EXPECT_EQ(found->gi, mig::GiId{1});
  EXPECT_EQ(past(history(), "0:7")->gi_profile, "") << "this profile's name was not recorded";
}

TEST(Past, WithoutALaterChangeItExistedAfterTheNewestOne) {
  const auto found = past({history()[0]}, "train");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->destroyed);
  EXPECT_EQ(found->number, 1U);
}

TEST(Past, OfWhatNoChangeHadIsNone) {
  for (const char* word : {"nobody", "0", "1:1", "GPU-0", "nvidia.com/gpu=0:0", "/dev/nvidia0", "10:00.0"})
    EXPECT_FALSE(past(history(), word)) << word;
}

TEST(Past, IsFoundInRecordsOfEarlierVersionsByNameAndIds) {
  auto changes = history();
  for (auto& change : changes) change.gpus[0].devices_before = change.gpus[0].devices_after = std::nullopt;
  EXPECT_TRUE(past(changes, "train/a"));
  EXPECT_TRUE(past(changes, "0:1/0"));
  EXPECT_FALSE(past(changes, "MIG-0-1-0")) << "its UUID was not recorded";
}

}  // namespace
}  // namespace gpuslice::ops
