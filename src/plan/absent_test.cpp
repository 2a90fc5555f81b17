#include "plan/absent.hpp"

#include <gtest/gtest.h>

namespace gpuslice::plan {
namespace {

model::Inventory gpus(std::uint32_t count) {
  model::Inventory inventory;
  for (std::uint32_t i = 0; i < count; ++i) {
    inventory.gpus.emplace_back();
    inventory.gpus.back().index = GpuIndex{i};
  }
  return inventory;
}

model::Layout layout(model::Format format, const std::vector<std::vector<std::uint32_t>>& entries) {
  model::Layout made;
  made.origin = {"m.yaml", 3, format};
  for (const auto& indices : entries) {
    made.gpus.emplace_back();
    made.gpus.back().selector.index = indices;
    made.gpus.back().origin = {"m.yaml", static_cast<int>(made.gpus.size()) + 3, format};
  }
  return made;
}

using Notes = std::vector<std::string>;

TEST(Absent, MissingIndicesAreRemovedFromAMigPartedLayout) {
  auto one = layout(model::Format::mig_parted, {{0, 9, 1, 8}, {}, {7}, {2, 3}});
  EXPECT_EQ(leave_out_absent_gpus(one, gpus(4)),
            (Notes{"m.yaml:4: skipped: no GPU has the index 9, 8; GPUs on the node: 4",
                   "m.yaml:6: skipped: no GPU has the index 7; GPUs on the node: 4"}));
  ASSERT_EQ(one.gpus.size(), 3U);
  EXPECT_EQ(one.gpus[0].selector.index, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_TRUE(one.gpus[1].selector.all()) << "an entry for all GPUs still selects all";
  EXPECT_EQ(one.gpus[2].selector.index, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(leave_out_absent_gpus(one, gpus(4)), Notes{});
}

TEST(Absent, AnotherFormatIsUnchanged) {
  auto one = layout(model::Format::gpuslice, {{0, 9}});
  EXPECT_EQ(leave_out_absent_gpus(one, gpus(1)), Notes{});
  EXPECT_EQ(one, layout(model::Format::gpuslice, {{0, 9}}));
}

}  // namespace
}  // namespace gpuslice::plan
