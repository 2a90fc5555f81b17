#include "ops/cdi.hpp"

#include <gtest/gtest.h>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::ops {
namespace {

using Kind = CdiDifference::Kind;

TEST(CdiDifferences, AreNoneWhereTheFileHasWhatTheNodeHas) {
  const std::vector<handover::CdiEntry> same = {{"train", {"/dev/nvidia0"}}, {"MIG-1", {"/dev/nvidia0"}}};
  EXPECT_TRUE(cdi_differences(same, same).empty());
}

TEST(CdiDifferences, NameWhatIsMissingStaleOrHasOtherDevices) {
  EXPECT_EQ(cdi_differences({{"old", {}}, {"train", {"/dev/nvidia0"}}}, {{"train", {"/dev/nvidia1"}}, {"new", {}}}),
            (std::vector<CdiDifference>{{Kind::missing, "new"}, {Kind::stale, "old"}, {Kind::changed, "train"}}));
}

TEST(CdiFile, IsWrittenAsAWholeInADirectoryThatIsCreated) {
  const gpuslice::testing::TempDir root;
  const auto path = root.path("var/run/cdi/gpuslice.json");
  ASSERT_TRUE(write_cdi_spec(path, "{}\n"));
  EXPECT_EQ(root.read("var/run/cdi/gpuslice.json"), "{}\n");
  ASSERT_TRUE(write_cdi_spec(path, "{\"a\": 1}\n"));
  EXPECT_EQ(root.read("var/run/cdi/gpuslice.json"), "{\"a\": 1}\n");
}

TEST(CdiFile, SaysWhyItsDirectoryCannotBeCreated) {
  const gpuslice::testing::TempDir root;
  root.write("file", "");
  const auto failed = write_cdi_spec(root.path("file/cdi/gpuslice.json"), "{}");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), root.path("file/cdi") + ": cannot be created: Not a directory");
}

}  // namespace
}  // namespace gpuslice::ops
