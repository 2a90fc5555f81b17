#include "plan/planner.hpp"

#include <gtest/gtest.h>

#include <string>

#include "catalog/product.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::plan {
namespace {

model::Gpu gpu_of(const std::string& product, std::uint32_t index) {
  const auto* known = *catalog::find(product);
  model::Gpu made;
  made.index = GpuIndex{index};
  made.uuid = "GPU-" + std::to_string(index);
  made.name = std::string(known->names[0]);
  made.product = std::string(known->key);
  made.capability = known->capability;
  return made;
}
model::Layout layout_of(const std::vector<std::string>& words) {
  model::GpuEntry entry;
  for (const auto& word : words) {
    model::WantedGi gi;
    gi.profile = word;
    entry.instances.push_back(gi);
  }
  model::Layout layout;
  layout.gpus.push_back(entry);
  return layout;
}

TEST(Planner, PlansOnlyTheGpusOfTheLayout) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a100-40gb", 1), gpu_of("a100-40gb", 2)}};
  auto layout = layout_of({"3g.20gb", "3g.20gb"});
  layout.gpus[0].selector.index = {2, 0};
  const auto plan = plan_layout(inventory, layout);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->gpus.size(), 2U);
  EXPECT_EQ(plan->gpus[0].gpu, GpuIndex{0});
  EXPECT_EQ(plan->gpus[1].gpu, GpuIndex{2});
  EXPECT_EQ(plan->cost().steps, 10U);  // mode, 2 GPU instances, 2 compute instances, on each
  EXPECT_EQ(plan->digest, digest(inventory));
}

TEST(Planner, RefusalsOfAllGpusAreReturnedTogether) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a10-24gb", 1)}};
  auto layout = layout_of({"3g.20gb", "3g.20gb", "1g.5gb"});
  layout.gpus[0].selector.index = {0, 1};
  const auto plan = plan_layout(inventory, layout);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::unsupported);
}

TEST(Planner, AllSelectsTheGpusWithMig) {
  model::Inventory inventory{"580", {gpu_of("t4-16gb", 0), gpu_of("a100-40gb", 1)}};
  const auto plan = plan_layout(inventory, layout_of({"3g.20gb"}));
  ASSERT_TRUE(plan) << plan.error().what;
  ASSERT_EQ(plan->gpus.size(), 1U);
  EXPECT_EQ(plan->gpus[0].gpu, GpuIndex{1});
  inventory.gpus.pop_back();
  EXPECT_FALSE(plan_layout(inventory, layout_of({"3g.20gb"}))) << "no GPU is skipped if none supports MIG";
}

TEST(Planner, ARefusalNamesBlockingInstancesAndTheirClients) {
  auto gpu = gpu_of("a100-40gb", 0);
  gpu.state.mig.mode = gpu.state.mig.pending = true;
  mig::GpuInstance gi;
  gi.id = mig::GiId{2};
  gi.profile = mig::GiProfileId{9};
  gi.placement = {4, 4};
  gpu.state.mig.partition.instances.push_back(gi);
  model::Client client;
  client.pid = 4711;
  client.command = "python";
  client.gi = gi.id;
  gpu.clients.push_back(client);
  const auto plan = plan_layout({"580", {gpu}}, layout_of({"7g.40gb"}));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::refused);
  EXPECT_EQ(
      plan.error().what,
      "GPU 0: 7g.40gb does not fit beside GPU instance 2 (3g.20gb at 4:4, created by another program, used by "
      "process 4711 (python)): 7 compute slices are needed, and 4 of 7 are free; what still fits: 1g.5gb, 2g.10gb, "
      "3g.20gb, 4g.20gb, 1g.5gb+me, 1g.10gb\n"
      "an instance that another program created stays unless the layout lists it, or says foreign: remove for "
      "that GPU");
  EXPECT_EQ(plan.error().hint, Hint::gpuslice({"export"}));
}

TEST(Planner, TheDisplayModeIsChangedFirstAndNeedsAReboot) {
  auto gpu = gpu_of("rtx-pro-6000-blackwell-96gb", 0);
  gpu.capability.mode.needs_compute_display = true;  // like the workstation boards of this product
  gpu.state.mig.compute_display = false;
  const auto plan = plan_layout({"580", {gpu}}, layout_of({"4g.96gb"}));
  ASSERT_TRUE(plan) << plan.error().what;
  std::vector<std::string> words;
  for (const auto& step : plan->gpus[0].steps) words.push_back(step_text(gpu.capability, step));
  ASSERT_GE(words.size(), 4U);
  EXPECT_EQ(words[0], "switch to the compute display mode");
  EXPECT_EQ(words[1], "reboot the node");
  EXPECT_EQ(words[2], "enable MIG mode");
  EXPECT_TRUE(plan->needs_reboot());
}

}  // namespace
}  // namespace gpuslice::plan
