// A change as a transaction, on a node in memory: done, or put back, or said what remains.
#include "ops/change.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
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
    if (on_run) on_run(command);
    if (failing.contains(command)) return fail(ErrorKind::io, command, "ended with status 1");
    return {};
  }
  Result<void> end(std::uint32_t pid, bool kill) override {
    ran.push_back((kill ? "kill " : "end ") + std::to_string(pid));
    if (on_end) on_end(pid, kill);
    return {};
  }
  bool interrupted() override { return stop; }
  void sleep(std::chrono::milliseconds time) override {
    slept += time;
    if (on_sleep) on_sleep();
  }

  std::vector<std::string> ran;
  std::set<std::string> failing;
  std::function<void(std::uint32_t, bool)> on_end;
  std::function<void(const std::string&)> on_run;
  std::function<void()> on_sleep;
  std::chrono::milliseconds slept{};
  bool stop{};
};

// The driver as the fake has it, and what may happen around a call.
class Meddled : public FakeNode {
 public:
  using FakeNode::FakeNode;
  node::Answer<node::CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                                       std::optional<mig::Placement> placement) override {
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
    return {driver, store::NodeStore(dir.path("store")), host, [this](const Event& event) {
              events.push_back(event);
              if (on_event) on_event(event);
            }};
  }
  [[nodiscard]] bool told(Event::Kind kind) const {
    return std::any_of(events.begin(), events.end(), [&](const auto& event) { return event.kind == kind; });
  }
  // The journal of a change that was killed, written as if `t` had been under way.
  void interrupt(store::Transaction t) {
    const auto lock = subject().store.lock("apply");
    ASSERT_TRUE(lock);
    ASSERT_TRUE(subject().store.begin(t));
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
  std::expected<Changed, Failure> apply(const model::Layout& wanted) {
    return change(subject(), options,
                  [&](const model::Inventory& inventory) { return plan::plan_layout(inventory, wanted); });
  }
  std::expected<Changed, Failure> undo() {
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
  std::function<void(const Event&)> on_event;
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

// Somebody removes the store between two steps: the change cannot be written down any more.
TEST_F(Change, WithoutItsStoreItStopsAndPutsBackWhatItKnows) {
  ASSERT_TRUE(apply(layout({"old=2g.10gb"})));
  const auto before = shape();
  int made = 0;
  driver->before_create_ci = [&] {
    if (++made == 1) std::filesystem::remove_all(dir.path("store"));
  };
  const auto failed = apply(layout({"train=3g.20gb", "1g.5gb", "old=2g.10gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), dir.path("store") +
                                          "/journal: cannot be opened: No such file or directory; "
                                          "everything is as it was before");
  EXPECT_EQ(made, 1);
  EXPECT_EQ(shape(), before);
  EXPECT_FALSE(see(subject())->cut_off);
}

TEST_F(Change, ADamagedStoreHidesNoGpuAndIsNotBuiltOn) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  const auto whole = dir.read("store/names");
  auto damaged = whole;
  damaged.replace(damaged.find("train"), 5, "niart");
  dir.write("store/names", damaged);
  dir.write("store/journal", "{");
  const auto seen = see(subject());
  ASSERT_TRUE(seen) << seen.error().message();
  EXPECT_EQ(seen->inventory.gpus[0].state.mig.partition.instances.size(), 1U);
  EXPECT_FALSE(seen->inventory.gpus[0].made_known);
  ASSERT_EQ(seen->problems.size(), 2U);
  EXPECT_EQ(seen->problems[0].hint, "gpuslice recover --set-aside names");
  EXPECT_EQ(seen->problems[1].message(), dir.path("store/journal") + ": is not valid JSON at byte 2");
  EXPECT_EQ(seen->problems[1].hint, "gpuslice recover --set-aside journal");

  const auto refused = apply(layout({"1g.5gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().hint, "gpuslice recover --set-aside journal");
  ASSERT_TRUE(subject().store.set_aside("journal"));
  EXPECT_EQ(apply(layout({"1g.5gb"})).error().hint, "gpuslice recover --set-aside names");
  ASSERT_TRUE(subject().store.set_aside("names"));
  EXPECT_EQ(names(), std::vector<std::string>{"train"});
  EXPECT_TRUE(see(subject())->problems.empty());
  EXPECT_TRUE(apply(layout({"1g.5gb"})));
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
    if (++asked == 1)
      static_cast<void>(driver->mig().create_gi(GpuIndex{0}, mig::GiProfileId{19}, mig::Placement{2, 1}));
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
  EXPECT_TRUE(next->recovered.transaction);
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

TEST_F(Change, TheComputeInstanceOfThePlanIsDestroyedAndNotItsNeighbour) {
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
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{1c.3g.20gb@0:1}");
}

TEST_F(Change, UndoClaimsNoInstanceOfAnother) {
  ASSERT_TRUE(driver->mig().create_gi(GpuIndex{0}, mig::GiProfileId{9}, mig::Placement{4, 4}));
  ASSERT_TRUE(apply(layout({"mine=3g.20gb"})));
  ASSERT_TRUE(undo());
  EXPECT_EQ(names(), std::vector<std::string>{}) << "the instance that was there before is still another program's";
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

TEST_F(Change, ItIsInTheJournalBeforeAHookRuns) {
  options.stop_units = {"dcgm.service"};
  options.before = {"before"};
  std::vector<std::string> open;
  host.on_run = [&](const std::string& command) {
    const auto journal = subject().store.journal();
    ASSERT_TRUE(journal);
    if (*journal && (*journal)->afterwards == std::vector<std::string>{"systemctl start dcgm.service"})
      open.push_back(command);
  };
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(open, (std::vector<std::string>{"systemctl stop dcgm.service", "before"}))
      << "killed there, the next recovery starts the unit again";
}

TEST_F(Change, AHookThatFailsIsTheLastOne) {
  options.before = {"fails", "second"};
  options.after = {"after"};
  host.failing = {"fails"};
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().midway);
  EXPECT_EQ(host.ran, (std::vector<std::string>{"fails", "after"}));
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(Change, UnitsStartInTheReverseOrderOfTheirStop) {
  options.stop_units = {"a.service", "b.service"};
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(host.ran,
            (std::vector<std::string>{"systemctl is-active --quiet a.service", "systemctl is-active --quiet b.service",
                                      "systemctl stop a.service", "systemctl stop b.service",
                                      "systemctl start b.service", "systemctl start a.service"}));
}

TEST_F(Change, AClientThatAHookToldToEndHasTimeToDoSo) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  options.before = {"kill 4711"};
  host.on_sleep = [&] {
    if (host.slept >= std::chrono::milliseconds{200}) gpu(0).processes.clear();
  };
  const auto done = apply(layout({"7g.40gb"}));
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->stopped.empty());
  EXPECT_GE(host.slept, std::chrono::milliseconds{200});
}

TEST_F(Change, AHookThatEndsNobodyIsNoLeaveToEndThem) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  options.before = {"true"};
  const auto refused = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("process 4711"), std::string::npos) << refused.error().what;
  EXPECT_EQ(host.ran, std::vector<std::string>{"true"}) << "without --force nobody is ended";
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

TEST_F(Change, SomebodyElseBeforeAStepIsNoticedAndNoFurtherStepIsTaken) {
  on_event = [&](const Event& event) {
    // After the look behind the second step, before the one ahead of the third.
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
  EXPECT_TRUE(failed.error().what.starts_with(
      "was changed by somebody else: GPU instance 1g.5gb at 2:1 is there; everything is as it was before"))
      << failed.error().what;
  EXPECT_TRUE(failed.error().midway);
  EXPECT_EQ(calls, 3U) << "two of ours and the other one's: nothing was asked of the driver after it";
  EXPECT_EQ(shape(), "MIG on 1g.5gb@2:1{}");
}

TEST_F(Change, ASwitchThatWaitsIsTakenBackAtOnce) {
  gpu(0).mig = {false, false};
  gpu(0).activation = node::err_in_use;
  node::testing::Journal at_once;
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_failed) at_once = driver->journal;
  };
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(at_once, (node::testing::Journal{"mig 1", "mig 0"})) << "before anything else can fail";
  EXPECT_TRUE(refused.error().what.starts_with("cannot enable MIG mode now: the driver answers "))
      << refused.error().what;
  EXPECT_EQ(refused.error().what.find("stays pending"), std::string::npos) << refused.error().what;
}

TEST_F(Change, ASwitchThatWaitedBeforeAndIsLostRemains) {
  gpu(0).mig = {false, true};
  gpu(0).create_ci.codes = {node::err_insufficient_resources};
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().what.find("not everything could be put back; remains:\n  GPU 0: still to do: MIG mode on "
                                     "was pending and is not any more"),
            std::string::npos)
      << failed.error().what;
  EXPECT_TRUE(failed.error().midway);
}

TEST_F(Change, RecoverBesideAChangeUnderWayIsRefusedAndTouchesNothing) {
  ErrorKind kind{};
  bool still_open = false;
  std::size_t before = 0, after = 0;
  options.before = {"look"};
  host.on_run = [&](const std::string&) {
    before = driver->journal.size();
    const auto beside = recover(subject(), options, false);
    after = driver->journal.size();
    if (!beside) kind = beside.error().kind;
    still_open = subject().store.journal()->has_value();
    EXPECT_FALSE(see(subject())->cut_off) << "it is under way, not cut off";
    EXPECT_EQ(foresee(subject()).error().kind, ErrorKind::busy);
  };
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(kind, ErrorKind::busy);
  EXPECT_TRUE(still_open);
  EXPECT_EQ(before, after);
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

// Whatever the driver answered: a change that had begun failed.
TEST_F(Change, ThatFailsOnceItHasBegunIsMidwayWhateverTheDriverSays) {
  for (const int code : {node::err_in_use, node::err_insufficient_resources, node::err_not_supported,
                         node::err_no_permission, node::err_not_found, node::err_unknown, node::err_gpu_is_lost}) {
    gpu(0).create_ci.codes = {code};
    gpu(0).create_ci.next = 0;
    const auto failed = apply(layout({"3g.20gb"}));
    ASSERT_FALSE(failed);
    EXPECT_TRUE(failed.error().midway) << code;
  }
  driver->lies = true;
  EXPECT_TRUE(apply(layout({"3g.20gb"})).error().midway);
  driver->lies = false;
  EXPECT_FALSE(apply(layout({"3g.20gb", "3g.20gb", "3g.20gb"})).error().midway) << "refused before it began";
}

TEST_F(Change, UndoAfterAnInterruptedChangeRollsItBackAndStops) {
  ASSERT_TRUE(apply(layout({"keep=3g.20gb"})));
  auto t = subject().store.history()->front();
  auto& record = t.gpus[0];
  record.before = record.after;
  record.made_before = record.made_after;
  record.after.mig.partition.instances.clear();
  record.made_after.clear();
  // Begun and nothing done; half done; all done.
  for (const int done : {0, 1, 2}) {
    interrupt(t);
    if (done > 0) {
      ASSERT_TRUE(driver->mig().destroy_ci(GpuIndex{0}, gpu(0).instances[0].info.id, mig::CiId{0}));
    }
    if (done > 1) {
      ASSERT_TRUE(driver->mig().destroy_gi(GpuIndex{0}, gpu(0).instances[0].info.id));
    }
    const auto start = foresee(subject());
    ASSERT_TRUE(start);
    ASSERT_TRUE(start->recovery);
    EXPECT_EQ(start->recovery->complete, done == 2);
    driver->journal.clear();
    EXPECT_TRUE(foresee(subject()));
    EXPECT_TRUE(driver->journal.empty()) << "to foresee it changes nothing";
    const auto undone = undo();
    ASSERT_TRUE(undone) << undone.error().message();
    EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}") << done;
    EXPECT_EQ(names(), (std::vector<std::string>{"keep"})) << done;
    EXPECT_FALSE(see(subject())->cut_off);
  }
  ASSERT_TRUE(undo());
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(Change, UndoAfterAnInterruptedUndoUndoesThatOneChange) {
  for (const int done : {0, 1, 2}) {
    ASSERT_TRUE(apply(layout({"a=3g.20gb"})));
    ASSERT_TRUE(apply(layout({"a=3g.20gb", "b=1g.5gb"})));
    auto t = subject().store.history()->back();
    t.undoes = t.number;
    t.verb = "undo";
    std::swap(t.gpus[0].before, t.gpus[0].after);
    std::swap(t.gpus[0].made_before, t.gpus[0].made_after);
    interrupt(t);
    const auto id = std::find_if(gpu(0).instances.begin(), gpu(0).instances.end(), [](const auto& gi) {
                      return gi.info.profile == mig::GiProfileId{19};
                    })->info.id;
    if (done > 0) {
      ASSERT_TRUE(driver->mig().destroy_ci(GpuIndex{0}, id, mig::CiId{0}));
    }
    if (done > 1) {
      ASSERT_TRUE(driver->mig().destroy_gi(GpuIndex{0}, id));
    }
    ASSERT_TRUE(undo()) << done;
    EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}") << done;
    ASSERT_TRUE(undo()) << done;
    EXPECT_EQ(shape(), "MIG on") << done;
  }
}

TEST_F(Change, ThatIsDoneAndCannotBeRecordedSaysSoAndIsRecordedLater) {
  namespace fs = std::filesystem;
  const auto history = dir.path("store/history");
  on_event = [&](const Event& event) {
    if (event.kind != Event::Kind::step_done || event.step != event.of) return;
    fs::remove_all(history);
    std::ofstream(history) << "no directory\n";  // as a disk that takes no more
  };
  const auto failed = apply(layout({"train=3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().midway);
  EXPECT_NE(
      failed.error().what.find("; the change itself is done on the GPUs; its names and its entry in the history are "
                               "not recorded yet, and it stays in the journal until they are"),
      std::string::npos)
      << failed.error().what;
  EXPECT_EQ(failed.error().hint, "gpuslice recover");
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
  fs::remove(history);
  fs::create_directory(history);
  const auto recovered = recover(subject(), options, false);
  ASSERT_TRUE(recovered) << recovered.error().message();
  EXPECT_TRUE(recovered->forward);
  EXPECT_EQ(names(), (std::vector<std::string>{"train"}));
  EXPECT_EQ(subject().store.history()->size(), 1U);
}

TEST_F(Change, ALineThatIsMissingInTheAuditIsSaid) {
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_done && event.step == event.of)
      std::filesystem::create_directory(dir.path("store/audit.log"));
  };
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  const auto note =
      std::find_if(events.begin(), events.end(), [](const auto& event) { return event.kind == Event::Kind::note; });
  ASSERT_NE(note, events.end());
  EXPECT_TRUE(note->text.starts_with("not recorded in the audit: ")) << note->text;
}

TEST_F(Change, ARecoveryThatOnlyRecordsSaysSo) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  interrupt(subject().store.history()->front());
  events.clear();
  ASSERT_TRUE(recover(subject(), options, false));
  EXPECT_TRUE(told(Event::Kind::completing));
  EXPECT_FALSE(told(Event::Kind::recovering));
}

TEST_F(Change, AnotherGpusliceIsNamed) {
  const auto held = subject().store.lock("apply");
  ASSERT_TRUE(held);
  const auto busy = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().kind, ErrorKind::busy);
}

TEST_F(Change, APlanOfAnotherTimeIsNotDone) {
  const auto seen = see(subject());
  ASSERT_TRUE(seen);
  const auto early = plan::plan_layout(seen->inventory, layout({"3g.20gb"}));
  ASSERT_TRUE(early);
  ASSERT_TRUE(apply(layout({"2g.10gb"})));
  const auto before = driver->journal;
  const auto late = change(subject(), options, [&](const model::Inventory&) { return early; });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().message(), "node: has changed since the plan was made; nothing was done");
  EXPECT_EQ(driver->journal, before);
}

}  // namespace
}  // namespace gpuslice::ops
