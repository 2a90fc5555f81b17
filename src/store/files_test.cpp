#include "store/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gpuslice::store {
namespace {

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "gpuslice-store-XXXXXX";
    dir = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(dir); }
  std::string dir;
};

TEST_F(Files, ReplacedAsAWhole) {
  const auto path = dir + "/names";
  ASSERT_TRUE(replace_file(path, "one\n"));
  ASSERT_TRUE(replace_file(path, "two\n"));
  EXPECT_EQ(*read_file(path), "two\n");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(Files, ALineAfterOneThatWasCutOffStandsAlone) {
  const auto path = dir + "/audit";
  ASSERT_TRUE(append_line(path, "first"));
  std::ofstream(path, std::ios::app) << "cut o";
  ASSERT_TRUE(append_line(path, "second"));
  EXPECT_EQ(*read_file(path), "first\ncut o\nsecond\n");
}

TEST_F(Files, ErrorsNameTheFileAndTheReason) {
  const auto none = read_file(dir + "/none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_EQ(none.error().object, dir + "/none");
  const auto nowhere = replace_file(dir + "/no/where", "x");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message(), dir + "/no/where.new: cannot be made: No such file or directory");
}

TEST_F(Files, AFullDiskLeavesTheOldTextAndNoRest) {
  // /dev/full stands for the disk: a write to it always answers ENOSPC.
  std::filesystem::create_symlink("/dev/full", dir + "/names.new");
  ASSERT_TRUE(append_line(dir + "/names", "old"));
  const auto full = replace_file(dir + "/names", "new");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().what, "cannot be written: No space left on device");
  EXPECT_EQ(*read_file(dir + "/names"), "old\n");
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(dir + "/names.new")));
}

}  // namespace
}  // namespace gpuslice::store
