#include "ops/creating.hpp"

#include <gtest/gtest.h>

#include "ops/testing/some_gpus.hpp"
#include "plan/shape.hpp"

namespace gpuslice::ops {
namespace {

using testing::all_of;
using testing::divided_a100;
using testing::gpu_of;
using testing::steps_of;
using testing::Texts;
using About = CreateFailure::About;

CreateRequest request_of(std::vector<std::string> profiles) {
  CreateRequest request;
  request.profiles = std::move(profiles);
  return request;
}

TEST(Creating, ByDefaultAComputeInstanceUsesTheWholeInstance) {
  const model::Inventory inventory{"580", {divided_a100(0)}};
  auto request = request_of({"2g.10gb"});
  request.name = "more";
  const auto plan = plan_create(inventory, all_of(inventory), request);
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(plan->digest, plan::digest(inventory));
  EXPECT_EQ(steps_of(inventory, plan->gpus[0]),
            (Texts{"create GPU instance 2g.10gb at 2:2", "create compute instance 2g.10gb at 0:2 in 2g.10gb at 2:2"}));
  ASSERT_EQ(plan->gpus[0].made.size(), 2U) << "the new instance and the one that gpuslice had created before";
}

TEST(Creating, PlacementComputeInstancesAndCountAreUsed) {
  model::Inventory inventory{"580", {divided_a100(0), gpu_of("a100-40gb", 1)}};
  inventory.gpus[1].state.mig.mode = inventory.gpus[1].state.mig.pending = true;
  auto request = request_of({"1g.5gb"});
  request.placement = "3";
  request.compute.emplace();
  const auto placed = plan_create(inventory, all_of(inventory), request);
  ASSERT_TRUE(placed) << placed.error().message();
  EXPECT_EQ(steps_of(inventory, placed->gpus[0]), Texts{"create GPU instance 1g.5gb at 3:1"});
  EXPECT_EQ(steps_of(inventory, placed->gpus[1]), Texts{"create GPU instance 1g.5gb at 3:1"}) << "on each GPU";

  request = request_of({"3g.20gb"});
  request.count = 2;
  request.compute = std::vector<CreateRequest::Compute>{{"1c", "a"}, {"2c", std::nullopt}};
  const auto plan = plan_create(inventory, {&inventory.gpus[1]}, request);
  ASSERT_TRUE(plan) << plan.error().message();
  ASSERT_EQ(plan->gpus.size(), 1U);
  EXPECT_EQ(plan::shape_text(inventory.gpus[1].capability, plan->gpus[0].after),
            "MIG on 3g.20gb@0:4{1c.3g.20gb@0:1,2c.3g.20gb@1:2} 3g.20gb@4:4{1c.3g.20gb@0:1,2c.3g.20gb@1:2}");
  EXPECT_EQ(plan->gpus[0].made[0].compute[0].name, "a");
}

// The failure of a request on an A100 that has `train` and an instance of another program.
struct Said {
  About about{};
  ErrorKind kind{};
  std::string message;
  friend bool operator==(const Said&, const Said&) = default;
  friend void PrintTo(const Said& said, std::ostream* out) {
    *out << static_cast<int>(said.about) << ' ' << static_cast<int>(said.kind) << ' ' << said.message;
  }
};
Said said(const CreateRequest& request, const model::Inventory& inventory = {"580", {divided_a100(0)}}) {
  const auto plan = plan_create(inventory, all_of(inventory), request);
  if (plan) return {};
  EXPECT_EQ((plan.error().message() + plan.error().hint.line()).find("--"), std::string::npos)
      << "only the caller knows the command line options";
  return {plan.error().about, plan.error().kind, plan.error().message()};
}

TEST(Creating, ANameOrPlacementAllowsOnlyOneInstance) {
  for (auto request : {request_of({"1g.5gb", "1g.5gb"}), request_of({"1g.5gb"})}) {
    if (request.profiles.size() == 1) request.count = 2;
    request.placement = "3";
    EXPECT_EQ(said(request),
              (Said{About::placement, ErrorKind::usage, "placement: can be given to one instance only"}));
    request.name = "x";
    EXPECT_EQ(said(request), (Said{About::name, ErrorKind::usage, "name: can be given to one instance only"}));
  }
}

TEST(Creating, InvalidNamesAreRefused) {
  auto request = request_of({"2g.10gb"});
  request.name = "all";
  EXPECT_EQ(said(request), (Said{About::name, ErrorKind::usage, "name: \"all\" is a reserved word"}));
  request.name = "";
  request.compute = std::vector<CreateRequest::Compute>{{"1c", ""}};
  EXPECT_EQ(said(request), (Said{About::compute, ErrorKind::usage, "compute: \"\" is empty"}));
  request.compute.reset();
  request.name = "train";
  EXPECT_EQ(said(request), (Said{About::other, ErrorKind::exists, "name train: is taken by an instance of GPU 0"}));
}

TEST(Creating, UnknownProfilesAndPlacementsAreRefused) {
  EXPECT_EQ(said(request_of({"9g.20gb"})),
            (Said{About::other, ErrorKind::usage,
                  "profile 9g.20gb: GPU 0 (NVIDIA A100-SXM4-40GB) has no such GPU instance profile"}));
  for (const std::string word : {"1", "2:1", "0:2x", "x", "2:", "0x", "2-4", "2 2", "+2", "0:2:2"}) {
    auto request = request_of({"2g.10gb"});
    request.placement = word;
    EXPECT_EQ(said(request),
              (Said{About::placement, ErrorKind::usage, "placement " + word + ": 2g.10gb cannot be placed there"}));
  }
}

TEST(Creating, UnsuitableGpusAreRefused) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  EXPECT_EQ(said(request_of({"3g.20gb"}), inventory),
            (Said{About::mig_mode, ErrorKind::refused, "GPU 0: MIG mode is off"}));
  inventory.gpus[0].capability.mode.supported = false;
  EXPECT_EQ(said(request_of({"3g.20gb"}), inventory).kind, ErrorKind::unsupported);

  const auto full = said(request_of({"4g.20gb"}));
  EXPECT_EQ(full.about, About::room);
  EXPECT_EQ(full.kind, ErrorKind::refused);

  inventory = {"580", {divided_a100(0)}};
  auto& profiles = inventory.gpus[0].capability.profiles;
  for (auto& profile : profiles) profile.compute = {};
  EXPECT_EQ(said(request_of({"2g.10gb"}), inventory), (Said{About::default_compute, ErrorKind::unsupported,
                                                            "2g.10gb: its compute instance profiles are not known"}));
}

}  // namespace
}  // namespace gpuslice::ops
