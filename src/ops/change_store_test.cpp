// A store that is missing, damaged, full or locked during a change.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

// The store is removed between two steps: the change can no longer be recorded.
TEST_F(Change, WithoutItsStoreItStopsAndRollsBack) {
  ASSERT_TRUE(apply(layout({"old=2g.10gb"})));
  const auto before = shape();
  int made = 0;
  driver->before_create_ci = [&] {
    if (++made == 1) std::filesystem::remove_all(dir.path("store"));
  };
  const auto failed = apply(layout({"train=3g.20gb", "1g.5gb", "old=2g.10gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::store);
  EXPECT_EQ(failed.error().why.message(), dir.path("store") + "/journal: cannot be opened: No such file or directory");
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(shape(), before);
  EXPECT_FALSE(see(subject())->cut_off);
}

TEST_F(Change, ADamagedStoreHidesNoGpuAndPreventsChanges) {
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
  EXPECT_EQ(seen->problems[0].hint, Hint::gpuslice({"recover", {"set-aside", "names"}}));
  EXPECT_EQ(seen->problems[1].message(), dir.path("store/journal") + ": is not valid JSON at byte 2");
  EXPECT_EQ(seen->problems[1].hint, Hint::gpuslice({"recover", {"set-aside", "journal"}}));

  const auto refused = apply(layout({"1g.5gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::store);
  EXPECT_EQ(refused.error().hint(), Hint::gpuslice({"recover", {"set-aside", "journal"}}));
  ASSERT_TRUE(subject().store.set_aside("journal"));
  EXPECT_EQ(apply(layout({"1g.5gb"})).error().hint(), Hint::gpuslice({"recover", {"set-aside", "names"}}));
  ASSERT_TRUE(subject().store.set_aside("names"));
  EXPECT_EQ(names(), std::vector<std::string>{"train"});
  EXPECT_TRUE(see(subject())->problems.empty());
  EXPECT_TRUE(apply(layout({"1g.5gb"})));
}

TEST_F(Change, ThatIsDoneButNotRecordedIsReportedAndRecordedLater) {
  namespace fs = std::filesystem;
  const auto history = dir.path("store/history");
  on_event = [&](const Event& event) {
    if (event.kind != Event::Kind::step_done || event.step != event.of) return;
    fs::remove_all(history);
    std::ofstream(history) << "no directory\n";  // fails like a full disk
  };
  const auto failed = apply(layout({"train=3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::store);
  EXPECT_EQ(failed.error().restored, Restored::done);
  EXPECT_EQ(failed.error().recorded, Recorded::journalled);
  EXPECT_EQ(failed.error().hint(), Hint::gpuslice({"recover"}));
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
  fs::remove(history);
  fs::create_directory(history);
  const auto recovered = recover(subject(), options, false);
  ASSERT_TRUE(recovered) << recovered.error().message();
  EXPECT_TRUE(recovered->forward);
  EXPECT_EQ(names(), (std::vector<std::string>{"train"}));
  EXPECT_EQ(subject().store.history()->size(), 1U);
}

TEST_F(Change, ThatIsRolledBackButKeepsItsJournalReportsIt) {
  gpu(0).create_ci.codes = {node::err_insufficient_resources};
  on_event = [&](const Event& event) {
    if (event.kind != Event::Kind::taking_back) return;
    std::filesystem::remove(dir.path("store/journal"));
    std::filesystem::create_directory(dir.path("store/journal"));  // a directory cannot be removed as a file
  };
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::step_failed);
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(failed.error().recorded, Recorded::journalled);
  ASSERT_TRUE(failed.error().journal_kept);
  EXPECT_EQ(failed.error().journal_kept->object, dir.path("store/journal"));
  EXPECT_EQ(failed.error().hint(), Hint::gpuslice({"recover"}));
}

TEST_F(Change, AMissingAuditEntryIsReported) {
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_done && event.step == event.of)
      std::filesystem::create_directory(dir.path("store/audit.log"));
  };
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  const auto note =
      std::find_if(events.begin(), events.end(), [](const auto& event) { return event.kind == Event::Kind::note; });
  ASSERT_NE(note, events.end());
  EXPECT_TRUE(note->text.starts_with("not recorded in the audit log: ")) << note->text;
}

TEST_F(Change, AnotherGpusliceIsNamed) {
  const auto held = subject().store.lock("apply");
  ASSERT_TRUE(held);
  const auto busy = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().cause, Cause::busy);
  EXPECT_EQ(busy.error().why.kind, ErrorKind::busy);
  EXPECT_EQ(busy.error().restored, Restored::untouched);
}

}  // namespace
}  // namespace gpuslice::ops
