#include "simhost/copy_tree.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/size_limit.hpp"
#include "base/testing/temp_dir.hpp"

namespace gpuslice::simhost {
namespace {

namespace fs = std::filesystem;

mode_t mode_of(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
}

TEST(CopyTree, CopiesFilesLinksAndDirectoriesWithTheirModes) {
  const testing::TempDir folder;
  folder.write("from/a", "text");
  folder.write("from/inner/b", std::string(100'000, 'x'));
  ::chmod(folder.path("from/a").c_str(), 0750);
  ::chmod(folder.path("from/inner").c_str(), 0700);
  fs::create_symlink("inner/b", folder.path("from/link"));
  ASSERT_TRUE(copy_tree(folder.path("from"), folder.path("to")));
  EXPECT_EQ(folder.read("to/a"), "text");
  EXPECT_EQ(folder.read("to/inner/b"), std::string(100'000, 'x'));
  EXPECT_EQ(mode_of(folder.path("to/a")), 0750U);
  EXPECT_EQ(mode_of(folder.path("to/inner")), 0700U);
  EXPECT_EQ(fs::read_symlink(folder.path("to/link")), "inner/b");
  EXPECT_TRUE(copy_tree(folder.path("none"), folder.path("other")));
  EXPECT_FALSE(fs::exists(folder.path("other")));
}

TEST(CopyTree, ReportsAFullDisk) {
  const testing::TempDir folder;
  folder.write("from/a", std::string(5000, 'x'));
  const auto done = [&] {
    const testing::SizeLimit limit(4096);
    return copy_tree(folder.path("from"), folder.path("to"));
  }();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message(),
            folder.path("to/a") + ": cannot be copied from " + folder.path("from/a") + ": File too large");
  EXPECT_FALSE(fs::exists(folder.path("to/a"))) << "no partial file must be left";
}

TEST(CopyFile, ReplacesAFileOnlyIfRequested) {
  const testing::TempDir folder;
  folder.write("a", "new");
  folder.write("b", "old and longer");
  EXPECT_EQ(copy_plain_file(folder.path("a"), folder.path("b")), std::errc::file_exists);
  EXPECT_EQ(folder.read("b"), "old and longer");
  EXPECT_FALSE(copy_plain_file(folder.path("a"), folder.path("b"), Existing::replace));
  EXPECT_EQ(folder.read("b"), "new");
  EXPECT_EQ(copy_plain_file(folder.path("none"), folder.path("c")), std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace gpuslice::simhost
