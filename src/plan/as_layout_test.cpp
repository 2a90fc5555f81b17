#include "plan/as_layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "catalog/product.hpp"
#include "mig/layouts.hpp"
#include "plan/planner.hpp"

namespace gpuslice::plan {
namespace {

model::Gpu gpu_of(const std::string& product, std::uint32_t index) {
  const auto* known = *catalog::find(product);
  model::Gpu made;
  made.index = GpuIndex{index};
  made.uuid = "GPU-" + std::to_string(index);
  made.pci = "00000000:1" + std::to_string(index) + ":00.0";
  made.name = std::string(known->names[0]);
  made.product = std::string(known->key);
  made.capability = known->capability;
  made.state.mig.mode = made.state.mig.pending = true;
  return made;
}
void stand(model::Gpu& gpu, const mig::GiProfile& profile, mig::Placement at, const std::string& name,
           const std::string& inner_name = "") {
  mig::GpuInstance gi;
  gi.id = mig::GiId{static_cast<std::uint32_t>(gpu.state.mig.partition.instances.size())};
  gi.profile = profile.id;
  gi.placement = at;
  const auto& whole = *profile.default_compute();
  gi.compute.push_back({mig::CiId{0}, whole.id, whole.sites[0]});
  gpu.state.mig.partition.instances.push_back(gi);
  if (!name.empty()) gpu.made.push_back({at, profile.id, name, {{whole.sites[0], whole.id, inner_name}}});
}

// "0:4 n0/c0", ordered by placement.
std::vector<std::string> names_of(const model::Gpu& gpu) {
  std::vector<std::string> names;
  for (const auto& gi : gpu.made) {
    names.push_back(std::to_string(gi.placement.start) + ":" + std::to_string(gi.placement.size) + " " + gi.name);
    for (const auto& ci : gi.compute) names.back() += "/" + ci.name;
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(AsLayout, GpusWithEqualStatesShareOneEntry) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a100-40gb", 1)}};
  const auto layout = as_layout(inventory, SelectBy::portable);
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->gpus.size(), 1U);
  EXPECT_TRUE(layout->gpus[0].selector.all());
  EXPECT_EQ(layout->gpus[0].mig, true);
}

TEST(AsLayout, SelectsByProductIfThatIsUniqueOtherwiseByIndex) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a30", 1)}};
  stand(inventory.gpus[0], inventory.gpus[0].capability.profiles[0], {0, 1}, "a");
  auto layout = *as_layout(inventory, SelectBy::portable);
  ASSERT_EQ(layout.gpus.size(), 2U);
  EXPECT_EQ(layout.gpus[0].selector.product, (std::vector<std::string>{"a100-40gb"}));
  EXPECT_EQ(layout.gpus[0].instances[0].name, "a");
  EXPECT_FALSE(layout.gpus[0].instances[0].compute) << "one that uses the whole instance is the default";

