#include "store/files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
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
  ASSERT_TRUE(append_line(dir + "/names", "old"));
  // A limit of this process stands for the end of the disk: no file may have a byte.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto none = before;
  none.rlim_cur = 0;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto full = replace_file(dir + "/names", "new");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().what, "cannot be written: File too large");
  EXPECT_EQ(*read_file(dir + "/names"), "old\n");
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(dir + "/names.new")));
}

// A link in the place of what is written leads nowhere: it may be another user's.
TEST_F(Files, NothingIsWrittenThroughALink) {
  const auto target = dir + "/target";
  std::ofstream(target) << "untouched";
  for (const auto* name : {"names.new", "audit"}) std::filesystem::create_symlink(target, dir + "/" + name);
  EXPECT_FALSE(replace_file(dir + "/names", "new"));
  EXPECT_FALSE(append_line(dir + "/audit", "line"));
  EXPECT_EQ(*read_file(target), "untouched");
}

}  // namespace
}  // namespace gpuslice::store
