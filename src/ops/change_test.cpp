// A change as a transaction, on a node in memory: all steps are done, or all are rolled back.
#include <gtest/gtest.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;
using testing::three_and_one;

TEST_F(Change, CreatesTheLayoutAndRecordsItsNames) {
  const auto done = apply(layout({"train=3g.20gb", "1g.5gb"}));
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_EQ(shape(), three_and_one);
  EXPECT_EQ(names(), (std::vector<std::string>{"train", ""}));
  EXPECT_EQ(done->number, 1U);
  EXPECT_FALSE(see(subject())->cut_off);
  EXPECT_EQ(subject().store.history()->size(), 1U);
  EXPECT_NE(dir.read("store/audit.log").find(R"("user":"ada","verb":"apply","number":1,"result":"done")"),
            std::string::npos);
}

TEST_F(Change, OfANodeThatMatchesMakesNoDriverCalls) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  driver->journal.clear();
  const auto again = apply(layout({"3g.20gb"}));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->number, 0U);
  EXPECT_TRUE(driver->journal.empty());
  EXPECT_EQ(subject().store.history()->size(), 1U);
}

TEST_F(Change, ARefusedStepIsRolledBack) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb", "1g.5gb"})));
  gpu(0).create_ci.codes = {node::err_insufficient_resources};
  gpu(0).create_ci.next = 0;
  const auto failed = apply(layout({"train=4g.20gb", "2g.10gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::step_failed);
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(failed.error().recorded, Recorded::nothing);
  EXPECT_TRUE(failed.error().remains.empty());
  EXPECT_FALSE(see(subject())->cut_off);
  EXPECT_EQ(shape(), three_and_one);
  EXPECT_EQ(names(), (std::vector<std::string>{"train", ""}));
}

TEST_F(Change, AFalseSuccessOfTheDriverIsDetected) {
  driver->lies = true;
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::step_failed);
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(failed.error().why.kind, ErrorKind::unknown);
  EXPECT_EQ(failed.error().why.what,
            "the driver reported success for \"create compute instance 3g.20gb at 0:3 in 3g.20gb at 4:4\", but compute "
            "instance 3g.20gb at 0:3 in 3g.20gb at 4:4 does not exist");
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(Change, AnotherProgramsInstanceBetweenTwoStepsIsDetectedAndKept) {
  int asked = 0;
  driver->before_create_ci = [&] {
    // Another program creates an instance before the second compute instance is created.
    if (++asked == 1)
      static_cast<void>(driver->mig().create_gi(GpuIndex{0}, mig::GiProfileId{19}, mig::Placement{2, 1}));
  };
  const auto failed = apply(layout({"3g.20gb", "1g.5gb"}));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().why.what.find("but GPU instance 1g.5gb at 2:1 exists"), std::string::npos)
      << failed.error().why.what;
  EXPECT_EQ(failed.error().restored, Restored::all) << "everything that gpuslice created";
  EXPECT_EQ(shape(), "MIG on 1g.5gb@2:1{}") << "theirs stays, ours is rolled back";
}

TEST_F(Change, AStopRequestIsRolledBack) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  std::stop_source stop;
  options.stop = stop.get_token();
  driver->before_create_ci = [&] { stop.request_stop(); };
  const auto stopped = apply(layout({"3g.20gb", "2g.10gb", "1g.5gb"}));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().cause, Cause::interrupted);
  EXPECT_EQ(stopped.error().restored, Restored::all);
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

TEST_F(Change, OnlyThePlannedComputeInstanceIsDestroyed) {
  const auto inside = [](std::vector<std::uint8_t> starts) {
    auto wanted = layout({"3g.20gb"});
    wanted.gpus[0].instances[0].compute.emplace();
    for (const auto start : starts) {
      model::WantedCi ci;
      ci.profile = "1c";
      ci.placement = mig::Placement{start, 1};
      wanted.gpus[0].instances[0].compute->push_back(ci);
    }
    return wanted;
  };
  ASSERT_TRUE(apply(inside({0, 1})));
  const auto done = apply(inside({0}));
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{1c.3g.20gb@0:1}");
}

TEST_F(Change, NoStepFollowsAChangeByAnotherProgram) {
  on_event = [&](const Event& event) {
    // After the read that ends the second step, before the read that starts the third.
    if (event.kind == Event::Kind::step && event.step == 3 && event.of == 4)
      static_cast<void>(driver->mig().create_gi(GpuIndex{0}, mig::GiProfileId{19}, mig::Placement{2, 1}));
  };
  std::size_t calls = 0;
  const auto failed = [&] {
    const auto tell_failed = on_event;
    on_event = [&, tell_failed](const Event& event) {
      tell_failed(event);
      if (event.kind == Event::Kind::step_failed) calls = driver->journal.size();
    };
    return apply(layout({"3g.20gb", "1g.5gb"}));
  }();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().why.what, "was changed by another program: GPU instance 1g.5gb at 2:1 exists");
  EXPECT_EQ(failed.error().cause, Cause::step_failed);
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(calls, 3U) << "two of ours and the other program's: no driver call follows it";
  EXPECT_EQ(shape(), "MIG on 1g.5gb@2:1{}");
}

// A change that was started has failed, whatever the driver answered.
TEST_F(Change, AStepThatFailsForAnyReasonIsRolledBack) {
  for (const int code : {node::err_in_use, node::err_insufficient_resources, node::err_not_supported,
                         node::err_no_permission, node::err_not_found, node::err_unknown, node::err_gpu_is_lost}) {
    gpu(0).create_ci.codes = {code};
    gpu(0).create_ci.next = 0;
    const auto failed = apply(layout({"3g.20gb"}));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().restored, Restored::all) << code;
  }
  driver->lies = true;
  EXPECT_EQ(apply(layout({"3g.20gb"})).error().restored, Restored::all);
  driver->lies = false;
  const auto refused = apply(layout({"3g.20gb", "3g.20gb", "3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::no_plan);
  EXPECT_EQ(refused.error().restored, Restored::untouched);
}

TEST_F(Change, AnOutdatedPlanIsRefused) {
  const auto seen = see(subject());
  ASSERT_TRUE(seen);
  const auto early = plan::plan_layout(seen->inventory, layout({"3g.20gb"}));
  ASSERT_TRUE(early);
  ASSERT_TRUE(apply(layout({"2g.10gb"})));
  const auto before = driver->journal;
  const auto late = change(subject(), options, [&](const model::Inventory&) { return early; });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().cause, Cause::changed);
  EXPECT_EQ(late.error().restored, Restored::untouched);
  EXPECT_EQ(late.error().hint(), Hint::gpuslice({"list"}));
  EXPECT_EQ(driver->journal, before);
}

}  // namespace
}  // namespace gpuslice::ops
