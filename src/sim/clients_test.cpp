#include "sim/clients.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::sim {
namespace {

constexpr unsigned compute = 1, graphics = 2;
constexpr std::uint32_t exclusive_process = 3, prohibited = 2;  // NVML's numbers for these compute modes

Client client(std::uint32_t pid, std::uint32_t gpu = 0, unsigned kinds = compute) {
  Client one;
  one.gpu = gpu;
  one.kinds = kinds;
  one.pid = pid;
  one.name.set("worker");
  one.memory_bytes = 1 << 20;
  return one;
}
Client on_instance(Client one, int gi, int ci) {
  one.gi = gi;
  one.ci = ci;
  return one;
}

class ClientsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config.gpu_count = 2;
    start.boot = 4;
    mig::GpuInstance gi;
    gi.id = mig::GiId{2};
    gi.placement = {0, 4};
    for (std::uint32_t ci = 0; ci < 2; ++ci) {
      mig::ComputeInstance one;
      one.id = mig::CiId{ci};
      one.placement = {static_cast<std::uint8_t>(ci), 1};
      gi.compute.push_back(one);
    }
    start.gpus[1].mig.mode = start.gpus[1].mig.pending = true;
    start.gpus[1].mig.partition.instances.push_back(gi);
    ASSERT_TRUE(StateFile::create(dir.path("state"), config, start));
    dir.write("clients", std::string(max_clients, '\0'));
    auto file = StateFile::open(dir.path("state"), Access::read_write);
    ASSERT_TRUE(file);
    state = std::move(*file);
  }

  [[nodiscard]] Result<int> enter(const Client& one) const { return hold(*state, dir.path(), one); }
  [[nodiscard]] int must_enter(const Client& one) const {
    const auto fd = enter(one);
    if (!fd) throw std::runtime_error(fd.error().message());
    return *fd;
  }
  [[nodiscard]] Clients clients() const {
    auto opened = Clients::open(dir.path());
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(*opened);
  }
  // (slot, pid) of the live clients in the node's current boot.
  using Living = std::vector<std::pair<std::size_t, std::uint32_t>>;
  [[nodiscard]] Living living() const {
    Living found;
    const auto all = state->read();
    for (const auto& one : clients().live(all.clients, all.boot)) found.emplace_back(one.slot, one.client.pid);
    return found;
  }
  void set_compute_mode(std::uint32_t gpu, std::uint32_t mode) const {
    ASSERT_TRUE(state->transact([&](NodeDynamic& all) {
      all.gpus[gpu].compute_mode = mode;
      return true;
    }));
  }

  gpuslice::testing::TempDir dir;
  NodeConfig config;
  NodeDynamic start;
  std::unique_ptr<StateFile> state;
};

