// A driver call that hangs during a change: it is reported for its GPU only, and recovered once it returns.
#include <gtest/gtest.h>

#include <future>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

class HangingChange : public Change {
 protected:
  HangingChange() {
    driver->gpus.push_back(gpu(0));
    gpu(1).uuid = "GPU-second";
    options.timeout = std::chrono::seconds(2);  // the other calls of the fake are much faster
    driver->before_create_ci_on = [this](GpuIndex index) {
      if (index == GpuIndex{1}) answered.wait();
    };
  }
  std::string shape_of(std::size_t index) {
    const auto seen = see(subject());
    const auto& one = seen->inventory.gpus[index];
    return plan::shape_text(one.capability, one.state);
  }

  std::promise<void> answers;
  std::shared_future<void> answered{answers.get_future().share()};
};

TEST_F(HangingChange, LeavesTheOtherGpusAsTheyWereAndIsRecoveredLater) {
  std::expected<Changed, Failure> failed;
  {
    const auto node = subject();
    failed = change(node, options, [&](const model::Inventory& inventory) {
      return plan::plan_layout(inventory, layout({"3g.20gb"}));
    });
    EXPECT_EQ(plan::shape_text(observe(*node.workers)->gpus[0].capability, observe(*node.workers)->gpus[0].state),
              "MIG on");
    answers.set_value();  // the call returns, and nothing waits for it any more
  }
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::no_answer);
  EXPECT_EQ(failed.error().restored, Restored::unknown);
  EXPECT_EQ(failed.error().recorded, Recorded::journalled);
  const std::string silent = "the driver has not answered within 2 s; the kernel log may say why";
  EXPECT_EQ(failed.error().why.kind, ErrorKind::unknown);
  EXPECT_EQ(failed.error().why.message(), "GPU 1: " + silent);
  EXPECT_EQ(failed.error().remains, (std::vector<Remainder>{{GpuIndex{1}, "GPU-second", silent}}));
  EXPECT_EQ(failed.error().hint(), Hint::gpuslice({"recover"}));
  EXPECT_TRUE(see(subject())->cut_off);

  EXPECT_EQ(shape_of(1), "MIG on 3g.20gb@4:4{3g.20gb@0:3}") << "the call did run eventually";
  const auto recovered = recover(subject(), options, false);
  ASSERT_TRUE(recovered) << recovered.error().message();
  EXPECT_TRUE(recovered->remains.empty());
  EXPECT_EQ(shape_of(1), "MIG on");
  EXPECT_FALSE(see(subject())->cut_off);
}

TEST_F(HangingChange, InItsRollbackKeepsTheJournalAndTheHooks) {
  driver->before_create_ci_on = nullptr;
  options.after = {"after"};
  gpu(1).create_ci.codes = {node::err_insufficient_resources};
  gpu(1).create_ci.next = 0;
  driver->before_destroy_gi = [this] { answered.wait(); };
  std::expected<Changed, Failure> failed;
  {
    const auto node = subject();
    failed = change(node, options, [&](const model::Inventory& inventory) {
      return plan::plan_layout(inventory, layout({"3g.20gb"}));
    });
    answers.set_value();
  }
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().restored, Restored::unknown);
  EXPECT_EQ(failed.error().recorded, Recorded::journalled);
  EXPECT_TRUE(host.ran.empty()) << "the final hooks wait";
}

TEST_F(HangingChange, AcceptedByRecoverRunsTheFinalHooks) {
  store::Transaction t;
  t.verb = "apply";
  t.afterwards = {"after"};
  store::GpuRecord record;
  record.uuid = gpu(1).uuid;
  record.index = GpuIndex{1};
  record.before = record.after = see(subject())->inventory.gpus[1].state;
  record.before.mig.mode = record.before.mig.pending = record.after.mig.mode = record.after.mig.pending = false;
  t.gpus = {record};
  interrupt(t);
  const auto node = subject();
  while (!node.workers->hung(GpuIndex{1}))
    static_cast<void>(node.workers->on(GpuIndex{1}, std::chrono::milliseconds(1), [this](node::Node&) -> Result<int> {
      answered.wait();
      return 0;
    }));
  EXPECT_FALSE(recover(node, options, false)->remains.empty());
  EXPECT_TRUE(host.ran.empty());
  EXPECT_TRUE(recover(node, options, true));
  EXPECT_EQ(host.ran, std::vector<std::string>{"after"});
  answers.set_value();
}

}  // namespace
}  // namespace gpuslice::ops
