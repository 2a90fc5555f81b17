#include "store/kept_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/testing/temp_dir.hpp"
#include "store/files.hpp"

namespace gpuslice::store {
namespace {

TEST(KeptFile, IsWrittenIntoADirectoryThatIsNotThereYetAndReplaced) {
  const testing::TempDir dir;
  const KeptFile file(dir.path("etc/gpuslice/layout.yaml"));
  ASSERT_TRUE(file.save("one\n"));
  ASSERT_TRUE(file.save("two\n"));
  const auto text = read_file(file.path());
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "two\n");
  EXPECT_FALSE(std::filesystem::exists(file.path() + ".new"));
}

TEST(KeptFile, IsClearedOnce) {
  const testing::TempDir dir;
  const KeptFile file(dir.path("etc/layout.yaml"));
  auto cleared = file.clear();
  ASSERT_TRUE(cleared);
  EXPECT_FALSE(*cleared);
  ASSERT_TRUE(file.save("one\n"));
  cleared = file.clear();
  ASSERT_TRUE(cleared);
  EXPECT_TRUE(*cleared);
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST(KeptFile, SaysWhatIsInItsWay) {
  const testing::TempDir dir;
  ASSERT_TRUE(KeptFile(dir.path("etc")).save("a file where a directory belongs\n"));
  const auto saved = KeptFile(dir.path("etc/layout.yaml")).save("one\n");
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind, ErrorKind::io);
}

}  // namespace
}  // namespace gpuslice::store
