#include "sim/state_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::sim {
namespace {

constexpr std::uint32_t gpus = 8;
constexpr std::size_t slot_bytes = sizeof(NodeDynamic) + 16;  // a snapshot and its checksum

// Runs `body` in a child of its own and gives the wait status.
template <class Body>
int in_child(Body body) {
  const auto pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status;
}
bool ended_with(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }
bool killed_by(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }

// Writes the same number into places far apart, so that a mixture of two states shows.
void stamp(NodeDynamic& state, std::uint64_t number) {
  state.boot = number;
  for (auto& gpu : state.gpus) gpu.persistence = gpu.ecc = static_cast<std::uint32_t>(number);
  for (auto& client : state.clients) client.memory_bytes = number;
}
bool is_whole(const NodeDynamic& state) {
  for (const auto& gpu : state.gpus)
    if (gpu.persistence != state.boot || gpu.ecc != state.boot) return false;
  for (const auto& client : state.clients)
    if (client.memory_bytes != state.boot) return false;
  return true;
}
constexpr auto count_up = [](NodeDynamic& state) {
  stamp(state, state.boot + 1);
  return true;
};

class StateFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config.name.set("test");
    config.driver.set("580.126.09");
    config.gpu_count = gpus;
    stamp(start, 1);
    ASSERT_TRUE(StateFile::create(path, config, start));
  }
  [[nodiscard]] std::unique_ptr<StateFile> open(Access access = Access::read_write) const {
    auto file = StateFile::open(path, access);
    if (!file) throw std::runtime_error(file.error().message());
    return std::move(*file);
  }
  [[nodiscard]] off_t size() const {
    struct stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_size;
  }
  void overwrite(off_t at, const void* bytes, std::size_t count) const {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::pwrite(fd, bytes, count, at), static_cast<ssize_t>(count));
    ::close(fd);
  }
  void expect_damaged(const std::string& why) const {
    for (const auto access : {Access::read_only, Access::read_write}) {
      const auto file = StateFile::open(path, access);
      ASSERT_FALSE(file) << why;
      EXPECT_EQ(file.error().kind, ErrorKind::damaged);
      EXPECT_EQ(file.error().object, path);
      EXPECT_NE(file.error().what.find(why), std::string::npos) << file.error().what;
      EXPECT_FALSE(file.error().hint.empty());
    }
  }

  gpuslice::testing::TempDir dir;
  std::string path = dir.path("state");
  NodeConfig config;
  NodeDynamic start;
};

// --- Making and opening

TEST_F(StateFileTest, GivesBackWhatItWasMadeWith) {
  const auto file = open();
  EXPECT_EQ(file->config().name.view(), "test");
  EXPECT_EQ(file->config().gpu_count, gpus);
  EXPECT_EQ(file->generation(), 0u);
  EXPECT_EQ(file->read_boot(), 1u);
  EXPECT_TRUE(is_whole(file->read()));
  EXPECT_TRUE(file->is_current());
}

TEST_F(StateFileTest, EverybodyMayReadItAndItsOwnerWrite) {
  const auto mask = ::umask(022);
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_TRUE(StateFile::create(path, config, start));
  ::umask(mask);
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0644u);
}

TEST_F(StateFileTest, IsNotMadeOverAnother) {
  stamp(start, 5);
  const auto again = StateFile::create(path, config, start);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::exists);
  EXPECT_EQ(open()->read_boot(), 1u);
}

TEST_F(StateFileTest, IsNotMadeWhereThereIsNoDirectory) {
  const auto made = StateFile::create(dir.path("none/state"), config, start);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::not_found);
}

// A disk that takes a part only: nothing half-made stays behind. (The limit on a file's size stands for the full disk.)
TEST_F(StateFileTest, LeavesNothingWhereItCouldNotBeWritten) {
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

TEST_F(StateFileTest, IsNotFoundWhereItIsNot) {
  const auto file = StateFile::open(dir.path("none"), Access::read_only);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::not_found);
}

