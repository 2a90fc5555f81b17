#include "sim/state_file.hpp"

#include <sys/resource.h>

#include <csignal>

#include "sim/testing/state_file_fixture.hpp"

namespace gpuslice::sim {
namespace {

using namespace testing;

TEST_F(StateFileTest, HasTheContentItWasCreatedWith) {
  const auto file = open();
  EXPECT_EQ(file->config().name.view(), "test");
  EXPECT_EQ(file->config().gpu_count, gpus);
  EXPECT_EQ(file->generation(), 0u);
  EXPECT_EQ(file->read_boot(), 1u);
  EXPECT_TRUE(is_whole(file->read()));
  EXPECT_TRUE(file->is_current());
}

TEST_F(StateFileTest, AllUsersMayReadItAndItsOwnerMayWriteIt) {
  const auto mask = ::umask(022);
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_TRUE(StateFile::create(path, config, start));
  ::umask(mask);
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0644u);
}

TEST_F(StateFileTest, IsNotCreatedOverAnother) {
  stamp(start, 5);
  const auto again = StateFile::create(path, config, start);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::exists);
  EXPECT_EQ(open()->read_boot(), 1u);
}

TEST_F(StateFileTest, IsNotCreatedInAMissingDirectory) {
  const auto made = StateFile::create(dir.path("none/state"), config, start);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::not_found);
}

// If the disk has space for only a part of the file, no partial file is left behind. (A limit on the file size
// simulates the full disk.)
TEST_F(StateFileTest, LeavesNoFileIfItCouldNotBeWritten) {
  const auto other = dir.path("other");
  const auto status = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{static_cast<rlim_t>(size() / 2), static_cast<rlim_t>(size() / 2)};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    const auto made = StateFile::create(other, config, start);
    return !made && made.error().kind == ErrorKind::io ? 0 : 1;
  });
  EXPECT_TRUE(ended_with(status, 0)) << status;
  EXPECT_NE(::access(other.c_str(), F_OK), 0);
}

TEST_F(StateFileTest, OpeningAMissingFileIsNotFound) {
  const auto file = StateFile::open(dir.path("none"), Access::read_only);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::not_found);
}

TEST_F(StateFileTest, DetectsThatItWasReplacedOrRemoved) {
  const auto file = open();
  ASSERT_EQ(::unlink(path.c_str()), 0);
  EXPECT_FALSE(file->is_current());
  stamp(start, 7);
  ASSERT_TRUE(StateFile::create(path, config, start));
  EXPECT_FALSE(file->is_current());
  EXPECT_EQ(file->read_boot(), 1u) << "the opened file is still mapped";
  EXPECT_TRUE(open()->is_current());
}

TEST_F(StateFileTest, ReadOnlyAccessSeesChangesAndCannotMakeAny) {
  const auto reader = open(Access::read_only);
  bool ran = false;
  const auto refused = reader->transact([&](NodeDynamic&) { return ran = true; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::permission);
  EXPECT_FALSE(ran);
  EXPECT_EQ(reader->generation(), 0u);

  ASSERT_TRUE(open()->transact(count_up));
  EXPECT_EQ(reader->generation(), 1u);
  EXPECT_EQ(reader->read_boot(), 2u);
}

TEST_F(StateFileTest, OtherUsersMayOpenItForReadingOnly) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become another user";
  ASSERT_EQ(::chmod(dir.path().c_str(), 0755), 0);
  const auto status = in_child([&] {
    if (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0) return 9;
    const auto writer = StateFile::open(path, Access::read_write);
    if (writer || writer.error().kind != ErrorKind::permission) return 1;
    return StateFile::open(path, Access::read_only) ? 0 : 2;
  });
  EXPECT_TRUE(ended_with(status, 0)) << status;
}

TEST_F(StateFileTest, CountsGenerationsByCommits) {
  const auto file = open();
  for (std::uint64_t n = 1; n <= 5; ++n) {
    const auto done = file->transact(count_up);
    ASSERT_TRUE(done);
    EXPECT_TRUE(*done);
    EXPECT_EQ(file->generation(), n);
    EXPECT_EQ(file->read_boot(), n + 1);
    EXPECT_TRUE(is_whole(file->read()));
  }
}

TEST_F(StateFileTest, AChangeThatReturnsFalseIsNotCommitted) {
  const auto file = open();
  ASSERT_TRUE(file->transact(count_up));
  const auto before = dir.read("state");
  const auto done = file->transact([](NodeDynamic& state) {
    stamp(state, 77);
    return false;
  });
  ASSERT_TRUE(done);
  EXPECT_FALSE(*done);
  EXPECT_EQ(dir.read("state"), before);
  // It does not reappear with the next change either.
  ASSERT_TRUE(file->transact([](NodeDynamic& state) { return state.boot == 2 && is_whole(state); }));
  EXPECT_EQ(file->generation(), 2u);
}

TEST_F(StateFileTest, AllReadersGiveTheSameState) {
  const auto file = open();
  ASSERT_TRUE(file->transact([](NodeDynamic& state) {
    stamp(state, 3);
    state.gpus[5].persistence = 55;
    state.clients[0].used = state.clients[63].used = 1;
    state.clients[63].pid = 63;
    return true;
  }));
  EXPECT_EQ(file->read_gpu(5).persistence, 55u);
  EXPECT_EQ(file->read_gpu(5).ecc, 3u);
  EXPECT_EQ(file->read_gpu(31).persistence, 3u);
  EXPECT_EQ(file->read_slots().boot, 3u);
  EXPECT_EQ(file->read_slots().clients, 0x8000000000000001ULL);
  std::array<Client, max_clients> records;
  file->read_clients(records);
  EXPECT_EQ(records[63].pid, 63u);
  EXPECT_EQ(records[1].memory_bytes, 3u);

  ASSERT_TRUE(file->transact([](NodeDynamic& state) {
    for (auto& client : state.clients) client = Client{};
    return true;
  }));
  EXPECT_EQ(file->read_slots().clients, 0u);
  file->read_clients(records);
  EXPECT_EQ(records[63].pid, 0u);
}

TEST_F(StateFileTest, KeepsItsSize) {
  const auto before = size();
  const auto file = open();
  for (int n = 0; n < 100; ++n) ASSERT_TRUE(file->transact(count_up));
  EXPECT_EQ(size(), before);
}

}  // namespace
}  // namespace gpuslice::sim
