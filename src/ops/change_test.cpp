// A change as a transaction, on a node in memory: done, or put back, or said what remains.
#include "ops/change.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "base/testing/temp_dir.hpp"
#include "node/testing/fake_node.hpp"
#include "ops/observe.hpp"
#include "plan/planner.hpp"
#include "plan/shape.hpp"

namespace gpuslice::ops {
namespace {

using gpuslice::testing::TempDir;
using node::testing::FakeNode;

class FakeHost : public Host {
 public:
  std::string now() override { return "2026-11-21T00:00:00Z"; }
  std::string user() override { return "ada"; }
  Result<void> run(const std::string& command) override {
    ran.push_back(command);
    if (failing.contains(command)) return fail(ErrorKind::io, command, "ended with status 1");
    return {};
  }
  Result<void> end(std::uint32_t pid, bool kill) override {
    ran.push_back((kill ? "kill " : "end ") + std::to_string(pid));
    if (on_end) on_end(pid, kill);
    return {};
  }
  bool alive(std::uint32_t) override { return true; }
  bool interrupted() override { return stop; }
  void sleep(std::chrono::milliseconds) override {}

  std::vector<std::string> ran;
  std::set<std::string> failing;
  std::function<void(std::uint32_t, bool)> on_end;
  bool stop{};
};

// The driver as the fake has it, and what may happen around a call.
class Meddled : public FakeNode {
 public:
  using FakeNode::FakeNode;
  node::Answer<node::CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                                       std::optional<node::Span> placement) override {
    if (before_create_ci) before_create_ci();
    if (!lies) return FakeNode::create_ci(gpu, gi, profile, placement);
    return node::CiInfo{mig::CiId{0}, profile, placement->start, placement->size};
  }
  std::function<void()> before_create_ci;
  bool lies{};
};

class Change : public ::testing::Test {
 protected:
  Change() {
    for (auto* one : {&gpu(0)}) {
      one->name = "NVIDIA A100-SXM4-40GB";
      one->profiles = node::testing::a100_40_profiles();
      one->mig = {true, true};
    }
  }
  node::testing::FakeGpu& gpu(std::size_t index) { return driver->gpus[index]; }

  [[nodiscard]] Subject subject() {
    return {driver, store::NodeStore(dir.path("store")), host, [this](const Event& event) { events.push_back(event); }};
  }
  static model::Layout layout(const std::vector<std::string>& profiles, model::Foreign foreign = model::Foreign::keep) {
    model::GpuEntry entry;
    entry.mig = true;
    entry.foreign = foreign;
    for (const auto& word : profiles) {
      model::WantedGi gi;
      const auto equals = word.find('=');
      gi.profile = word.substr(equals == std::string::npos ? 0 : equals + 1);
      if (equals != std::string::npos) gi.name = word.substr(0, equals);
      entry.instances.push_back(gi);
    }
    model::Layout made;
    made.gpus.push_back(entry);
    return made;
  }
  Result<Changed> apply(const model::Layout& wanted) {
    return change(subject(), options,
                  [&](const model::Inventory& inventory) { return plan::plan_layout(inventory, wanted); });
  }
  Result<Changed> undo() {
    auto again = options;
    again.verb = "undo";
    return ops::undo(subject(), again, [](const model::Inventory&, const Undo&) {});
  }
  std::string shape() {
    const auto seen = see(subject());
    EXPECT_TRUE(seen) << seen.error().message();
    const auto& one = seen->inventory.gpus[0];
    return plan::shape_text(one.capability, one.state);
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    const auto seen = see(subject());
    for (const auto& made : seen->inventory.gpus[0].made) all.push_back(made.name);
    return all;
  }
  void run_client(std::uint32_t pid, std::uint32_t gi) {
    node::Process process;
    process.pid = pid;
    process.name = "train";
    process.gi = gi;
    process.ci = 0;
    gpu(0).processes.push_back(process);
  }

