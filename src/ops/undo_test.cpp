// Undo reverts one change at a time, also if a change or an undo was interrupted before.
#include <gtest/gtest.h>

#include <algorithm>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

TEST_F(Change, UndoRevertsOneChangeAtATime) {
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
  EXPECT_EQ(none.error().why.kind, ErrorKind::not_found);
}

TEST_F(Change, UndoAdoptsNoInstanceOfAnotherProgram) {
  ASSERT_TRUE(driver->mig().create_gi(GpuIndex{0}, mig::GiProfileId{9}, mig::Placement{4, 4}));
  ASSERT_TRUE(apply(layout({"mine=3g.20gb"})));
  ASSERT_TRUE(undo());
  EXPECT_EQ(names(), std::vector<std::string>{}) << "the instance that was there before is still another program's";
}

TEST_F(Change, UndoAfterAnInterruptedChangeRollsItBackAndStops) {
  ASSERT_TRUE(apply(layout({"keep=3g.20gb"})));
  auto t = subject().store.history()->front();
  auto& record = t.gpus[0];
  record.before = record.after;
  record.made_before = record.made_after;
  record.after.mig.partition.instances.clear();
  record.made_after.clear();
  // Interrupted without any step done, half done, and all done.
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
    EXPECT_TRUE(driver->journal.empty()) << "a dry run changes nothing";
    const auto undone = undo();
    ASSERT_TRUE(undone) << undone.error().why.message();
    EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}") << done;
    EXPECT_EQ(names(), (std::vector<std::string>{"keep"})) << done;
    EXPECT_FALSE(see(subject())->cut_off);
  }
  ASSERT_TRUE(undo());
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(Change, UndoAfterAnInterruptedUndoUndoesOneChange) {
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

}  // namespace
}  // namespace gpuslice::ops
