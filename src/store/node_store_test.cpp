#include "store/node_store.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "store/files.hpp"

namespace gpuslice::store {
namespace {

class Store : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "gpuslice-store-XXXXXX";
    dir = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(dir); }

  static Transaction change(const std::string& name) {
    GpuRecord gpu;
    gpu.uuid = "GPU-1";
    gpu.after.mode = gpu.after.pending = true;
    gpu.made_after.push_back({{4, 4}, mig::GiProfileId{9}, name, {{{0, 3}, mig::CiProfileId{2}, "c"}}});
    Transaction t;
    t.verb = "apply";
    t.user = "ada";
    t.started = "2026-11-21T00:00:00Z";
    t.gpus.push_back(gpu);
    t.afterwards.push_back("systemctl start dcgm");
    return t;
  }
  std::string dir;
};

TEST_F(Store, WhatIsNotThereIsEmpty) {
  const NodeStore store(dir + "/none");
  EXPECT_TRUE(store.names()->gpus.empty());
  EXPECT_FALSE(*store.journal());
  EXPECT_TRUE(store.history()->empty());
  EXPECT_FALSE(store.locked());
  EXPECT_FALSE(std::filesystem::exists(dir + "/none"));
}

TEST_F(Store, AChangeIsJournalledThenItsNamesHoldAndItCanBeUndone) {
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

TEST_F(Store, OneAtATimeAndTheOtherIsNamed) {
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

TEST_F(Store, ADamagedFileIsNamed) {
  std::ofstream(dir + "/names") << "{\"version\":\"gpuslice.names/v1\",\"gpus\":[{\"uuid\":1}]}";
  const auto names = NodeStore(dir).names();
  ASSERT_FALSE(names);
  EXPECT_EQ(names.error().message(), dir + "/names: gpus[0].uuid is not a text");
  std::ofstream(dir + "/journal") << "{\"version\":\"gpusl";
  const auto journal = NodeStore(dir).journal();
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorKind::damaged);
}

}  // namespace
}  // namespace gpuslice::store