  std::shared_ptr<Meddled> driver = std::make_shared<Meddled>();
  TempDir dir;
  FakeHost host;
  ChangeOptions options;
  std::vector<Event> events;
};

constexpr const char* three_and_one = "MIG on 1g.5gb@0:1{1g.5gb@0:1} 3g.20gb@4:4{3g.20gb@0:3}";

TEST_F(Change, MakesWhatTheLayoutSaysAndRemembersItsNames) {
  const auto done = apply(layout({"train=3g.20gb", "1g.5gb"}));
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(shape(), three_and_one);
  EXPECT_EQ(names(), (std::vector<std::string>{"train", ""}));
  EXPECT_EQ(done->number, 1U);
  EXPECT_FALSE(see(subject())->cut_off);
  EXPECT_EQ(subject().store.history()->size(), 1U);
  EXPECT_NE(dir.read("store/audit.log").find(R"("user":"ada","verb":"apply","number":1,"result":"done")"),
            std::string::npos);
}

TEST_F(Change, ThatIsThereAlreadyTouchesNothing) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  driver->journal.clear();
  const auto again = apply(layout({"3g.20gb"}));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->number, 0U);
  EXPECT_TRUE(driver->journal.empty());
  EXPECT_EQ(subject().store.history()->size(), 1U);
}

TEST_F(Change, ARefusedStepIsPutBack) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb", "1g.5gb"})));
  gpu(0).create_ci.codes = {node::err_insufficient_resources};
  gpu(0).create_ci.next = 0;
  const auto failed = apply(layout({"train=4g.20gb", "2g.10gb"}));
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().what.ends_with("; everything is as it was before")) << failed.error().what;
  EXPECT_FALSE(see(subject())->cut_off);
  EXPECT_EQ(shape(), three_and_one);
  EXPECT_EQ(names(), (std::vector<std::string>{"train", ""}));
}

TEST_F(Change, ADriverThatLiesIsNotBelieved) {
  driver->lies = true;
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::unknown);
  EXPECT_EQ(failed.error().what,
            "the driver said yes to \"create compute instance 3g.20gb at 0:3 in 3g.20gb at 4:4\", but compute "
            "instance 3g.20gb at 0:3 in 3g.20gb at 4:4 is not there; everything is as it was before");
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(Change, SomebodyElseBetweenTwoStepsIsNoticedAndLeftAlone) {
  int asked = 0;
  driver->before_create_ci = [&] {
    // Behind our back, before the second compute instance is made.
    if (++asked == 1) static_cast<void>(driver->create_gi(GpuIndex{0}, mig::GiProfileId{19}, node::Span{2, 1}));
  };
  const auto failed = apply(layout({"3g.20gb", "1g.5gb"}));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().what.find("but GPU instance 1g.5gb at 2:1 is there"), std::string::npos)
      << failed.error().what;
  EXPECT_EQ(shape(), "MIG on 1g.5gb@2:1{}") << "theirs stays, ours is put back";
}

TEST_F(Change, WhatCannotBePutBackIsSaidAndStaysInTheJournal) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  gpu(0).create_ci.codes = {node::err_unknown, node::err_unknown};
  gpu(0).create_ci.next = 0;
  const auto failed = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().what.find("; not everything could be put back; remains:"), std::string::npos);
  ASSERT_TRUE(see(subject())->cut_off);

  // Reading changes nothing; the next change ends it first.
  driver->journal.clear();
  static_cast<void>(see(subject()));
  EXPECT_TRUE(driver->journal.empty());
  const auto next = apply(layout({"train=3g.20gb"}));
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_TRUE(next->recovered);
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
  EXPECT_EQ(names(), (std::vector<std::string>{"train"}));
}

TEST_F(Change, AJournalOfAChangeThatIsDoneCountsAsDone) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  auto t = subject().store.history()->front();
  {
    const auto lock = subject().store.lock("apply");
    t.gpus[0].made_after[0].name = "late";
    ASSERT_TRUE(subject().store.begin(t));
  }
  const auto recovered = recover(subject(), options, false);
  ASSERT_TRUE(recovered);
  EXPECT_TRUE(recovered->forward);
  EXPECT_EQ(names(), (std::vector<std::string>{"late"}));
}

TEST_F(Change, AcceptLeavesThingsAndClosesTheJournal) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  gpu(0).create_ci.codes = {node::err_unknown, node::err_unknown, node::err_unknown};
  gpu(0).create_ci.next = 0;
  ASSERT_FALSE(apply(layout({"7g.40gb"})));
  const auto accepted = recover(subject(), options, true);
  ASSERT_TRUE(accepted);
  EXPECT_FALSE(accepted->remainder.empty());
  EXPECT_FALSE(see(subject())->cut_off);
}

TEST_F(Change, ClientsInTheWayAreNamed) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  const auto refused = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_NE(refused.error().what.find("would stop 1 client\n  GPU 0: process 4711 (train)"), std::string::npos)
      << refused.error().what;
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

