#include "simhost/draft.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/testing/temp_dir.hpp"
#include "simhost/create_node.hpp"
#include "simhost/snapshot.hpp"
#include "store/node_store.hpp"

namespace gpuslice::simhost {
namespace {

using testing::TempDir;

TEST(Draft, IsRenamedToItsTargetWhenKept) {
  const TempDir dir;
  {
    auto draft = Draft::make(dir.path("thing"));
    ASSERT_TRUE(draft);
    dir.write(
        "."
        "thing." +
            std::to_string(::getpid()) + "/file",
        "text");
    sweep_drafts(dir.path());  // this process is still working on the draft
    ASSERT_TRUE(draft->keep());
  }
  EXPECT_EQ(dir.names(), std::vector<std::string>{"thing"});
  EXPECT_EQ(dir.read("thing/file"), "text");
  {
    const auto dropped = Draft::make(dir.path("other"));
  }
  EXPECT_EQ(dir.names(), std::vector<std::string>{"thing"});
}

TEST(Draft, DoesNotReplaceAnExistingTarget) {
  const TempDir dir;
  dir.write("thing/file", "first");
  auto draft = Draft::make(dir.path("thing"));
  ASSERT_TRUE(draft);
  dir.write(draft->path().filename().string() + "/file", "second");
  const auto kept = draft->keep();
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::exists);
  EXPECT_EQ(dir.read("thing/file"), "first");
}

TEST(SweepDrafts, RemovesOnlyAbandonedDrafts) {
  const TempDir dir;
  for (const char* name : {".node.123", ".node.deleted.4", "node.5", ".hidden", ".6", ".node.x7"})
    dir.write(std::string(name) + "/state", "");
  dir.write(".ld.so.cache.8", "");
  dir.write("elsewhere/file", "");
  std::filesystem::create_directory_symlink(dir.path("elsewhere"), dir.path(".link.9"));
  const int held = ::open(dir.path(".node.123").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  sweep_drafts(dir.path());
  EXPECT_EQ(dir.names(),
            (std::vector<std::string>{".6", ".hidden", ".link.9", ".node.123", ".node.x7", "elsewhere", "node.5"}));
  ::close(held);
  sweep_drafts(dir.path());
  EXPECT_EQ(dir.names(), (std::vector<std::string>{".6", ".hidden", ".link.9", ".node.x7", "elsewhere", "node.5"}));
  EXPECT_EQ(dir.names("elsewhere"), std::vector<std::string>{"file"});
}

// This must hold for every umask of the caller.
TEST(Modes, NoFileOfANodeIsWritableByOthers) {
  const TempDir sources, nodes;
  NodeParts parts;
  parts.library = sources.write("libnvidia-ml.so.1", "library");
  parts.program = sources.write("gpuslice", "program");
  std::filesystem::permissions(parts.library, std::filesystem::perms(0755));
  std::filesystem::permissions(parts.program, std::filesystem::perms(0755));
  GpuSpec gpu;
  gpu.product = "a100-40gb";
  NodeSpec spec;
  spec.gpus = {gpu};
  const auto before = ::umask(0);
  const auto made = create_node(nodes.path("all"), "n", spec, parts);
  const auto locked = store::NodeStore(nodes.path("all/n/store")).lock("apply").has_value();
  const auto kept = take_snapshot(nodes.path("all/n"), "s").has_value();
  const auto cloned = clone_node(nodes.path("all"), "n", "m").has_value();
  const auto back = restore_snapshot(nodes.path("all/n"), "s").has_value();
  EXPECT_EQ(::umask(before), 0U) << "the caller's umask must not change";
  ASSERT_TRUE(made && locked && kept && cloned && back);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(nodes.path())) {
    struct stat info{};
    ASSERT_EQ(::lstat(entry.path().c_str(), &info), 0);
    // Device files may be opened by all users, like those of the driver; they are empty files in a directory that other
    // users cannot write to.
    if (S_ISLNK(info.st_mode) || entry.path().string().find("/dev/nvidia") != std::string::npos) continue;
    EXPECT_EQ(info.st_mode & 022U, 0U) << entry.path();
  }
}

}  // namespace
}  // namespace gpuslice::simhost
