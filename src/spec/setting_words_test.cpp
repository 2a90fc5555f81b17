#include "spec/setting_words.hpp"

#include <gtest/gtest.h>

namespace gpuslice::spec {
namespace {

TEST(SettingWords, EveryWordIsReadAsWhatItIsWrittenFor) {
  for (const auto word : compute_mode_words) EXPECT_EQ(word_of(*to_compute_mode(word)), word);
  for (const auto word : time_slice_words) EXPECT_EQ(word_of(*to_time_slice(word)), word);
  EXPECT_EQ(to_compute_mode("exclusive-process"), model::ComputeMode::exclusive_process);
  EXPECT_EQ(to_time_slice("long"), model::TimeSlice::extended);
}

TEST(SettingWords, OtherWordsAreNone) {
  EXPECT_FALSE(to_compute_mode("exclusive-thread"));
  EXPECT_FALSE(to_time_slice("LONG"));
}

}  // namespace
}  // namespace gpuslice::spec
