// A change that another process is executing, as text for people.
#include "cli/under_way_view.hpp"

#include <gtest/gtest.h>

namespace gpuslice::cli {
namespace {

const store::Holder ada{4711, "apply", "ada", "2026-11-21T04:17:21Z"};

TEST(UnderWayView, NamesTheCommandUserTimeAndGpus) {
  ops::UnderWay change{ada, 4, std::vector{GpuIndex{0}, GpuIndex{1}, GpuIndex{5}}};
  EXPECT_EQ(under_way_text(change),
            "gpuslice apply of ada (process 4711, since 2026-11-21T04:17:21Z) is changing GPUs 0, 1 and 5 (change 4)");
  EXPECT_EQ(changer_text(change), "apply of ada (process 4711, since 2026-11-21T04:17:21Z)");
  EXPECT_TRUE(is_of(change, GpuIndex{5}));
  EXPECT_FALSE(is_of(change, GpuIndex{2}));
  change.number = 0;
  change.gpus = {GpuIndex{2}};
  EXPECT_EQ(under_way_text(change),
            "gpuslice apply of ada (process 4711, since 2026-11-21T04:17:21Z) is changing GPU 2");
}

TEST(UnderWayView, OmitsWhatIsUnknown) {
  EXPECT_EQ(under_way_text({{4711, "undo", "", ""}, 0, std::nullopt}),
            "gpuslice undo (process 4711) is changing the node");
  EXPECT_EQ(under_way_text({{}, 0, std::nullopt}), "another gpuslice is changing the node");
  EXPECT_EQ(changer_text({{}, 0, std::nullopt}), "another gpuslice");
  EXPECT_FALSE(is_of({{}, 0, std::nullopt}, GpuIndex{0}));
}

}  // namespace
}  // namespace gpuslice::cli
