#include "plan/resolve.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"

namespace gpuslice::plan {
namespace {

model::Gpu gpu(std::uint32_t index, const std::string& product) {
  const auto* known = *catalog::find(product);
  model::Gpu made;
  made.index = GpuIndex{index};
  made.uuid = "GPU-0000000" + std::to_string(index);
  made.pci = "00000000:1" + std::to_string(index) + ":00.0";
  made.name = std::string(known->names[0]);
  made.product = std::string(known->key);
  made.capability = known->capability;
  return made;
}
model::Inventory node() { return {"580.126.09", {gpu(0, "a100-40gb"), gpu(1, "a100-40gb"), gpu(2, "a10-24gb")}}; }

model::Layout layout(model::Selector selector, std::vector<model::WantedGi> instances) {
  model::GpuEntry entry;
  entry.selector = std::move(selector);
  entry.instances = std::move(instances);
  entry.origin = {"layout.yaml", 3};
  model::Layout made;
  made.gpus.push_back(entry);
  made.origin = {"layout.yaml", 1};
  return made;
}
model::WantedGi wanted(const std::string& profile) {
  model::WantedGi made;
  made.profile = profile;
  made.origin = {"layout.yaml", 7};
  return made;
}

TEST(Resolve, ProfilesAreFoundByNameIdAndSlices) {
  const auto a100 = gpu(0, "a100-40gb").capability;
  for (const auto* word : {"3g.20gb", "MIG 3g.20gb", "9", "3g"}) {
    const auto found = find_profile(a100, word);
    ASSERT_TRUE(found) << word;
    EXPECT_EQ((*found)->id, mig::GiProfileId{9}) << word;
  }
  EXPECT_EQ((*find_profile(a100, "1g"))->name, "1g.5gb") << "the profile without suffix that has the least memory";
  const auto wrong = find_profile(a100, "3g.20g");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message(), "profile 3g.20g: this GPU has no such GPU instance profile");
  EXPECT_TRUE(wrong.error().hint.line().starts_with("nearest: 3g.20gb")) << wrong.error().hint.line();
  const auto compute = find_profile(a100, "1c.3g.20gb");
  ASSERT_FALSE(compute);
  EXPECT_EQ(compute.error().message(),
            "profile 1c.3g.20gb: is a profile of a compute instance, which needs a GPU instance 3g.20gb");
  EXPECT_EQ(compute.error().hint.line(),
            "3g.20gb with --compute 1c; in a layout {profile: 3g.20gb, compute: [{profile: 1c}]}");
}

TEST(Resolve, TheNameOfTheGpuInstanceMeansTheDefaultProfile) {
  mig::GiProfile parent;
  parent.name = "1g.20gb";
  parent.slices = 1;
  for (const std::uint32_t id : {0U, 7U}) {
    mig::CiProfile profile;
    profile.id = mig::CiProfileId{id};
    profile.slices = 1;
    profile.is_default = id == 7;
    parent.compute.push_back(profile);
  }
  EXPECT_EQ((*find_profile(parent, "1g.20gb"))->id, mig::CiProfileId{7});
  EXPECT_EQ((*find_profile(parent, "0"))->id, mig::CiProfileId{0});
  EXPECT_EQ((*find_profile(parent, "7"))->id, mig::CiProfileId{7});
}

TEST(Resolve, ComputeProfilesAreFoundByShareOrName) {
  const auto a100 = gpu(0, "a100-40gb").capability;
  const auto& parent = **find_profile(a100, "3g.20gb");
  EXPECT_EQ((*find_profile(parent, "1c"))->slices, 1);
  EXPECT_EQ((*find_profile(parent, "2c.3g.20gb"))->slices, 2);
  EXPECT_TRUE((*find_profile(parent, "3g.20gb"))->is_default);
  EXPECT_FALSE(find_profile(parent, "4c"));
}

TEST(Resolve, WithoutComputeInstancesOneUsesTheWholeInstance) {
  model::Selector selector;
  selector.index = {1};
  const auto targets = resolve(layout(selector, {wanted("3g.20gb")}), node());
  ASSERT_TRUE(targets) << targets.error().message();
  ASSERT_EQ(targets->size(), 1U);
  EXPECT_EQ((*targets)[0].gpu, GpuIndex{1});
  EXPECT_TRUE((*targets)[0].target.mig);
  ASSERT_EQ((*targets)[0].target.instances.size(), 1U);
  const auto& instance = (*targets)[0].target.instances[0];
  ASSERT_EQ(instance.compute.size(), 1U);
  EXPECT_EQ(instance.compute[0].profile,
            gpu(0, "a100-40gb").capability.find(mig::GiProfileId{9})->default_compute()->id);
}

TEST(Resolve, AProductSelectsItsGpusByAnyOfItsNames) {
  for (const auto* word : {"a100-40gb", "A100", "NVIDIA A100-SXM4-40GB"}) {
    model::Selector selector;
    selector.product = {word};
    const auto targets = resolve(layout(selector, {}), node());
    ASSERT_TRUE(targets) << word << ": " << targets.error().message();
    EXPECT_EQ(targets->size(), 2U) << word;
  }
}

TEST(Resolve, PciAddressesAreAcceptedInAnySpelling) {
  EXPECT_TRUE(same_pci("0000:10:1c.0", "00000000:10:1C.0"));
  EXPECT_TRUE(same_pci("10:1C.0", "0000:10:1c.0"));
  EXPECT_FALSE(same_pci("0001:10:1c.0", "10:1c.0"));
  EXPECT_FALSE(same_pci("", ""));
  EXPECT_FALSE(same_pci("gpu", "gpu"));
}

TEST(Resolve, ErrorsNameTheLineAndValidValues) {
  model::Selector by_index;
  by_index.index = {9};
  EXPECT_EQ(resolve(layout(by_index, {}), node()).error().message(),
            "layout.yaml:3: no GPU has the index 9; GPUs on the node: 3");
  auto misplaced = wanted("2g.10gb");
  misplaced.placement = mig::Placement{3, 0};
  model::Selector first;
  first.index = {0};
  const auto where = resolve(layout(first, {misplaced}), node());
  ASSERT_FALSE(where);
  EXPECT_EQ(where.error().message(), "layout.yaml:7: 2g.10gb cannot be placed at 3");
  EXPECT_EQ(where.error().hint, "possible placements: 0:2, 2:2, 4:2");
  model::Selector third;
  third.index = {2};
  const auto without = resolve(layout(third, {wanted("1g.5gb")}), node());
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().message(), "layout.yaml:3: GPU 2 (NVIDIA A10) does not support MIG");
}

