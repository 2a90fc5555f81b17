// A restore that is killed at any of its system calls leaves the old node or the new one, never a mixture.
#include "simhost/restore.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/testing/kill_at.hpp"
#include "sim/driver.hpp"
#include "simhost/draft.hpp"
#include "simhost/snapshot.hpp"
#include "simhost/testing/made_node.hpp"
#include "store/node_store.hpp"

namespace gpuslice::simhost {
namespace {

using gpuslice::testing::Ended;
using gpuslice::testing::run_killed_at;

class KilledWork : public testing::MadeNode {
 protected:
  // Gives the node this many GPU instances, and the same number of names and changes in its history.
  void become(const std::string& word, unsigned instances) const {
    const auto driver = sim::Driver::open(node(), node());
    ASSERT_TRUE(driver);
    ASSERT_TRUE((*driver)->reset(0));
    for (unsigned i = 0; i < instances; ++i) ASSERT_TRUE((*driver)->create_gi(0, mig::GiProfileId{19}, std::nullopt));
    nodes.write("n/store/names", word);
    std::filesystem::remove_all(nodes.path("n/store/history"));
    nodes.write("n/store/history/" + word, word);
  }
  struct Seen {
    std::size_t instances{};
    std::string names;
    std::vector<std::string> history;
    bool operator==(const Seen&) const = default;
  };
  [[nodiscard]] Seen seen() const {
    const auto driver = sim::Driver::open(node(), node());
    EXPECT_TRUE(driver) << driver.error().message();
    return {(*driver)->gpu(0).mig.partition.instances.size(), nodes.read("n/store/names"),
            nodes.names("n/store/history")};
  }
  // The hidden entries left behind, except those that every node has.
  [[nodiscard]] std::vector<std::string> leftovers(const std::string& inside) const {
    auto names = nodes.names(inside);
    std::erase_if(names, [](const auto& name) { return name[0] != '.' || name == ".lock" || name == ".entered"; });
    return names;
  }
};

TEST_F(KilledWork, ARestoreIsAllOrNothing) {
  ASSERT_TRUE(make());
  ASSERT_TRUE(std::filesystem::create_directories(nodes.path("n/store")));
  become("one", 1);
  ASSERT_TRUE(take_snapshot(node(), "one"));
  become("two", 2);
  ASSERT_TRUE(take_snapshot(node(), "two"));
  const Seen one{1, "one", {"one"}}, two{2, "two", {"two"}};
  ASSERT_EQ(seen(), two);
  unsigned kept = 0, changed = 0;
  for (unsigned stop = 0;; ++stop) {
    const auto from = seen();
    ASSERT_TRUE(from == one || from == two);
    const auto to = from == one ? two : one;
    const auto ended = run_killed_at(stop, [&] { return restore_snapshot(node(), to.names).has_value(); });
    if (ended == Ended::cannot_trace) GTEST_SKIP() << "this process may not trace its children";
    // What the next command does first.
    const auto settled = settle_node(node());
    ASSERT_TRUE(settled) << stop << ": " << settled.error().message();
    const auto now = seen();
    ASSERT_TRUE(now == from || now == to)
        << "killed at stop " << stop << ": " << now.instances << " instances, names " << now.names;
    ASSERT_EQ(leftovers("n"), std::vector<std::string>{}) << stop;
    ++(now == from ? kept : changed);
    if (ended == Ended::whole) {
      EXPECT_EQ(now, to);
      break;
    }
  }
  EXPECT_GT(kept, 20U);
  EXPECT_GT(changed, 10U);
}

// After a kill between state and store, the next process that reads names finds the store that belongs to the new
// state.
TEST_F(KilledWork, SettlingAgainChangesNothing) {
  ASSERT_TRUE(make());
  ASSERT_TRUE(settle_node(node()));
  ASSERT_TRUE(settle_node(node()));
  EXPECT_EQ(leftovers("n"), std::vector<std::string>{});
}

TEST_F(KilledWork, CreatingDeletingAndCloningLeaveNothingBehind) {
  const auto at_every_stop = [&](const std::function<bool()>& work, const std::function<void(bool)>& undo) {
    for (unsigned stop = 0;; stop += 97) {  // hundreds of files are created or removed in the same way
      const auto ended = run_killed_at(stop, work);
      if (ended == Ended::cannot_trace) return false;
      sweep_drafts(nodes.path());
      EXPECT_EQ(leftovers("."), std::vector<std::string>{}) << stop;
      undo(ended == Ended::whole);
      if (ended == Ended::whole) return true;
    }
  };
  const auto there = [&](const std::string& name) { return std::filesystem::exists(node(name)); };
  if (!at_every_stop([&] { return make().has_value(); },
                     [&](bool whole) {
                       EXPECT_TRUE(!whole || there("n"));
                       EXPECT_TRUE(whole || !there("n") || delete_node(nodes.path(), "n"));
                     }))
    GTEST_SKIP() << "this process may not trace its children";
  at_every_stop([&] { return clone_node(nodes.path(), "n", "m").has_value(); },
                [&](bool) { EXPECT_TRUE(!there("m") || delete_node(nodes.path(), "m")); });
  at_every_stop([&] { return delete_node(nodes.path(), "n").has_value(); },
                [&](bool whole) {
                  EXPECT_FALSE(whole && there("n"));
                  EXPECT_TRUE(whole || there("n") || make());
                });
}

TEST_F(KilledWork, ASnapshotIsAllOrNothing) {
  ASSERT_TRUE(make());
  ASSERT_TRUE(std::filesystem::create_directories(nodes.path("n/store")));
  become("one", 1);
  for (unsigned stop = 0;; stop += 3) {
    const auto ended = run_killed_at(stop, [&] { return take_snapshot(node(), "s").has_value(); });
    if (ended == Ended::cannot_trace) GTEST_SKIP() << "this process may not trace its children";
    sweep_node(node());
    const auto all = snapshots(node());
    ASSERT_TRUE(all) << all.error().message();
    if (std::filesystem::exists(nodes.path("n/snapshots"))) {
      EXPECT_EQ(leftovers("n/snapshots"), std::vector<std::string>{}) << stop;
    }
    if (!all->empty()) {
      EXPECT_EQ(nodes.read("n/snapshots/s/store/names"), "one");
      ASSERT_TRUE(delete_snapshot(node(), "s"));
    }
    if (ended == Ended::whole) break;
  }
}

TEST_F(KilledWork, ANodeBeingChangedIsNotRestoredDeletedOrCloned) {
  ASSERT_TRUE(make());
  ASSERT_TRUE(take_snapshot(node(), "s"));
  const auto change = store::NodeStore(node() + "/store").lock("apply");
  ASSERT_TRUE(change);
  const auto deleted = delete_node(nodes.path(), "n");
  ASSERT_FALSE(deleted);
  EXPECT_EQ(deleted.error().kind, ErrorKind::busy);
  EXPECT_TRUE(deleted.error().message().starts_with("node n: is being changed by another gpuslice"));
  EXPECT_NE(deleted.error().message().find(std::to_string(::getpid())), std::string::npos);
  EXPECT_EQ(restore_snapshot(node(), "s").error().kind, ErrorKind::busy);
  EXPECT_EQ(take_snapshot(node(), "t").error().kind, ErrorKind::busy);
  EXPECT_EQ(clone_node(nodes.path(), "n", "m").error().kind, ErrorKind::busy);
  EXPECT_EQ(nodes.names(), std::vector<std::string>{"n"});
  EXPECT_EQ(leftovers("n"), std::vector<std::string>{});
}

// The store's lock is the same file before and after, so that no process holds the lock of an outdated file.
TEST_F(KilledWork, TheLockOfTheStoreSurvivesARestore) {
  ASSERT_TRUE(make());
  ASSERT_TRUE(take_snapshot(node(), "s"));
  const auto number = [&] {
    struct stat info{};
    EXPECT_EQ(::stat(nodes.path("n/store/lock").c_str(), &info), 0);
    return info.st_ino;
  };
  const auto before = number();
  ASSERT_TRUE(restore_snapshot(node(), "s"));
  EXPECT_EQ(number(), before);
}

}  // namespace
}  // namespace gpuslice::simhost
