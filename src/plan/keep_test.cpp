#include "plan/keep.hpp"

#include <gtest/gtest.h>

namespace gpuslice::plan {
namespace {

const mig::Placement low{0, 4}, high{4, 4};
const mig::GiProfileId half{9};

model::NamedCi ci(std::uint8_t start, const std::string& name) { return {{start, 1}, mig::CiProfileId{0}, name}; }

TEST(Keep, MergedHasEachInstanceOnceWithItsFirstName) {
  const std::vector<model::NamedGi> before{{low, half, "train", {ci(0, "web")}}};
  const std::vector<model::NamedGi> after{{low, half, "other", {ci(0, "chat"), ci(1, "batch")}},
                                          {high, half, "new", {}}};
  const auto both = merged(before, after);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].name, "train");
  EXPECT_EQ(both[0].compute, (std::vector<model::NamedCi>{ci(0, "web"), ci(1, "batch")}));
  EXPECT_EQ(both[1].name, "new");
}

}  // namespace
}  // namespace gpuslice::plan
