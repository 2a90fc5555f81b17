// Killed writers, and many readers and writers at once: no reader sees a mixture of two states, and no change is lost.
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "sim/testing/state_file_fixture.hpp"

namespace gpuslice::sim {
namespace {

using namespace testing;

TEST_F(StateFileTest, AWriterKilledInsideAChangeLeavesTheOldStateAndNoLock) {
  const auto file = open();
  ASSERT_TRUE(file->transact(count_up));
  for (int n = 0; n < 20; ++n) {
    const auto status = in_child([&] {
      const auto own = open();
      (void)own->transact([](NodeDynamic& state) {
        stamp(state, 99);
        ::raise(SIGKILL);
        return true;
      });
      return 1;
    });
    ASSERT_TRUE(killed_by(status, SIGKILL)) << status;
    EXPECT_EQ(file->read_boot(), 2u + n);
    EXPECT_TRUE(is_whole(file->read()));
    ASSERT_TRUE(file->transact(count_up)) << "a killed writer must not keep the lock";
  }
  EXPECT_EQ(file->generation(), 21u);
}

// What a writer leaves behind if it is killed while it writes: the copies and the root that are not current contain
// garbage.
TEST_F(StateFileTest, APartlyWrittenStateIsNeverSeen) {
  const auto file = open();
  const auto where = layout();
  for (std::uint64_t n = 1; n <= 4; ++n) {
    const std::vector<unsigned char> rubbish(sizeof(NodeDynamic), 0xa5);
    overwrite(where.root_at(n), rubbish.data(), 500);  // generation n - 1 is current
    for (const auto& section : where.sections)
      for (std::size_t item = 0; section.shape.storage == Storage::twofold && item < section.shape.items; ++item) {
        const bool changes = section.shape.name.view() != "accounted" && section.shape.name.view() != "orders";
        overwrite(section.copy_at(item, changes ? n & 1U : 1), rubbish.data(), section.shape.item_bytes * 2 / 3);
      }
    EXPECT_EQ(file->read_boot(), n);
    EXPECT_TRUE(is_whole(file->read()));
    EXPECT_TRUE(is_whole(open()->read()));
    ASSERT_TRUE(file->transact(count_up));
    EXPECT_EQ(file->generation(), n);
    EXPECT_TRUE(is_whole(file->read()));
    EXPECT_TRUE(is_whole(open()->read()));
  }
}

TEST_F(StateFileTest, ThreadsNeverReadAMixtureOfTwoStates) {
  constexpr std::uint64_t each = 1500;
  const auto file = open();
  const auto own = open();  // a second mapping of the same file in the same process
  std::atomic<int> writing{2};
  std::atomic<std::uint64_t> torn{0}, backwards{0}, mixed{0};
  const auto write = [&](StateFile& into) {
    for (std::uint64_t n = 0; n < each; ++n) EXPECT_TRUE(into.transact(count_up));
    --writing;
  };
  const auto read = [&](const StateFile& from) {
    std::uint64_t last = 0;
    while (writing > 0) {
      const auto all = from.read();
      if (!is_whole(all)) ++torn;
      if (all.boot < last) ++backwards;
      last = all.boot;
      const auto gpu = from.read_gpu(31);
      if (gpu.persistence != gpu.ecc) ++mixed;
      if (gpu.persistence < last) ++backwards;
    }
  };
  std::vector<std::thread> threads;
  threads.emplace_back([&] { write(*file); });
  threads.emplace_back([&] { write(*own); });
  for (int n = 0; n < 4; ++n) threads.emplace_back([&, n] { read(n % 2 == 0 ? *file : *own); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(torn, 0u);
  EXPECT_EQ(mixed, 0u);
  EXPECT_EQ(backwards, 0u);
  EXPECT_EQ(file->generation(), 2 * each);
  EXPECT_EQ(file->read_boot(), 1 + 2 * each);
}

// Children that open the file themselves, and children that use the file object of their parent: no update is lost.
TEST_F(StateFileTest, ProcessesLoseNoUpdate) {
  constexpr std::uint64_t each = 400;
  const auto parents = open();
  std::vector<pid_t> children;
  for (int n = 0; n < 6; ++n) {
    const auto pid = ::fork();
    if (pid == 0) {
      const auto own = n % 2 == 0 ? open() : nullptr;
      auto& file = own ? *own : *parents;
      for (std::uint64_t i = 0; i < each; ++i)
        if (!file.transact(count_up) || !is_whole(file.read())) ::_exit(1);
      ::_exit(0);
    }
    children.push_back(pid);
  }
  for (std::uint64_t i = 0; i < each; ++i) ASSERT_TRUE(parents->transact(count_up));
  for (const auto pid : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(ended_with(status, 0)) << status;
  }
  EXPECT_EQ(parents->generation(), 7 * each);
  EXPECT_EQ(parents->read_boot(), 1 + 7 * each);
  EXPECT_TRUE(is_whole(parents->read()));
}

// A child is forked while another thread is inside a change: the child can lock the file, and only the parent commits
// that change.
TEST_F(StateFileTest, AChildForkedDuringAChangeCanMakeItsOwn) {
  const auto file = open();
  std::atomic<bool> stop{false};
  std::uint64_t made = 0;
  std::thread writer([&] {
    while (!stop) {
      EXPECT_TRUE(file->transact(count_up));
      ++made;
    }
  });
  constexpr std::uint64_t births = 30;
  for (std::uint64_t n = 0; n < births; ++n) {
    const auto status = in_child([&] { return file->transact(count_up) ? 0 : 1; });
    EXPECT_TRUE(ended_with(status, 0)) << status;
  }
  stop = true;
  writer.join();
  EXPECT_EQ(file->generation(), made + births);
}

}  // namespace
}  // namespace gpuslice::sim
