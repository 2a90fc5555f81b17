#include "cli/output_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "base/testing/size_limit.hpp"
#include "base/testing/temp_dir.hpp"

namespace gpuslice::cli {
namespace {

namespace fs = std::filesystem;

// Returns "" if the text was written, otherwise the error.
std::string written(const std::string& path, std::string_view text) {
  const auto done = write_output(path, text);
  return done ? "" : done.error().message();
}
std::size_t entries(const std::string& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

TEST(OutputFile, IsCreatedOrReplacedWithItsMode) {
  const testing::TempDir folder;
  const auto path = folder.path("a");
  EXPECT_EQ(written(path, "first\n"), "");
  EXPECT_EQ(folder.read("a"), "first\n");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(written(path, "second"), "");
  EXPECT_EQ(folder.read("a"), "second");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(OutputFile, ALinkStaysALinkAndADeviceADevice) {
  const testing::TempDir folder;
  folder.write("a", "long old text");
  fs::create_symlink("a", folder.path("link"));
  EXPECT_EQ(written(folder.path("link"), "new"), "");
  EXPECT_TRUE(fs::is_symlink(folder.path("link")));
  EXPECT_EQ(folder.read("a"), "new");
  EXPECT_EQ(written("/dev/full", "text"), "/dev/full: cannot be written: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(OutputFile, IsUnchangedIfTheNewTextDoesNotFit) {
  const testing::TempDir folder;
  const auto path = folder.write("a", "old");
  std::string said;
  std::string said_of_new;
  {
    const testing::SizeLimit limit(3);
    said = written(path, "new text");
    said_of_new = written(folder.path("b"), "new text");
  }
  EXPECT_EQ(said, path + ": cannot be written: File too large");
  EXPECT_EQ(said_of_new, folder.path("b") + ": cannot be written: File too large");
  EXPECT_EQ(folder.read("a"), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(OutputFile, AnUnwritablePathGivesTheReason) {
  const testing::TempDir folder;
  EXPECT_EQ(written(folder.path("none/a"), "text"),
            folder.path("none/a") + ": cannot be written: No such file or directory");
  EXPECT_EQ(written(folder.path(), "text"), folder.path() + ": cannot be written: Is a directory");
}

}  // namespace
}  // namespace gpuslice::cli
