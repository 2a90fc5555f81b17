#include "store/node_store.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/testing/temp_dir.hpp"
#include "store/files.hpp"

namespace gpuslice::store {
namespace {

class Store : public ::testing::Test {
 protected:
  static Transaction change(const std::string& name) {
    GpuRecord gpu;
    gpu.uuid = "GPU-1";
    gpu.after.mig.mode = gpu.after.mig.pending = true;
    gpu.made_after.push_back({{4, 4}, mig::GiProfileId{9}, name, {{{0, 3}, mig::CiProfileId{2}, "c"}}});
    Transaction t;
    t.verb = "apply";
    t.user = "ada";
    t.started = "2026-11-21T00:00:00Z";
    t.gpus.push_back(gpu);
    t.afterwards.push_back("systemctl start dcgm");
    return t;
  }
  const gpuslice::testing::TempDir temporary;
  const std::string dir = temporary.path();
};

TEST_F(Store, AMissingStoreIsEmpty) {
  const NodeStore store(dir + "/none");
  EXPECT_TRUE(store.names()->gpus.empty());
  EXPECT_FALSE(*store.journal());
  EXPECT_TRUE(store.history()->empty());
  EXPECT_FALSE(store.locked());
  EXPECT_FALSE(std::filesystem::exists(dir + "/none"));
}

TEST_F(Store, AChangeIsJournalledRecordedAndUndone) {
  const NodeStore store(dir);
  const auto lock = store.lock("apply");
  ASSERT_TRUE(lock);
  auto t = change("train");
  ASSERT_TRUE(store.begin(t));
  ASSERT_TRUE(store.note_step("{\"step\":1}"));
  const auto open = store.journal();
  ASSERT_TRUE(open && *open);
  EXPECT_EQ((*open)->number, 1U);
  EXPECT_EQ((*open)->gpus[0].after, t.gpus[0].after);
  EXPECT_EQ((*open)->afterwards, t.afterwards);
  EXPECT_TRUE(store.names()->of("GPU-1").empty());

  ASSERT_TRUE(store.finish(t));
  EXPECT_FALSE(*store.journal());
  EXPECT_EQ(store.names()->of("GPU-1")[0].name, "train");
  EXPECT_EQ(store.names()->of("GPU-1")[0].compute[0].name, "c");
  ASSERT_EQ(store.history()->size(), 1U);
  EXPECT_EQ(store.history()->at(0).outcome, Outcome::done);

  auto next = change("infer");
  ASSERT_TRUE(store.begin(next));
  EXPECT_EQ(next.number, 2U);
  ASSERT_TRUE(store.abandon());
  EXPECT_EQ(store.names()->of("GPU-1")[0].name, "train");

  auto back = change("");
  back.undoes = 1;
  ASSERT_TRUE(store.begin(back));
  EXPECT_EQ(store.history()->at(0).outcome, Outcome::done);
  ASSERT_TRUE(store.finish(back));
  EXPECT_EQ(store.history()->at(0).outcome, Outcome::undone);
  EXPECT_EQ(store.history()->at(1).outcome, Outcome::done);
}

TEST_F(Store, TheNewestFiftyAreKept) {
  const NodeStore store(dir);
  const auto lock = store.lock("apply");
  for (int i = 0; i < 53; ++i) {
    auto t = change("n" + std::to_string(i));
    ASSERT_TRUE(store.begin(t));
    ASSERT_TRUE(store.finish(t));
  }
  const auto all = store.history();
  ASSERT_EQ(all->size(), 50U);
  EXPECT_EQ(all->front().number, 4U);
  EXPECT_EQ(all->back().number, 53U);
}

TEST_F(Store, OnlyOneHoldsTheLockAndTheHolderIsNamed) {
  const NodeStore store(dir);
  int ready[2], end[2];
  ASSERT_EQ(::pipe(ready) | ::pipe(end), 0);
  const auto child = ::fork();
  if (child == 0) {
    const auto held = NodeStore(dir).lock("apply");
    char byte = held ? '1' : '0';
    if (::write(ready[1], &byte, 1) != 1 || ::read(end[0], &byte, 1) < 0) ::_exit(1);
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(store.locked());
  const auto refused = store.lock("undo");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  EXPECT_EQ(refused.error().what,
            "is being changed by another gpuslice (process " + std::to_string(child) + ": apply)");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(store.locked());
  EXPECT_TRUE(store.lock("undo"));
}

// Otherwise a process that may only read the lock file could hold the lock for ever.
TEST_F(Store, AReaderCannotBlockAChange) {
  const NodeStore store(dir);
  ASSERT_TRUE(store.lock("apply"));
  struct stat info{};
  ASSERT_EQ(::stat((dir + "/lock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);

  // The mode that an earlier version gave the file.
  ASSERT_EQ(::chmod((dir + "/lock").c_str(), 0644), 0);
  ASSERT_TRUE(store.lock("apply"));
  ASSERT_EQ(::stat((dir + "/lock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);

  // The other file is only for queries by other processes.
  const int reader = ::open((dir + "/changing").c_str(), O_RDONLY | O_CLOEXEC);
  struct flock all{};
  all.l_type = F_RDLCK;
  all.l_whence = SEEK_SET;
  ASSERT_EQ(::fcntl(reader, F_OFD_SETLK, &all), 0);
  ASSERT_EQ(::flock(reader, LOCK_EX | LOCK_NB), 0);
  EXPECT_TRUE(store.lock("apply"));
  EXPECT_FALSE(store.locked());
  ::close(reader);
}

TEST_F(Store, LeftoversOfAKilledWriterAreRemovedByTheNextChange) {
  const NodeStore store(dir);
  {
    const auto first = store.lock("apply");
    ASSERT_TRUE(first);
  }
  for (const auto* name : {"names.new", "journal.new", "history/7.new"}) std::ofstream(dir + "/" + name) << "half";
  const auto lock = store.lock("apply");
  ASSERT_TRUE(lock);
  for (const auto* name : {"names.new", "journal.new", "history/7.new"})
    EXPECT_FALSE(std::filesystem::exists(dir + "/" + name)) << name;
}

// The text in the lock file proves nothing: its writer may have ended long ago.
TEST_F(Store, OnlyTheRealHolderIsNamed) {
  const NodeStore store(dir);
  ASSERT_TRUE(store.lock("apply"));
  std::ofstream(dir + "/lock") << "1: apply\n";
  const int other = ::open((dir + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(other, LOCK_EX | LOCK_NB), 0);
  const auto refused = store.lock("undo");
  ::close(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what.find("1: apply"), std::string::npos) << refused.error().what;
  EXPECT_TRUE(refused.error().what.starts_with("is being changed by another process")) << refused.error().what;
}

TEST_F(Store, ADamagedFileAffectsOnlyItsUsersAndIsSetAsideOnRequest) {
  const NodeStore store(dir);
  const auto lock = store.lock("apply");
  for (const auto* name : {"one", "two", "three"}) {
    auto t = change(name);
    ASSERT_TRUE(store.begin(t));
    ASSERT_TRUE(store.finish(t));
  }
  ASSERT_TRUE(store.audit("{\"verb\":\"apply\"}"));
  EXPECT_TRUE(store.damaged().empty());
  const auto refused = store.set_aside("names");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), dir + "/names: is not damaged, so it is not set aside");

  // All of these files are still valid JSON.
  const auto replace = [&](const std::string& name, const std::string& from, const std::string& to) {
    auto text = *read_file(dir + "/" + name);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(dir + "/" + name) << text;
  };
  replace("history/2", "two", "owt");
  replace("names", "three", "eerht");
  replace("audit.log", "apply", "undo");
  auto open = change("four");
  ASSERT_TRUE(store.begin(open));
  replace("journal", "four", "ruof");

  std::vector<std::string> hints;
  for (const auto& one : store.damaged()) hints.push_back(one.hint.line());
  const std::string set_aside = "gpuslice recover --set-aside ";
  EXPECT_EQ(hints, (std::vector<std::string>{set_aside + "journal", set_aside + "names", set_aside + "history/2",
                                             set_aside + "audit.log"}));
  EXPECT_EQ(store.names().error().message(), dir + "/names: has a wrong checksum: it was damaged, or changed by hand");
  EXPECT_FALSE(store.journal());
  ASSERT_EQ(store.history()->size(), 2U);
  EXPECT_EQ(store.undo_history()->back().number, 3U) << "the damaged entry is older";

  for (const auto* name : {"journal", "names", "history/2", "audit.log"}) {
    const auto aside = store.set_aside(name);
    ASSERT_TRUE(aside) << aside.error().message();
    EXPECT_EQ(*aside, dir + "/" + name + ".damaged-1");
  }
  EXPECT_TRUE(store.damaged().empty());
  EXPECT_FALSE(*store.journal());
  EXPECT_EQ(store.names()->of("GPU-1")[0].name, "three") << "restored from the history";
  EXPECT_EQ(store.set_aside("lock").error().kind, ErrorKind::not_found);
}

TEST_F(Store, UndoStopsAtAnUnreadableEntry) {
  const NodeStore store(dir);
  const auto lock = store.lock("apply");
  for (const auto* name : {"one", "two"}) {
    auto t = change(name);
    ASSERT_TRUE(store.begin(t));
    ASSERT_TRUE(store.finish(t));
  }
  std::ofstream(dir + "/history/2") << "{}";
  const auto refused = store.undo_history();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().hint, Hint::gpuslice({"recover", {"set-aside", "history/2"}}));
  ASSERT_TRUE(store.set_aside("history/2"));
  EXPECT_EQ(store.undo_history()->back().number, 1U);
  auto next = change("three");
  ASSERT_TRUE(store.begin(next));
  EXPECT_EQ(next.number, 3U) << "numbers are never reused";
}

// Removed during a change: the step is not started, and no file that looks like a journal is created.
TEST_F(Store, WithoutItsDirectoryAChangeCanOnlyEnd) {
  const NodeStore store(dir + "/store");
  const auto lock = store.lock("apply");
  auto t = change("one");
  ASSERT_TRUE(store.begin(t));
  std::filesystem::remove(dir + "/store/journal");
  EXPECT_EQ(store.note_step("{}").error().kind, ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(dir + "/store/journal"));
  std::filesystem::remove_all(dir + "/store");
  EXPECT_EQ(store.note_step("{}").error().kind, ErrorKind::not_found);
  EXPECT_TRUE(store.abandon());
}

TEST_F(Store, ADamagedFileIsNamed) {
  std::ofstream(dir + "/names") << "{\"version\":\"gpuslice.names/v1\",\"gpus\":[{\"uuid\":1}]}";
  const auto names = NodeStore(dir).names();
  ASSERT_FALSE(names);
  EXPECT_EQ(names.error().message(), dir + "/names: gpus[0].uuid is not a string");
  std::ofstream(dir + "/journal") << "{\"version\":\"gpusl";
  const auto journal = NodeStore(dir).journal();
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorKind::damaged);
}

}  // namespace
}  // namespace gpuslice::store
