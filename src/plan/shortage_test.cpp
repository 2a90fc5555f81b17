#include "plan/shortage.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"
#include "plan/resolve.hpp"

namespace gpuslice::plan {
namespace {

const mig::Capability& capability_of(const std::string& product) { return (*catalog::find(product))->capability; }

model::TargetGi one_of(const mig::Capability& capability, const std::string& word,
                       std::optional<mig::Placement> at = std::nullopt, const std::vector<std::string>& compute = {}) {
  const auto& profile = **find_profile(capability, word);
  model::TargetGi one{"", profile.id, at, {}};
  for (const auto& inner : compute) one.compute.push_back({"", (*find_profile(profile, inner))->id, std::nullopt});
  return one;
}

std::string why(const std::string& product, const std::vector<std::string>& words) {
  const auto& capability = capability_of(product);
  std::vector<model::TargetGi> all;
  for (const auto& word : words) all.push_back(one_of(capability, word));
  return shortage_text(shortage(capability, all, {}));
}

TEST(Shortage, NamesTheExhaustedBudget) {
  EXPECT_EQ(why("a100-40gb", {"4g.20gb", "3g.20gb", "1g.5gb"}), "8 compute slices are needed, and the GPU has 7");
  EXPECT_EQ(why("a100-40gb", {"3g.20gb", "3g.20gb", "1g.5gb"}), "9 memory slices are needed, and the GPU has 8");
  EXPECT_EQ(why("a100-40gb", {"1g.5gb+me", "1g.5gb+me"}), "at most 1 of 1g.5gb+me fits on a GPU");
  EXPECT_EQ(why("a30-24gb", {"2g.12gb", "2g.12gb", "1g.6gb"}), "5 compute slices are needed, and the GPU has 4");
}

TEST(Shortage, CountsInstancesThatStay) {
  const auto& capability = capability_of("a100-40gb");
  mig::GpuInstance kept;
  kept.id = mig::GiId{2};
  kept.profile = (**find_profile(capability, "4g.20gb")).id;
  kept.placement = {0, 4};
  const std::vector staying = {kept};
  const std::vector wanted = {one_of(capability, "4g.20gb")};
  const auto found = shortage(capability, wanted, staying);
  const auto* exhausted = std::get_if<Exhausted>(&found.reason);
  ASSERT_NE(exhausted, nullptr);
  EXPECT_EQ(*exhausted, (Exhausted{Resource::compute_slices, "", 4, 4, 7}));
  EXPECT_EQ(shortage_text(found), "4 compute slices are needed, and 3 of 7 are free");
}

TEST(Shortage, NamesOverlappingPlacementsTheirLinesAndFreeOnes) {
  const auto& capability = capability_of("a100-40gb");
  std::vector wanted = {one_of(capability, "3g.20gb", mig::Placement{0, 4}),
                        one_of(capability, "2g.10gb", mig::Placement{2, 2})};
  wanted[0].origin = {"bad.yaml", 3};
  wanted[1].origin = {"bad.yaml", 4};
  const auto found = shortage(capability, wanted, {});
  EXPECT_EQ(found.origin.text(), "bad.yaml:4");
  EXPECT_EQ(shortage_text(found),
            "2g.10gb at 2:2 overlaps 3g.20gb at 0:4 (bad.yaml:3); free placements of 2g.10gb: 4:2");
}

TEST(Shortage, AnInstanceThatStaysIsNamedByItsId) {
  const auto& capability = capability_of("a100-40gb");
  mig::GpuInstance kept;
  kept.id = mig::GiId{13};
  kept.profile = (**find_profile(capability, "1g.5gb")).id;
  kept.placement = {6, 1};
  const std::vector staying = {kept};
  const std::vector wanted = {one_of(capability, "3g.20gb", mig::Placement{4, 4})};
  EXPECT_EQ(shortage_text(shortage(capability, wanted, staying)),
            "3g.20gb at 4:4 overlaps GPU instance 13 (1g.5gb at 6:1); free placements of 3g.20gb: 0:4");
}

TEST(Shortage, ExplainsComputeInstancesThatDoNotFit) {
  const auto& capability = capability_of("a100-80gb");
  const std::vector wanted = {one_of(capability, "2g.20gb", std::nullopt, {"1c", "1c", "1c"})};
  const auto found = shortage(capability, wanted, {});
  EXPECT_EQ(found.inside, "2g.20gb");
  EXPECT_EQ(shortage_text(found), "3 compute slices are needed, and a 2g.20gb has 2");
}

TEST(Shortage, WithSufficientBudgetsItShowsThePossiblePlacements) {
  // 4g fits only at 0:4, which the 2g at 2:2 overlaps, although 6 of 7 compute slices would be enough.
  const auto& capability = capability_of("a100-40gb");
  mig::GpuInstance kept;
  kept.id = mig::GiId{4};
  kept.profile = (**find_profile(capability, "2g.10gb")).id;
  kept.placement = {2, 2};
  const std::vector staying = {kept};
  const std::vector wanted = {one_of(capability, "4g.20gb")};
  const auto found = shortage(capability, wanted, staying);
  ASSERT_TRUE(std::holds_alternative<NoArrangement>(found.reason));
  EXPECT_EQ(shortage_text(found),
            "4g.20gb can be placed at 0:4, and every possibility overlaps an instance that stays");
}

}  // namespace
}  // namespace gpuslice::plan