  inventory.gpus.push_back(gpu_of("a100-40gb", 2));
  layout = *as_layout(inventory, SelectBy::portable);
  EXPECT_EQ(layout.gpus[0].selector.index, (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(layout.gpus[1].selector.index, (std::vector<std::uint32_t>{1, 2}));
  layout = *as_layout(inventory, SelectBy::pci);
  EXPECT_EQ(layout.gpus[1].selector.pci, (std::vector<std::string>{"00000000:11:00.0", "00000000:12:00.0"}));
}

TEST(AsLayout, TheOnlyComputeInstanceIsListedForItsName) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  stand(inventory.gpus[0], inventory.gpus[0].capability.profiles[0], {0, 1}, "a", "inner");
  const auto layout = *as_layout(inventory, SelectBy::portable);
  ASSERT_TRUE(layout.gpus[0].instances[0].compute) << "its name needs the entry";
  ASSERT_EQ(layout.gpus[0].instances[0].compute->size(), 1U);
  EXPECT_EQ(layout.gpus[0].instances[0].compute->front().name, "inner");
}

TEST(AsLayout, AnUnreadableGpuIsUnknown) {
  model::Inventory inventory{"580", {gpu_of("a30", 0)}};
  inventory.gpus[0].problem = "GPU is lost";
  const auto layout = as_layout(inventory, SelectBy::portable);
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().kind, ErrorKind::unknown);
}

// 1g.20gb of an H100 has two compute instance profiles of one slice; the layout recreates each with the same profile.
TEST(AsLayout, ProfilesOfTheSameSizeAreDistinguished) {
  const auto empty = gpu_of("h100-80gb-sxm5", 0);
  const auto* parent = empty.capability.find("1g.20gb");
  ASSERT_NE(parent, nullptr);
  ASSERT_EQ(parent->compute.size(), 2U);
  for (const auto& profile : parent->compute) {
    auto gpu = empty;
    mig::GpuInstance gi;
    gi.id = mig::GiId{1};
    gi.profile = parent->id;
    gi.placement = parent->sites[0];
    gi.compute.push_back({mig::CiId{0}, profile.id, profile.sites[0]});
    gpu.state.mig.partition.instances.push_back(gi);
    gpu.made.push_back({gi.placement, gi.profile, "a", {{profile.sites[0], profile.id, ""}}});
    const auto layout = *as_layout({"580", {gpu}}, SelectBy::portable);
    const auto nothing = plan_layout({"580", {gpu}}, layout);
    ASSERT_TRUE(nothing) << nothing.error().what;
    EXPECT_TRUE(nothing->empty()) << profile.id.value;
    const auto made = plan_layout({"580", {empty}}, layout);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->gpus[0].after.mig.partition.instances[0].compute[0].profile, profile.id);
  }
}

// A compute instance that uses its whole GPU instance is listed if it has a name.
TEST(AsLayout, KeepsTheNameOfTheOnlyComputeInstance) {
  auto gpu = gpu_of("a100-40gb", 0);
  stand(gpu, *gpu.capability.find("3g.20gb"), {4, 4}, "train");
  gpu.made[0].compute[0].name = "inner";
  const auto layout = *as_layout({"580", {gpu}}, SelectBy::portable);
  ASSERT_TRUE(layout.gpus[0].instances[0].compute);
  EXPECT_EQ((*layout.gpus[0].instances[0].compute)[0].name, "inner");
}

// Applied to the GPU that it describes, a layout changes nothing; on an empty GPU it recreates the same state, and that
// state gives the same layout.
TEST(AsLayout, RecreatesTheSameState) {
  std::mt19937 random(7);
  for (const auto* product : {"a100-40gb", "a30", "h100-80gb-sxm5", "rtx-pro-6000-blackwell-96gb"}) {
    auto empty = gpu_of(product, 0);
    std::vector<mig::SeatList> all;
    std::vector<const mig::GiProfile*> profiles;
    for (const auto& profile : empty.capability.profiles) profiles.push_back(&profile);
    mig::for_each_layout(empty.capability, profiles, [&](const mig::SeatList& seats, bool) { all.push_back(seats); });
    for (int i = 0; i < 200; ++i) {
      auto gpu = empty;
      // Every other compute instance has a name, although it uses its whole GPU instance.
      for (const auto& seat : all[random() % all.size()]) {
        const auto number = std::to_string(gpu.made.size());
        stand(gpu, *seat.profile, seat.placement, "n" + number, gpu.made.size() % 2 == 0 ? "c" + number : "");
      }
      const auto layout = *as_layout({"580", {gpu}}, SelectBy::portable);
      const auto nothing = plan_layout({"580", {gpu}}, layout);
      ASSERT_TRUE(nothing) << nothing.error().what;
      EXPECT_TRUE(nothing->empty());
      const auto made = plan_layout({"580", {empty}}, layout);
      ASSERT_TRUE(made) << made.error().what;
      auto there = empty;
      there.state = made->gpus[0].after;
      there.made = made->gpus[0].made;
      EXPECT_EQ(names_of(there), names_of(gpu));
      EXPECT_EQ(*as_layout({"580", {there}}, SelectBy::portable), layout);
    }
  }
}

}  // namespace
}  // namespace gpuslice::plan