// Two pipes with which a test and its child wait for each other.
class Meeting {
 public:
  Meeting() {
    if (::pipe2(here_, O_CLOEXEC) != 0 || ::pipe2(go_, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  }
  Meeting(const Meeting&) = delete;
  Meeting& operator=(const Meeting&) = delete;
  ~Meeting() {
    for (const int fd : {here_[0], here_[1], go_[0], go_[1]})
      if (fd >= 0) ::close(fd);
  }
  void arrive() const { (void)!::write(here_[1], "x", 1); }
  [[nodiscard]] bool wait_for_arrival() {
    close(here_[1]);
    char byte{};
    return ::read(here_[0], &byte, 1) == 1;
  }
  void let_go() { close(go_[1]); }
  // Called in the child: waits until the test releases it.
  void wait_to_go() {
    close(go_[1]);
    char byte{};
    (void)!::read(go_[0], &byte, 1);
  }
  [[nodiscard]] int go_end() {
    close(go_[1]);
    return go_[0];
  }

 private:
  static void close(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
  int here_[2]{-1, -1};
  int go_[2]{-1, -1};
};

int wait_for(pid_t pid) {
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status;
}

// --- Starting and ending

TEST_F(ClientsTest, ANewNodeHasNone) {
  EXPECT_TRUE(living().empty());
  for (std::size_t slot = 0; slot < max_clients; ++slot) EXPECT_FALSE(clients().held(slot)) << slot;
}

TEST_F(ClientsTest, AClientIsAliveAsLongAsItsLockIsHeld) {
  const int fd = must_enter(client(100));
  EXPECT_EQ(living(), (Living{{0, 100}}));
  const auto record = state->read().clients[0];
  EXPECT_EQ(record.used, 1u);
  EXPECT_EQ(record.boot, 4u);
  EXPECT_EQ(record.name.view(), "worker");
  EXPECT_EQ(record.memory_bytes, 1u << 20);
  EXPECT_EQ(record.gi, -1);

  ::close(fd);
  EXPECT_TRUE(living().empty());
  EXPECT_EQ(state->read().clients[0].used, 1u) << "the record alone must not count as a live client";
}

TEST_F(ClientsTest, TheLowestFreeSlotIsTaken) {
  const int first = must_enter(client(100));
  const int second = must_enter(client(101));
  const int third = must_enter(client(102));
  EXPECT_EQ(living(), (Living{{0, 100}, {1, 101}, {2, 102}}));
  ::close(second);
  EXPECT_EQ(living(), (Living{{0, 100}, {2, 102}}));
  const int fourth = must_enter(client(103));
  EXPECT_EQ(living(), (Living{{0, 100}, {1, 103}, {2, 102}}));
  for (const int fd : {first, third, fourth}) ::close(fd);
  EXPECT_TRUE(living().empty());
}

TEST_F(ClientsTest, IfAllSlotsAreTakenTheErrorIsBusy) {
  std::vector<int> held;
  for (std::uint32_t n = 0; n < max_clients; ++n) held.push_back(must_enter(client(100 + n)));
  EXPECT_EQ(living().size(), max_clients);
  EXPECT_EQ(state->read_slots().clients, ~std::uint64_t{0});
  const auto generation = state->generation();
  const auto refused = enter(client(999));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  EXPECT_EQ(state->generation(), generation);
  EXPECT_EQ(living().size(), max_clients);

  ::close(held[40]);
  held[40] = must_enter(client(999));
  EXPECT_EQ(living()[40], (std::pair<std::size_t, std::uint32_t>{40, 999}));
  for (const int fd : held) ::close(fd);
}

TEST_F(ClientsTest, EnteringClearsRecordsOfDeadClients) {
  for (std::uint32_t n = 0; n < 3; ++n) ::close(must_enter(client(100 + n, 1)));
  const int fd = must_enter(client(200));
  EXPECT_EQ(state->read_slots().clients, 1u);
  EXPECT_EQ(state->read().clients[0].pid, 200u);
  ::close(fd);
}

TEST_F(ClientsTest, SweepClearsOnlyRecordsOfDeadClients) {
  const int first = must_enter(client(100));
  const int second = must_enter(client(101));
  ::close(first);
  ASSERT_TRUE(state->transact([&](NodeDynamic& all) {
    clients().sweep(all);
    return true;
  }));
  EXPECT_EQ(state->read_slots().clients, 2u);
  EXPECT_EQ(living(), (Living{{1, 101}}));
  ::close(second);
}

// --- Other processes

TEST_F(ClientsTest, AKilledClientIsGoneImmediately) {
  Meeting meeting;
  const auto pid = ::fork();
  if (pid == 0) {
    if (!enter(client(100))) ::_exit(1);
    meeting.arrive();
    meeting.wait_to_go();
    ::_exit(0);
  }
  ASSERT_TRUE(meeting.wait_for_arrival());
  EXPECT_EQ(living(), (Living{{0, 100}}));
  ::kill(pid, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(wait_for(pid)));
  EXPECT_TRUE(living().empty());
  const int fd = must_enter(client(101));
  EXPECT_EQ(living(), (Living{{0, 101}}));
  ::close(fd);
}

TEST_F(ClientsTest, TheExecutedCommandRemainsTheClient) {
  Meeting meeting;
  const auto pid = ::fork();
  if (pid == 0) {
    if (!enter(client(100))) ::_exit(1);
    meeting.arrive();
    // cat exits when the test closes its end of the pipe.
    if (::dup2(meeting.go_end(), STDIN_FILENO) != STDIN_FILENO) ::_exit(1);
    ::execl("/bin/cat", "cat", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ASSERT_TRUE(meeting.wait_for_arrival());
  EXPECT_EQ(living(), (Living{{0, 100}}));
  meeting.let_go();
  EXPECT_EQ(wait_for(pid), 0);
  EXPECT_TRUE(living().empty());
}

TEST_F(ClientsTest, AChildThatOutlivesItsParentStillCounts) {
  Meeting meeting;
  const auto pid = ::fork();
  if (pid == 0) {
    if (!enter(client(100))) ::_exit(1);
    if (::fork() == 0) {
      meeting.arrive();
      meeting.wait_to_go();
      ::_exit(0);
    }
    ::_exit(0);
  }
  EXPECT_EQ(wait_for(pid), 0);
  ASSERT_TRUE(meeting.wait_for_arrival());
  EXPECT_EQ(living(), (Living{{0, 100}}));
  meeting.let_go();
  // The test cannot wait for the grandchild, but the pipe is closed when the grandchild exits.
  EXPECT_FALSE(meeting.wait_for_arrival());
  EXPECT_TRUE(living().empty());
}

// --- When a client is refused

TEST_F(ClientsTest, AMissingInstanceAcceptsNoClient) {
  for (const auto& [gi, ci] : {std::pair{3, 0}, std::pair{2, 2}}) {
    const auto refused = enter(on_instance(client(100, 1), gi, ci));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_found);
    EXPECT_EQ(refused.error().object, "GPU 1");
  }
  EXPECT_EQ(state->generation(), 0u);
  const int fd = must_enter(on_instance(client(100, 1), 2, 1));
  const auto record = state->read().clients[0];
  EXPECT_EQ(record.gi, 2);
  EXPECT_EQ(record.ci, 1);
  ::close(fd);
}

TEST_F(ClientsTest, ProhibitedAcceptsNoComputeClient) {
  set_compute_mode(0, prohibited);
  const auto refused = enter(client(100));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_NE(refused.error().what.find("Prohibited"), std::string::npos);
  EXPECT_TRUE(living().empty());
  const int drawing = must_enter(client(101, 0, graphics));
  const int elsewhere = must_enter(client(102, 1));
  EXPECT_EQ(living(), (Living{{0, 101}, {1, 102}}));
  ::close(drawing);
  ::close(elsewhere);
}

TEST_F(ClientsTest, ExclusiveProcessAcceptsOneComputeClient) {
  set_compute_mode(0, exclusive_process);
  const int first = must_enter(client(100));
  const auto refused = enter(client(101));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_EQ(refused.error().object, "GPU 0");
  EXPECT_NE(refused.error().what.find("Exclusive_Process and held by process 100"), std::string::npos)
      << refused.error().what;
  EXPECT_EQ(living(), (Living{{0, 100}}));

  const int drawing = must_enter(client(102, 0, graphics));
  const int elsewhere = must_enter(client(103, 1));
  ::close(first);
  const int next = must_enter(client(104));
  EXPECT_EQ(living(), (Living{{0, 104}, {1, 102}, {2, 103}}));
  for (const int fd : {drawing, elsewhere, next}) ::close(fd);
}

TEST_F(ClientsTest, ExclusiveProcessAppliesToEachComputeInstance) {
  set_compute_mode(1, exclusive_process);
  const int first = must_enter(on_instance(client(100, 1), 2, 0));
  const int beside = must_enter(on_instance(client(101, 1), 2, 1));
  const auto refused = enter(on_instance(client(102, 1), 2, 0));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  ::close(first);
  ::close(beside);
}

// --- Reboot

TEST_F(ClientsTest, AClientOfAnEarlierBootIsGoneEvenIfItsProcessRuns) {
  const int old = must_enter(client(100));
  set_compute_mode(0, exclusive_process);
  ASSERT_TRUE(state->transact([](NodeDynamic& all) {
    ++all.boot;
    return true;
  }));
  EXPECT_TRUE(clients().held(0));
  EXPECT_TRUE(living().empty());

  // It blocks no other client, but its slot is not given to another one.
  const int next = must_enter(client(101));
  EXPECT_EQ(living(), (Living{{1, 101}}));
  ASSERT_TRUE(state->transact([&](NodeDynamic& all) {
    clients().sweep(all);
    return true;
  }));
  EXPECT_EQ(state->read_slots().clients, 2u);
  ::close(old);
  ::close(next);
}

// --- Files

TEST_F(ClientsTest, WithoutTheFileOfLocksClientsCannotBeReadOrEnter) {
  ASSERT_EQ(::unlink(dir.path("clients").c_str()), 0);
  const auto opened = Clients::open(dir.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::not_found);
  const auto refused = enter(client(100));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::not_found);
  EXPECT_EQ(state->generation(), 0u);
}

// If another user could take a read lock, clients could not take their write locks.
TEST_F(ClientsTest, AnotherUserSeesLiveClientsAndCannotLockThemOut) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const int one = must_enter(client(100)), two = must_enter(client(101)), three = must_enter(client(102));
  ::close(two);
  ASSERT_EQ(::chmod(dir.path().c_str(), 0755), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto seen = living();
  const int fd = ::open(dir.path("clients").c_str(), O_RDONLY | O_CLOEXEC);
  const int why = errno;
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_EQ(seen, (Living{{0, 100}, {2, 102}}));
  EXPECT_LT(fd, 0);
  EXPECT_EQ(why, EACCES);
  ::close(one);
  ::close(three);
}

TEST_F(ClientsTest, AUserWithReadAccessCannotEnter) {
  auto reader = StateFile::open(dir.path("state"), Access::read_only);
  ASSERT_TRUE(reader);
  const auto refused = hold(**reader, dir.path(), client(100));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::permission);
  EXPECT_FALSE(clients().held(0));
}

}  // namespace
}  // namespace gpuslice::sim
