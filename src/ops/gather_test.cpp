// The facts of a diagnosis, from a driver in memory and an empty folder of files; and the plan of doctor --fix.
#include "ops/gather.hpp"

#include <filesystem>

#include "doctor/check.hpp"
#include "ops/diagnose_fix.hpp"
#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using doctor::GpuFacts;

class Gather : public testing::Change {
 protected:
  doctor::NodeFacts gathered() {
    HostFiles files;
    files.root = files.system = dir.path("host");
    std::filesystem::create_directories(files.root);
    files.kernel_log = files.root + "/kmsg";
    Workers readers(std::make_shared<node::Node>(), std::chrono::seconds(60));
    return gather(subject(), files, readers);
  }
};

TEST_F(Gather, WhatTheDriverReports) {
  gpu(0).compute_mode = 3;
  gpu(0).ecc = {true, false};
  const auto facts = gathered();
  EXPECT_FALSE(facts.no_driver);
  EXPECT_EQ(facts.versions->driver, "580.159.04");
  EXPECT_EQ(facts.versions->library, "580.159.04");
  ASSERT_EQ(facts.gpus.size(), 1u);
  const auto& one = facts.gpus[0];
  EXPECT_EQ(one.reach, GpuFacts::Reach::answers);
  EXPECT_EQ(one.readings.compute_mode, 3u);
  EXPECT_EQ(one.readings.ecc, true);
  EXPECT_EQ(one.readings.ecc_pending, false);
  EXPECT_EQ(one.gpu.product, "a100-40gb");
  EXPECT_FALSE(facts.kernel_log) << "the folder has none";
}

TEST_F(Gather, ALostGpuIsTold) {
  gpu(0).unreachable = node::err_gpu_is_lost;
  EXPECT_EQ(gathered().gpus[0].reach, GpuFacts::Reach::lost);
}

TEST_F(Gather, WithoutADriverTheFilesAreReadAllTheSame) {
  HostFiles files;
  files.root = files.system = dir.path("host");
  std::filesystem::create_directories(files.root + "/sys/module/nouveau");
  files.kernel_log = files.root + "/kmsg";
  Workers readers(std::make_shared<node::Node>(), std::chrono::seconds(60));
  const auto facts = gather_without_driver(Error{ErrorKind::unknown, "library", "no", {}, 9, ""}, files, readers);
  EXPECT_EQ(facts.no_driver->code, 9);
  EXPECT_TRUE(facts.versions->nouveau);
  EXPECT_TRUE(facts.gpus.empty());
}

TEST_F(Gather, TheFixFillsWhatGpusliceCreatedAndNothingElse) {
  const auto make = [&](std::uint8_t start, bool ours, model::Gpu& seen) {
    mig::GpuInstance gi;
    gi.id = mig::GiId{start};
    gi.profile = mig::GiProfileId{19};
    gi.placement = {start, 1};
    ASSERT_TRUE(seen.state.mig.partition.instances.push_back(gi));
    if (ours) seen.made.push_back({gi.placement, gi.profile, "mine", {}});
  };
  auto inventory = *observe(*subject().workers);
  auto& seen = inventory.gpus[0];
  make(0, true, seen);
  make(1, false, seen);
  const auto plan = plan_missing_compute(inventory);
  ASSERT_TRUE(plan) << plan.error().message();
  ASSERT_EQ(plan->gpus.size(), 1u);
  ASSERT_EQ(plan->gpus[0].steps.size(), 1u);
  const auto* made = std::get_if<model::CreateCi>(&plan->gpus[0].steps[0].action);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->seat.parent.placement, (mig::Placement{0, 1}));
  EXPECT_EQ(plan->cost().stopped, 0u);
}

}  // namespace
}  // namespace gpuslice::ops
