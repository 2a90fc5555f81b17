// Restoring the settings of a GPU.
#include "plan/settings.hpp"

#include <gtest/gtest.h>

namespace gpuslice::plan {
namespace {

using namespace model;

TEST(Settings, AreKnownIfOneIsKnown) {
  EXPECT_FALSE(knows_settings({}));
  GpuState state;
  state.time_slice = TimeSlice::medium;
  EXPECT_TRUE(knows_settings(state));
}

TEST(Settings, OnlyThoseThatDifferAreSet) {
  GpuState wanted;
  wanted.compute_mode = ComputeMode::shared;
  wanted.time_slice = TimeSlice::medium;
  GpuState now = wanted;
  EXPECT_TRUE(steps_to_settings(now, wanted).empty());
  now.compute_mode = ComputeMode::prohibited;
  EXPECT_EQ(steps_to_settings(now, wanted), (std::vector<Step>{{SetComputeMode{ComputeMode::shared}, "", {}}}));
  now.time_slice.reset();
  EXPECT_EQ(steps_to_settings(now, wanted).size(), 2U) << "a setting that cannot be read is set";
}

TEST(Settings, UnknownTargetsAreLeftUnchanged) {
  GpuState now;
  now.compute_mode = ComputeMode::prohibited;
  EXPECT_TRUE(steps_to_settings(now, {}).empty());
}

}  // namespace
}  // namespace gpuslice::plan