TEST_F(Change, ForceEndsThemFirstGentlyThenNot) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  host.on_end = [&](std::uint32_t, bool kill) {
    if (kill) gpu(0).processes.clear();
  };
  options.force = true;
  const auto done = apply(layout({"7g.40gb"}));
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(host.ran, (std::vector<std::string>{"end 4711", "kill 4711"}));
  ASSERT_EQ(done->stopped.size(), 1U);
  EXPECT_NE(dir.read("store/audit.log").find(R"("stopped":[{"pid":4711)"), std::string::npos);
}

TEST_F(Change, HooksRunAroundItAndWhatUndoesThemAlways) {
  options.stop_units = {"dcgm.service", "idle.service"};
  options.before = {"before"};
  options.after = {"after"};
  host.failing = {"systemctl is-active --quiet idle.service"};
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(host.ran, (std::vector<std::string>{
                          "systemctl is-active --quiet dcgm.service", "systemctl is-active --quiet idle.service",
                          "systemctl stop dcgm.service", "before", "systemctl start dcgm.service", "after"}));
  host.ran.clear();
  options.stop_units.clear();
  host.failing = {"before"};
  const auto failed = apply(layout({"7g.40gb"}, model::Foreign::remove));
  ASSERT_FALSE(failed);
  EXPECT_EQ(host.ran, (std::vector<std::string>{"before", "after"}));
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

// Whoever recovers another user's change would run what that user wrote down, whatever name stands in the journal.
TEST_F(Change, CommandsOfACutOffChangeRunForTheUserWhoRecordedThemOnly) {
  store::Transaction open;
  open.verb = "apply";
  open.user = "ada";
  open.afterwards = {"after"};
  ASSERT_TRUE(subject().store.lock("apply"));
  ASSERT_TRUE(subject().store.begin(open));
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(dir.path("store/journal").c_str(), 4242, 0), 0);
    const auto refused = recover(subject(), options, false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::permission);
    EXPECT_EQ(refused.error().message(),
              "change 1: was cut off, and user 4242 recorded commands that are to run at its end: only user 4242 may "
              "recover it");
    EXPECT_EQ(refused.error().hint, "sudo -u '#4242' gpuslice recover");
    EXPECT_FALSE(apply(layout({"3g.20gb"}))) << "a change recovers first";
    EXPECT_TRUE(host.ran.empty());
    ASSERT_EQ(::chown(dir.path("store/journal").c_str(), 0, 0), 0);
  }
  ASSERT_TRUE(recover(subject(), options, false));
  EXPECT_EQ(host.ran, std::vector<std::string>{"after"});
}

TEST_F(Change, AUnitThatIsNoNameIsRefused) {
  options.stop_units = {"x; rm -rf /"};
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_TRUE(host.ran.empty());
}

TEST_F(Change, AStopRequestIsPutBackToo) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  driver->before_create_ci = [&] { host.stop = true; };
  const auto stopped = apply(layout({"3g.20gb", "2g.10gb", "1g.5gb"}));
  ASSERT_FALSE(stopped);
  EXPECT_NE(stopped.error().what.find("interrupted"), std::string::npos);
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

TEST_F(Change, UndoGoesBackStepByStep) {
  ASSERT_TRUE(apply(layout({"a=3g.20gb"})));
  ASSERT_TRUE(apply(layout({"b=7g.40gb"})));
  EXPECT_EQ(names(), (std::vector<std::string>{"b"}));
  ASSERT_TRUE(undo());
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
  EXPECT_EQ(names(), (std::vector<std::string>{"a"}));
  ASSERT_TRUE(undo());
  EXPECT_EQ(shape(), "MIG on");
  const auto none = undo();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
}

TEST_F(Change, AModeSwitchThatWaitsForClientsIsTakenBack) {
  gpu(0).mig = {false, false};
  gpu(0).activation = node::err_in_use;
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_FALSE(gpu(0).mig.pending);
}

TEST_F(Change, AModeSwitchThatWaitedBeforeGoesOnWaiting) {
  gpu(0).mig = {false, true};
  gpu(0).activation = node::err_in_use;
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("the switch stays pending, as it was"), std::string::npos);
  EXPECT_TRUE(refused.error().what.ends_with("; everything is as it was before")) << refused.error().what;
  EXPECT_TRUE(gpu(0).mig.pending);
}

TEST_F(Change, AnotherGpusliceIsNamed) {
  const auto held = subject().store.lock("apply");
  ASSERT_TRUE(held);
  const auto busy = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().kind, ErrorKind::busy);
}

}  // namespace
}  // namespace gpuslice::ops