// The start is enough; if a size is given, both must match.
TEST(Resolve, TheSizeOfAPlacementIsChecked) {
  model::Selector first;
  first.index = {0};
  auto narrow = wanted("4g.20gb");
  narrow.placement = mig::Placement{0, 2};
  const auto wrong = resolve(layout(first, {narrow}), node());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::usage);
  EXPECT_EQ(wrong.error().message(), "layout.yaml:7: 4g.20gb cannot be placed at 0:2");
  EXPECT_EQ(wrong.error().hint, "possible placements: 0:4");
  for (const auto right : {mig::Placement{0, 4}, mig::Placement{0, 0}}) {
    narrow.placement = right;
    const auto targets = resolve(layout(first, {narrow}), node());
    ASSERT_TRUE(targets) << targets.error().message();
    EXPECT_EQ((*targets)[0].target.instances[0].placement, (mig::Placement{0, 4}));
  }
  auto parent = wanted("4g.20gb");
  parent.compute.emplace();
  parent.compute->push_back({});
  parent.compute->front().profile = "2c";
  parent.compute->front().placement = mig::Placement{0, 1};
  EXPECT_FALSE(resolve(layout(first, {parent}), node())) << "compute instances likewise";
  parent.compute->front().placement = mig::Placement{0, 2};
  EXPECT_TRUE(resolve(layout(first, {parent}), node()));
}

TEST(Resolve, AGpuIsSelectedOnceUnlessLaterWins) {
  model::Selector first;
  first.index = {0};
  auto twice = layout(first, {wanted("3g.20gb")});
  twice.gpus.push_back(twice.gpus[0]);
  twice.gpus[1].instances = {wanted("7g.40gb")};
  const auto refused = resolve(twice, node());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "layout.yaml:3: GPU 0 is selected here and at layout.yaml:3 too");
  twice.later_wins = true;
  const auto targets = resolve(twice, node());
  ASSERT_TRUE(targets);
  EXPECT_EQ((*targets)[0].target.instances[0].profile, mig::GiProfileId{0});
}

}  // namespace
}  // namespace gpuslice::plan