TEST_F(StateFileTest, SaysHowItIsDamaged) {
  const auto whole = dir.read("state");
  const auto wanted = " bytes instead of " + std::to_string(whole.size());
  dir.write("state", whole.substr(0, whole.size() - 1));
  expect_damaged("is damaged: its size is " + std::to_string(whole.size() - 1) + wanted);
  dir.write("state", whole + '\0');
  expect_damaged("is damaged: its size is " + std::to_string(whole.size() + 1) + wanted);
  dir.write("state", "");
  expect_damaged("is damaged: its size is 0" + wanted);

  auto bytes = whole;
  bytes[0] = 'X';
  dir.write("state", bytes);
  expect_damaged("is damaged: its first bytes are wrong");

  // The words behind the name: layout number, size of the configuration, size of a snapshot, checksums.
  for (const std::size_t word : {8U, 12U, 16U, 24U, 32U}) {
    bytes = whole;
    ++bytes[word];
    dir.write("state", bytes);
    expect_damaged("is damaged: the checksum of its header is wrong");
  }

  dir.write("state", whole);
  EXPECT_TRUE(is_whole(open()->read()));
}

TEST_F(StateFileTest, TheStateOfAnOlderVersionIsToldFromADamagedOne) {
  auto old = dir.read("state");
  old[8] = 5;  // the layout
  dir.write("state", old.substr(0, old.size() - 48));
  const auto file = StateFile::open(path, Access::read_only);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(file.error().what,
            "was made by another version of gpuslice: it has layout 5, this one reads layout 6");
}

TEST_F(StateFileTest, ItsHintNamesTheNode) {
  dir.write("nodes/demo/state", "?");
  EXPECT_EQ(StateFile::open(dir.path("nodes/demo/state"), Access::read_only).error().hint, "gpuslice sim delete demo");
}

// A disk that gives back zeros, or one bit that is another: never another state without a word.
TEST_F(StateFileTest, ADamagedPartIsNoticedWhereverItIs) {
  {
    const auto file = open();
    for (int n = 0; n < 3; ++n)
      ASSERT_TRUE(file->transact([&](NodeDynamic& state) {
        file->raise({.type = EventType::xid, .data = 13, .gpu = 1});
        return count_up(state);
      }));
  }
  const auto whole = dir.read("state");
  const auto sound = open(Access::read_only);
  const auto before = std::make_unique<NodeDynamic>(sound->read());
  const auto config_before = std::make_unique<NodeConfig>(sound->config());
  std::vector<Event> events_before;
  for (std::uint64_t n = 1; n <= sound->last_event(); ++n) events_before.push_back(sound->event(n).value_or(Event{}));
  ASSERT_EQ(events_before.size(), 3U);

  for (std::size_t kept = 4096; kept < whole.size(); kept *= 2) {
    auto zeroed = whole;
    std::fill(zeroed.begin() + static_cast<std::ptrdiff_t>(kept), zeroed.end(), '\0');
    dir.write("state", zeroed);
    expect_damaged("is damaged: ");  // the current snapshot is the last part
  }

  std::size_t noticed = 0;
  for (std::size_t at = 0; at < whole.size(); at += at < 256 ? 1 : 997) {
    auto flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    dir.write("state", flipped);
    const auto file = StateFile::open(path, Access::read_only);
    if (!file) {
      EXPECT_EQ(file.error().kind, ErrorKind::damaged) << at;
      ++noticed;
      continue;
    }
    const auto now = std::make_unique<NodeDynamic>((*file)->read());
    EXPECT_EQ(std::memcmp(now.get(), before.get(), sizeof *now), 0) << at;
    EXPECT_EQ(std::memcmp(&(*file)->config(), config_before.get(), sizeof *config_before), 0) << at;
    for (std::uint64_t n = 1; n <= events_before.size(); ++n) {
      const auto event = (*file)->event(n);
      EXPECT_TRUE(!event || *event == events_before[n - 1]) << at;
    }
  }
  EXPECT_GT(noticed, 100U);
}

// What is damaged while it is open is not written again as if it were sound.
TEST_F(StateFileTest, NothingIsBuiltOnADamagedSnapshot) {
  const auto file = open();
  const auto boot_at = size() - static_cast<off_t>(2 * slot_bytes) + static_cast<off_t>(offsetof(NodeDynamic, boot));
  const std::uint64_t wrong = 77;
  overwrite(boot_at, &wrong, sizeof wrong);
  const auto refused = file->transact(count_up);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::damaged);
  EXPECT_EQ(refused.error().message(), path + ": is damaged: the checksum of its current snapshot is wrong");
  EXPECT_EQ(file->generation(), 0U);
}

