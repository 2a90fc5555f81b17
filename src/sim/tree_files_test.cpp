#include "sim/tree_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::sim {
namespace {

using gpuslice::testing::TempDir;
using Kind = TreeEntry::Kind;

std::vector<TreeEntry> some() {
  return {{Kind::character_device, "/dev/nvidia0", 0666, "", 195, 0},
          {Kind::directory, "/proc/driver/nvidia", 0555, "", 0, 0},
          {Kind::file, "/proc/driver/nvidia/version", 0444, "580\n", 0, 0},
          {Kind::link, "/sys/driver", 0777, "../drivers/nvidia", 0, 0}};
}
unsigned mode(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_mode : 0;
}

TEST(TreeFiles, WriteEveryEntryWithItsModeButNoDevices) {
  const TempDir dir;
  const auto root = dir.path("tree");
  ASSERT_TRUE(write_trees(root, some()));
  EXPECT_EQ(dir.read("tree/proc/driver/nvidia/version"), "580\n");
  EXPECT_EQ(mode(root + "/proc/driver/nvidia/version") & 07777U, 0444U);
  EXPECT_EQ(mode(root + "/proc/driver/nvidia") & 07777U, 0555U);
  EXPECT_EQ(std::filesystem::read_symlink(root + "/sys/driver"), "../drivers/nvidia");
  EXPECT_TRUE(S_ISREG(mode(root + "/dev/nvidia0")));
  EXPECT_EQ(mode(root + "/dev/nvidia0") & 07777U, 0666U);
}

TEST(TreeFiles, AnExistingDirectoryIsRefused) {
  const TempDir dir;
  const auto again = write_trees(dir.path(), some());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::exists);
}

}  // namespace
}  // namespace gpuslice::sim
