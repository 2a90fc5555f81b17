#include "node/port.hpp"

#include <gtest/gtest.h>

namespace gpuslice::node {
namespace {

// The only facet that a minimal recording of a node has: its identity.
class Recording : public Node, public Identity {
 public:
  Recording() { give<Identity>(*this); }
  Answer<std::uint32_t> gpu_count() override { return 2; }
};

TEST(Node, ReportsWhichFacetsItHas) {
  const Recording node;
  EXPECT_TRUE(node.has<Identity>());
  EXPECT_FALSE(node.has<Mig>());
  EXPECT_FALSE(node.has<Tuning>());
}

TEST(Node, ReturnsNotSupportedForAMissingFacet) {
  const Recording node;
  EXPECT_EQ(node.identity().gpu_count(), 2U);
  const auto refused = [](const auto& answer) { return !answer && answer.error().code == err_not_supported; };
  EXPECT_TRUE(refused(node.mig().gi_profiles(GpuIndex{0})));
  EXPECT_TRUE(refused(node.mig().destroy_gi(GpuIndex{0}, mig::GiId{1})));
  EXPECT_TRUE(refused(node.tuning().set_power_limit(GpuIndex{0}, 1000)));
  EXPECT_TRUE(refused(node.reset().reset_gpu(GpuIndex{0})));
}

TEST(Node, RefusesEachMissingReading) {
  const Recording node;
  const std::vector<fields::Reading> asked(3, fields::Reading::none);
  const auto answers = node.readings().read(GpuIndex{0}, asked);
  ASSERT_EQ(answers.size(), 3U);
  for (const auto& answer : answers) EXPECT_EQ(answer.error().code, err_not_supported);
}

}  // namespace
}  // namespace gpuslice::node