TEST_F(StateFileTest, RefusesMoreGpusThanThereIsRoomFor) {
  config.gpu_count = max_gpus + 1;
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_TRUE(StateFile::create(path, config, start));
  expect_damaged("it has too many GPUs");
}

TEST_F(StateFileTest, KnowsWhenItsNameIsAnothersOrGone) {
  const auto file = open();
  ASSERT_EQ(::unlink(path.c_str()), 0);
  EXPECT_FALSE(file->is_current());
  stamp(start, 7);
  ASSERT_TRUE(StateFile::create(path, config, start));
  EXPECT_FALSE(file->is_current());
  EXPECT_EQ(file->read_boot(), 1u) << "still the file that was opened";
  EXPECT_TRUE(open()->is_current());
}

// --- Reading only

TEST_F(StateFileTest, ReadOnlySeesWhatOthersWriteAndWritesNothing) {
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

TEST_F(StateFileTest, OthersMayOpenItForReadingOnly) {
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

// --- Changing

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

TEST_F(StateFileTest, AChangeThatSaysFalseIsNotMade) {
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
  // Nor does it come back with the next change.
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

// --- Kills

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
    ASSERT_TRUE(file->transact(count_up)) << "the lock is free";
  }
  EXPECT_EQ(file->generation(), 21u);
}

// The state that a writer leaves when it is killed while it writes: the snapshot that is not the current one is
// rubbish.
TEST_F(StateFileTest, AHalfWrittenSnapshotIsNeverSeen) {
  const auto file = open();
  for (std::uint64_t n = 1; n <= 4; ++n) {
    const auto other = size() - static_cast<off_t>((2 - (n & 1)) * slot_bytes);  // generation n - 1 is current
    const std::vector<unsigned char> rubbish(sizeof(NodeDynamic) * 2 / 3, 0xa5);
    overwrite(other, rubbish.data(), rubbish.size());
    EXPECT_EQ(file->read_boot(), n);
    EXPECT_TRUE(is_whole(file->read()));
    EXPECT_TRUE(is_whole(open()->read()));
    ASSERT_TRUE(file->transact(count_up));
    EXPECT_EQ(file->generation(), n);
    EXPECT_TRUE(is_whole(file->read()));
  }
}

// --- The lock

TEST_F(StateFileTest, WhoMayOnlyReadCannotStopAWriter) {
  struct stat info{};
  ASSERT_EQ(::stat((path + ".lock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  const int reader = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(reader, LOCK_EX | LOCK_NB), 0);
  const auto status = in_child([&] {
    ::alarm(20);
    return open()->transact(count_up) ? 0 : 1;
  });
  ::close(reader);
  EXPECT_TRUE(ended_with(status, 0)) << status;
  EXPECT_EQ(open()->read_boot(), 2U);
}

TEST_F(StateFileTest, TheLockIsMadeAgainAndIsTheOwnersWhoeverDoesIt) {
  ASSERT_EQ(::unlink((path + ".lock").c_str()), 0);
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path.c_str(), 1234, 1234), 0);
  }
  EXPECT_TRUE(open()->transact(count_up));
  struct stat state{};
  struct stat lock{};
  ASSERT_EQ(::stat(path.c_str(), &state), 0);
  ASSERT_EQ(::stat((path + ".lock").c_str(), &lock), 0);
  EXPECT_EQ(lock.st_uid, state.st_uid);
  EXPECT_EQ(lock.st_mode & 0777, 0600U);
}

// --- Events

Event numbered(std::uint64_t number) {
  return {.type = EventType::xid, .data = number, .gpu = static_cast<std::uint32_t>(number % gpus)};
}

TEST_F(StateFileTest, AnEventIsRaisedWithItsChangeOrNotAtAll) {
  const auto file = open();
  const auto reader = open(Access::read_only);
  EXPECT_EQ(reader->last_event(), 0u);
  EXPECT_FALSE(reader->event(1));
  const auto raise_two = [&](bool commit) {
    return file->transact([&](NodeDynamic& state) {
      stamp(state, state.boot + 1);
      file->raise(numbered(state.boot * 10));
      file->raise(numbered(state.boot * 10 + 1));
      return commit;
    });
  };
  ASSERT_TRUE(raise_two(false));
  EXPECT_EQ(reader->last_event(), 0u);
  EXPECT_EQ(reader->wake_word(), 0u);
  ASSERT_TRUE(raise_two(true));
  EXPECT_EQ(reader->last_event(), 2u);
  EXPECT_EQ(reader->event(1), numbered(20));
  EXPECT_EQ(reader->event(2), numbered(21));
  EXPECT_FALSE(reader->event(3));
  EXPECT_EQ(reader->wake_word(), 1u);
  ASSERT_TRUE(file->transact(count_up));
  EXPECT_EQ(reader->last_event(), 2u);
  EXPECT_EQ(reader->wake_word(), 1u) << "nothing was raised";
  ASSERT_TRUE(file->transact([&](NodeDynamic&) {
    file->announce();
    return true;
  }));
  EXPECT_EQ(reader->last_event(), 2u);
  EXPECT_EQ(reader->wake_word(), 2u);
}

// A change may put anything into the state, even all of an older one: numbers go up, and none comes twice.
TEST_F(StateFileTest, NumbersOfEventsOnlyGoUp) {
  const auto file = open();
  for (std::uint64_t n = 1; n <= 3; ++n) {
    ASSERT_TRUE(file->transact([&](NodeDynamic& state) {
      file->raise(numbered(n));
      state = start;
      return true;
    }));
    EXPECT_EQ(file->last_event(), n);
    EXPECT_EQ(file->read().events, n);
  }
}

// Woken at a commit of another process, though it may only read. Whether it sleeps already at the commit or not, it
// must come back long before its time is over, and find the event.
TEST_F(StateFileTest, WhoWaitsIsWokenAfterTheCommit) {
  const auto file = open();
  int up[2];
  ASSERT_EQ(::pipe(up), 0);
  const auto pid = ::fork();
  if (pid == 0) {
    const auto own = open(Access::read_only);
    for (std::uint64_t n = 1; n <= 200; ++n) {
      for (;;) {
        const auto word = own->wake_word();
        if (own->last_event() >= n) break;
        if (n == 1 && ::write(up[1], "x", 1) != 1) ::_exit(2);
        if (!own->sleep(word, std::chrono::minutes(10))) ::_exit(3);
      }
      if (own->event(n) != numbered(n)) ::_exit(4);
    }
    ::_exit(0);
  }
  char byte{};
  ASSERT_EQ(::read(up[0], &byte, 1), 1);
  for (std::uint64_t n = 1; n <= 200; ++n) {
    ASSERT_TRUE(file->transact([&](NodeDynamic&) {
      file->raise(numbered(n));
      return true;
    }));
    if (n % 3 == 0) ::sched_yield();
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(ended_with(status, 0)) << status;
}

// Killed anywhere, also between an event and its commit: what the state says was raised is there, each event with its
// own number, without gaps.
TEST_F(StateFileTest, KilledWritersLeaveNoEventTorn) {
  const auto file = open();
  std::uint64_t checked = 0;
  for (int round = 0; round < 40; ++round) {
    const auto before = file->last_event();
    const auto pid = ::fork();
    if (pid == 0) {
      const auto own = open();
      for (;;) {
        (void)own->transact([&](NodeDynamic& state) {
          own->raise(numbered(state.events + 1));
          own->raise(numbered(state.events + 2));
          return true;
        });
      }
    }
    while (file->last_event() < before + 20 + static_cast<std::uint64_t>(round)) {
      const auto last = file->last_event();
      if (last > 0) {
        const auto event = file->event(last);
        EXPECT_TRUE(!event || *event == numbered(last)) << last;
      }
    }
    ASSERT_EQ(::kill(pid, SIGKILL), 0);
    ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
    const auto last = file->last_event();
    EXPECT_EQ(last % 2, 0u) << "both of a change";
    EXPECT_EQ(file->read().events, last);
    // The one that was killed may have begun to put in two more.
    for (auto n = last > event_slots - 2 ? last - (event_slots - 2) + 1 : 1; n <= last; ++n, ++checked)
      ASSERT_EQ(file->event(n), numbered(n)) << last;
    ASSERT_TRUE(file->transact(count_up)) << "the lock is free";
  }
  EXPECT_GT(checked, 40u * 20u);
}

// --- Many at once

TEST_F(StateFileTest, ThreadsNeverReadHalfAState) {
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

// Children that opened their own, and children that go on with their parent's: no update is lost.
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

// A child is born while another thread is inside a change: it can lock, and the change is the parent's alone.
TEST_F(StateFileTest, AChildBornDuringAChangeCanMakeItsOwn) {
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
