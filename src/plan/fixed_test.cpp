#include "plan/fixed.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"
#include "plan/planner.hpp"
#include "plan/shape.hpp"

namespace gpuslice::plan {
namespace {

model::Gpu gpu_of(std::uint32_t index) {
  const auto* known = *catalog::find("a100-40gb");
  model::Gpu made;
  made.index = GpuIndex{index};
  made.uuid = "GPU-" + std::to_string(index);
  made.name = std::string(known->names[0]);
  made.product = std::string(known->key);
  made.capability = known->capability;
  made.state.mig.mode = made.state.mig.pending = true;
  return made;
}
model::Layout train_and_two() {
  model::GpuEntry entry;
  entry.instances.push_back({"train", "3g", {}, {}, {}});
  entry.instances.push_back({"", "2g.10gb", {}, {}, {}});
  entry.instances[1].compute.emplace();
  entry.instances[1].compute->push_back({"half", "1c", {}, {}});
  model::Layout layout;
  layout.gpus.push_back(entry);
  return layout;
}

TEST(Fixed, HasThePlacementsOfItsPlanAndSelectsByUuid) {
  const model::Inventory inventory{"580", {gpu_of(0), gpu_of(1)}};
  const auto fixed = fixed_layout(inventory, train_and_two());
  ASSERT_TRUE(fixed) << fixed.error().message();
  ASSERT_EQ(fixed->gpus.size(), 1U) << "both GPUs get the same";
  const auto& entry = fixed->gpus[0];
  EXPECT_EQ(entry.selector.uuid, (std::vector<std::string>{"GPU-0", "GPU-1"}));
  ASSERT_EQ(entry.instances.size(), 2U);
  for (const auto& gi : entry.instances) EXPECT_TRUE(gi.placement && gi.placement->size != 0);
  const auto& two = entry.instances[entry.instances[0].profile == "2g.10gb" ? 0 : 1];
  ASSERT_TRUE(two.compute);
  EXPECT_EQ(two.compute->front().name, "half");
  EXPECT_TRUE(two.compute->front().placement);
}

TEST(Fixed, PlansTheSameStateAsTheLayoutItself) {
  const model::Inventory inventory{"580", {gpu_of(0)}};
  const auto plan = plan_layout(inventory, train_and_two());
  const auto fixed = fixed_layout(inventory, train_and_two());
  ASSERT_TRUE(plan && fixed);
  const auto again = plan_layout(inventory, *fixed);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_TRUE(same_shape(again->gpus[0].after, plan->gpus[0].after));
  const auto twice = fixed_layout(inventory, *fixed);
  ASSERT_TRUE(twice);
  EXPECT_EQ(*twice, *fixed) << "a fixed layout stays as it is";
}

TEST(Fixed, KeepsThePlaceOfAnInstanceThatExists) {
  auto gpu = gpu_of(0);
  mig::GpuInstance gi;
  gi.id = mig::GiId{2};
  gi.profile = mig::GiProfileId{9};
  gi.placement = {0, 4};
  gi.compute.push_back({mig::CiId{0}, mig::CiProfileId{2}, {0, 3}});
  gpu.state.mig.partition.instances.push_back(gi);
  gpu.made = {{{0, 4}, mig::GiProfileId{9}, "train", {{{0, 3}, mig::CiProfileId{2}, ""}}}};
  const auto fixed = fixed_layout({"580", {gpu}}, train_and_two());
  ASSERT_TRUE(fixed) << fixed.error().message();
  EXPECT_EQ(fixed->gpus[0].instances[0].name, "train");
  EXPECT_EQ(fixed->gpus[0].instances[0].placement, (mig::Placement{0, 4}));
}

TEST(Fixed, SaysModeAndForeignWhereThereAreNoInstances) {
  model::Layout off;
  off.gpus.emplace_back().mig = false;
  off.gpus[0].foreign = model::Foreign::remove;
  const auto fixed = fixed_layout({"580", {gpu_of(0)}}, off);
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->gpus[0].mig, false);
  EXPECT_EQ(fixed->gpus[0].foreign, model::Foreign::remove);
}

TEST(Fixed, ALayoutThatCannotBeCreatedIsRefused) {
  model::Layout layout;
  auto& entry = layout.gpus.emplace_back();
  for (int i = 0; i < 3; ++i) entry.instances.push_back({"", "3g.20gb", {}, {}, {}});
  const auto fixed = fixed_layout({"580", {gpu_of(0)}}, layout);
  ASSERT_FALSE(fixed);
  EXPECT_EQ(fixed.error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace gpuslice::plan
