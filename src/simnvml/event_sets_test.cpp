// Events, received through the library as a client opens it.
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <thread>
#include <tuple>

#include "abi/nvml.hpp"
#include "sim/testing/temp_node.hpp"
#include "simnvml/testing/library_client.hpp"

namespace gpuslice::simnvml {
namespace {

using abi::nvmlReturn_t;
using sim::EventType;

constexpr unsigned long long single_bit = abi::nvmlEventTypeSingleBitEccError;
constexpr unsigned long long xid = abi::nvmlEventTypeXidCriticalError;
constexpr unsigned long long mig_change = abi::nvmlEventMigConfigChange;
constexpr std::uint32_t none = abi::NVML_NO_INSTANCE_ID;
constexpr unsigned long_ms = 600'000;  // a time limit that no wait reaches

class Events : public testing::LibraryClient {
 protected:
  // GPU 0 has ECC and MIG on, GPU 1 neither.
  void SetUp() override {
    node.start.gpus[0].mig.mode = node.start.gpus[0].mig.pending = true;
    node.config.gpus[0].ecc_supported = 1;
    node.start.gpus[0].ecc = 1;
    ASSERT_NO_FATAL_FAILURE(open_library());
    for (unsigned n = 0; n < 2; ++n) ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", n, &gpu[n]), abi::NVML_SUCCESS);
    set = make();
  }
  [[nodiscard]] abi::nvmlEventSet_t make() const {
    abi::nvmlEventSet_t made{};
    EXPECT_EQ(call("nvmlEventSetCreate", &made), abi::NVML_SUCCESS);
    return made;
  }
  [[nodiscard]] nvmlReturn_t enrol(abi::nvmlEventSet_t into, unsigned long long types, unsigned n = 0) const {
    return call("nvmlDeviceRegisterEvents", gpu[n], types, into);
  }
  [[nodiscard]] nvmlReturn_t wait(abi::nvmlEventSet_t on, abi::nvmlEventData_t& data, unsigned ms = 0) const {
    return call("nvmlEventSetWait_v2", on, &data, ms);
  }
  void raise_xid(std::uint64_t number, std::uint32_t on = 0) const {
    ASSERT_TRUE(driver->raise(sim::xid_event(on, number)));
  }
  // All events that the set returns now, as type, data and GPU.
  using Given = std::vector<std::tuple<unsigned long long, unsigned long long, int>>;
  [[nodiscard]] Given drain(abi::nvmlEventSet_t from, nvmlReturn_t end = abi::NVML_ERROR_TIMEOUT) const {
    Given given;
    abi::nvmlEventData_t data{};
    auto answer = wait(from, data);
    for (; answer == abi::NVML_SUCCESS; answer = wait(from, data))
      given.emplace_back(data.eventType, data.eventData, data.device == gpu[0] ? 0 : data.device == gpu[1] ? 1 : -1);
    EXPECT_EQ(answer, end);
    return given;
  }

  abi::nvmlDevice_t gpu[2]{};
  abi::nvmlEventSet_t set{};
};

// A thread that waits for one event.
class Waiter {
 public:
  template <class Wait>
  explicit Waiter(Wait wait)
      : thread_([this, wait] {
          tid_.store(::gettid());
          answer = wait(data);
          done_.store(true);
        }) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  // Returns once the thread sleeps inside the wait, or already has its answer.
  void await_sleep() const {
    while (tid_.load() == 0) ::sched_yield();
    for (std::string line; line.find(") S ") == std::string::npos && !done_.load(); ::sched_yield()) {
      std::ifstream stat("/proc/self/task/" + std::to_string(tid_.load()) + "/stat");
      std::getline(stat, line);
    }
  }
  abi::nvmlEventData_t data{};
  nvmlReturn_t answer{};

 private:
  std::atomic<pid_t> tid_{0};
  std::atomic<bool> done_{false};
  std::thread thread_;
};

// --- What can be registered

TEST_F(Events, AGpuReportsItsSupportedTypes) {
  unsigned long long types = 0;
  ASSERT_EQ(call("nvmlDeviceGetSupportedEventTypes", gpu[0], &types), abi::NVML_SUCCESS);
  EXPECT_EQ(types, 0xff9fu);
  ASSERT_EQ(call("nvmlDeviceGetSupportedEventTypes", gpu[1], &types), abi::NVML_SUCCESS);
  EXPECT_EQ(types, 0xff9cu) << "no ECC";
}

TEST_F(Events, OnlySupportedTypesCanBeRegistered) {
  EXPECT_EQ(enrol(set, 0x20), abi::NVML_ERROR_INVALID_ARGUMENT) << "not an event type";
  EXPECT_EQ(enrol(set, 0x10000 | xid), abi::NVML_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(enrol(set, single_bit | xid, 1), abi::NVML_ERROR_NOT_SUPPORTED);
  EXPECT_EQ(enrol(nullptr, xid), abi::NVML_ERROR_INVALID_ARGUMENT);
  raise_xid(43, 0);
  raise_xid(43, 1);
  EXPECT_EQ(drain(set), Given{}) << "a refused call registers no type";
  EXPECT_EQ(enrol(set, 0xff9f), abi::NVML_SUCCESS);
  EXPECT_EQ(call("nvmlEventSetFree", set), abi::NVML_SUCCESS);
  EXPECT_EQ(enrol(set, xid), abi::NVML_ERROR_INVALID_ARGUMENT);
  abi::nvmlEventData_t data{};
  EXPECT_EQ(wait(set, data), abi::NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Events, AMigDeviceHasNone) {
  const auto gi = driver->create_gi(0, mig::GiProfileId{19}, std::nullopt);
  ASSERT_TRUE(gi);
  ASSERT_TRUE(driver->create_ci(0, gi->id, mig::CiProfileId{0}, std::nullopt));
  abi::nvmlDevice_t mig{};
  ASSERT_EQ(call("nvmlDeviceGetMigDeviceHandleByIndex", gpu[0], 0U, &mig), abi::NVML_SUCCESS);
  EXPECT_EQ(call("nvmlDeviceRegisterEvents", mig, xid, set), abi::NVML_ERROR_NOT_SUPPORTED);
}

// --- What a set returns

TEST_F(Events, EveryMigChangeRaisesOne) {
  ASSERT_EQ(enrol(set, mig_change), abi::NVML_SUCCESS);
  const Given one{{mig_change, 0, 0}};
  abi::nvmlGpuInstance_t gi{};
  ASSERT_EQ(call("nvmlDeviceCreateGpuInstance", gpu[0], 19U, &gi), abi::NVML_SUCCESS);
  abi::nvmlEventData_t data{};
  ASSERT_EQ(wait(set, data), abi::NVML_SUCCESS);
  EXPECT_EQ(data.device, gpu[0]);
  EXPECT_EQ(data.eventType, mig_change);
  EXPECT_EQ(data.eventData, 0u);
  EXPECT_EQ(data.gpuInstanceId, none);
  EXPECT_EQ(data.computeInstanceId, none);
  abi::nvmlComputeInstance_t ci{};
  ASSERT_EQ(call("nvmlGpuInstanceCreateComputeInstance", gi, 0U, &ci), abi::NVML_SUCCESS);
  EXPECT_EQ(drain(set), one);
  EXPECT_EQ(call("nvmlGpuInstanceDestroy", gi), abi::NVML_ERROR_IN_USE);
  EXPECT_EQ(drain(set), Given{}) << "a refused change raises no event";
  ASSERT_EQ(call("nvmlComputeInstanceDestroy", ci), abi::NVML_SUCCESS);
  EXPECT_EQ(drain(set), one);
  ASSERT_EQ(call("nvmlGpuInstanceDestroy", gi), abi::NVML_SUCCESS);
  EXPECT_EQ(drain(set), one);
  nvmlReturn_t activation{};
  ASSERT_EQ(call("nvmlDeviceSetMigMode", gpu[0], 0U, &activation), abi::NVML_SUCCESS);
  EXPECT_EQ(drain(set), one);
  ASSERT_EQ(call("nvmlDeviceSetMigMode", gpu[0], 0U, &activation), abi::NVML_SUCCESS);
  EXPECT_EQ(drain(set), Given{}) << "MIG was already off";
  ASSERT_TRUE(driver->set_mig_mode(1, true));
  EXPECT_EQ(drain(set), Given{}) << "another GPU";
}

TEST_F(Events, APendingModeSwitchRaisesNoneUntilItTakesEffect) {
  ASSERT_EQ(enrol(set, mig_change), abi::NVML_SUCCESS);
  sim::Client client;
  client.kinds = 1;
  sim::testing::HeldClient held(*driver, client);
  ASSERT_TRUE(driver->set_mig_mode(0, false));
  EXPECT_EQ(drain(set), Given{}) << "Ampere waits for its clients";
  held.leave();
  ASSERT_TRUE(driver->reset(0));
  EXPECT_EQ(drain(set), (Given{{mig_change, 0, 0}}));
  ASSERT_TRUE(driver->reset(0));
  EXPECT_EQ(drain(set), Given{}) << "this reset changes nothing of MIG";
}

TEST_F(Events, EachSetReturnsEachOnceAndInOrder) {
  const auto other = make();
  ASSERT_EQ(enrol(set, xid | single_bit), abi::NVML_SUCCESS);
  ASSERT_EQ(enrol(other, xid), abi::NVML_SUCCESS);
  ASSERT_EQ(enrol(other, xid, 1), abi::NVML_SUCCESS);
  raise_xid(31);
  ASSERT_TRUE(driver->raise({.type = EventType::single_bit_ecc, .gpu = 0}));
  raise_xid(43, 1);
  raise_xid(13);
  EXPECT_EQ(drain(set), (Given{{xid, 31, 0}, {single_bit, 0, 0}, {xid, 13, 0}}));
  EXPECT_EQ(drain(set), Given{});
  EXPECT_EQ(drain(other), (Given{{xid, 31, 0}, {xid, 43, 1}, {xid, 13, 0}}));
  EXPECT_EQ(drain(other), Given{});
}

TEST_F(Events, FromBeforeTheRegistrationAreNotReturned) {
  raise_xid(1);
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  raise_xid(2);
  raise_xid(3, 1);
  ASSERT_TRUE(driver->raise({.type = EventType::clock, .gpu = 0}));
  // More types are registered while an older event is not read yet: that event is kept, and events of types that were
  // not registered are not returned.
  ASSERT_EQ(enrol(set, xid | 0x10), abi::NVML_SUCCESS);
  ASSERT_EQ(enrol(set, xid, 1), abi::NVML_SUCCESS);
  raise_xid(4, 1);
  EXPECT_EQ(drain(set), (Given{{xid, 2, 0}, {xid, 4, 1}}));
}

TEST_F(Events, OfAnInstanceNeedTheMonitorCapability) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  auto event = sim::xid_event(0, 43);
  event.gi = 7;
  event.ci = 1;
  ASSERT_TRUE(driver->raise(event));
  abi::nvmlEventData_t data{};
  ASSERT_EQ(wait(set, data), abi::NVML_SUCCESS);
  EXPECT_EQ(data.eventData, 43u);
  EXPECT_EQ(data.gpuInstanceId, 7u);
  EXPECT_EQ(data.computeInstanceId, 1u);
  node.take(sim::cap_minor_monitor);
  ASSERT_TRUE(driver->raise(event));
  raise_xid(13);
  EXPECT_EQ(drain(set), (Given{{xid, 13, 0}}));
}

TEST_F(Events, ASetThatReadsTooLateLosesTheOldest) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  const auto count = sim::event_slots + 44;
  for (std::uint64_t n = 1; n <= count; ++n) raise_xid(n + 1000);
  const auto given = drain(set);
  ASSERT_EQ(given.size(), sim::event_slots);
  for (std::size_t n = 0; n < given.size(); ++n) EXPECT_EQ(given[n], std::make_tuple(xid, 1045 + n, 0));
}

// A program built against an old header has space for only three fields.
TEST_F(Events, TheFirstVersionWritesNoInstance) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  raise_xid(43);
  abi::nvmlEventData_t data{};
  data.gpuInstanceId = data.computeInstanceId = 5;
  ASSERT_EQ(call("nvmlEventSetWait", set, &data, 0U), abi::NVML_SUCCESS);
  EXPECT_EQ(data.eventData, 43u);
  EXPECT_EQ(data.gpuInstanceId, 5u);
  EXPECT_EQ(data.computeInstanceId, 5u);
  EXPECT_EQ(call("nvmlEventSetWait_v2", set, static_cast<abi::nvmlEventData_t*>(nullptr), 0U),
            abi::NVML_ERROR_INVALID_ARGUMENT);
}

// --- What ends a wait

TEST_F(Events, AGpuThatFallsOffTheBusRaisesItsXidBeforeItIsLost) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  const auto other = make();
  ASSERT_EQ(enrol(other, xid, 1), abi::NVML_SUCCESS);
  raise_xid(79);
  EXPECT_EQ(drain(set, abi::NVML_ERROR_GPU_IS_LOST), (Given{{xid, 79, 0}}));
  EXPECT_EQ(drain(other), Given{}) << "this set is registered for the other GPU";
  EXPECT_EQ(enrol(other, xid, 0), abi::NVML_ERROR_GPU_IS_LOST);
  ASSERT_TRUE(driver->reset(0));
  EXPECT_EQ(drain(set), Given{});
}

TEST_F(Events, ARebootEndsEverySet) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  Waiter waiter([this](auto& data) { return wait(set, data, long_ms); });
  waiter.await_sleep();
  ASSERT_TRUE(driver->reboot());
  waiter.join();
  EXPECT_EQ(waiter.answer, abi::NVML_ERROR_GPU_IS_LOST);
  EXPECT_EQ(drain(set), Given{}) << "it was reported once";
  // In a new session it also returns nothing until it is registered again.
  ASSERT_EQ(call("nvmlShutdown"), abi::NVML_SUCCESS);
  ASSERT_EQ(call("nvmlInit_v2"), abi::NVML_SUCCESS);
  ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 0U, &gpu[0]), abi::NVML_SUCCESS);
  raise_xid(31);
  EXPECT_EQ(drain(set), Given{});
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  raise_xid(43);
  EXPECT_EQ(drain(set), (Given{{xid, 43, 0}}));
}

TEST_F(Events, ALostGpuEndsAWait) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  ASSERT_TRUE(driver->state().transact([](sim::NodeDynamic& all) {
    sim::Fault fault;
    fault.kind = sim::FaultKind::lose;
    return sim::order_fault(all.orders, fault).has_value();
  }));
  Waiter waiter([this](auto& data) { return wait(set, data, long_ms); });
  waiter.await_sleep();
  unsigned index{};
  EXPECT_EQ(call("nvmlDeviceGetIndex", gpu[0], &index), abi::NVML_ERROR_GPU_IS_LOST);
  waiter.join();
  EXPECT_EQ(waiter.answer, abi::NVML_ERROR_GPU_IS_LOST);
}

// A client that waits again after any answer must not spin: both versions of the wait report the loss once to each set.
TEST_F(Events, ALostGpuIsReportedOnceToEachSet) {
  const auto other = make();
  for (const auto each : {set, other})
    for (const unsigned n : {0U, 1U}) ASSERT_EQ(enrol(each, xid, n), abi::NVML_SUCCESS);
  raise_xid(79);
  struct {
    abi::nvmlEventData_t data;
    unsigned char behind[8];
  } room{};
  const auto first_version = [&](unsigned ms) { return call("nvmlEventSetWait", other, &room.data, ms); };
  EXPECT_EQ(first_version(0), abi::NVML_SUCCESS);
  EXPECT_EQ(room.data.eventData, 79u);
  EXPECT_EQ(first_version(long_ms), abi::NVML_ERROR_GPU_IS_LOST);
  EXPECT_EQ(drain(set, abi::NVML_ERROR_GPU_IS_LOST), (Given{{xid, 79, 0}})) << "each set gets its own report";
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(first_version(1), abi::NVML_ERROR_TIMEOUT);
    EXPECT_EQ(drain(set), Given{});
  }
  // The other GPU's events still arrive, and a wait for them still sleeps.
  Waiter waiter([this](auto& data) { return wait(set, data, long_ms); });
  waiter.await_sleep();
  raise_xid(31, 1);
  waiter.join();
  EXPECT_EQ(waiter.answer, abi::NVML_SUCCESS);
  EXPECT_EQ(waiter.data.eventData, 31u);
  EXPECT_EQ(first_version(0), abi::NVML_SUCCESS);
  EXPECT_EQ(room.data.eventData, 31u);
  // The loss of a second GPU is reported, and that of the first when it is lost again.
  raise_xid(79, 1);
  EXPECT_EQ(drain(set, abi::NVML_ERROR_GPU_IS_LOST), (Given{{xid, 79, 1}}));
  EXPECT_EQ(drain(set), Given{});
  ASSERT_TRUE(driver->reset(0));
  EXPECT_EQ(drain(set), Given{});
  raise_xid(79, 0);
  EXPECT_EQ(drain(set, abi::NVML_ERROR_GPU_IS_LOST), (Given{{xid, 79, 0}}));
  EXPECT_EQ(drain(set), Given{});
}

TEST_F(Events, AWaitEndsIfItsSetIsFreed) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  Waiter waiter([this](auto& data) { return wait(set, data, long_ms); });
  waiter.await_sleep();
  ASSERT_EQ(call("nvmlEventSetFree", set), abi::NVML_SUCCESS);
  EXPECT_EQ(make(), set) << "the new set must use the same slot";
  raise_xid(43);
  waiter.join();
  EXPECT_EQ(waiter.answer, abi::NVML_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(drain(set), Given{}) << "the new set has no registrations of the freed one";
}

TEST_F(Events, ASetWithoutRegistrationsTimesOut) {
  abi::nvmlEventData_t data{};
  raise_xid(43);
  EXPECT_EQ(wait(set, data, 1), abi::NVML_ERROR_TIMEOUT);
}

// --- Waiting

TEST_F(Events, AThreadIsWokenByAnotherProcess) {
  ASSERT_EQ(enrol(set, xid | mig_change), abi::NVML_SUCCESS);
  Waiter waiter([this](auto& data) { return wait(set, data, long_ms); });
  waiter.await_sleep();
  const auto pid = ::fork();
  if (pid == 0) ::_exit(driver->create_gi(0, mig::GiProfileId{19}, std::nullopt) ? 0 : 1);
  waiter.join();
  EXPECT_EQ(waiter.answer, abi::NVML_SUCCESS);
  EXPECT_EQ(waiter.data.eventType, mig_change);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
}

// Each process has its own set; both are asleep when the event occurs, and both receive all of it.
TEST_F(Events, EachOfTwoProcessesGetsTheEvent) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);  // a forked child has its own copy of the set
  pid_t children[2];
  for (auto& pid : children) {
    pid = ::fork();
    if (pid != 0) continue;
    abi::nvmlEventData_t data{};
    for (std::uint64_t n = 1; n <= 100; ++n)
      if (wait(set, data, long_ms) != abi::NVML_SUCCESS || data.eventData != 1000 + n) ::_exit(1);
    ::_exit(wait(set, data) == abi::NVML_ERROR_TIMEOUT ? 0 : 2);
  }
  for (std::uint64_t n = 1; n <= 100; ++n) raise_xid(1000 + n);
  for (const auto pid : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(drain(set).size(), 100u);
}

TEST_F(Events, ThreadsThatWaitOnOneSetShareItsEvents) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  constexpr std::uint64_t count = 200;
  std::atomic<std::uint64_t> got{0}, sum{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([&] {
      abi::nvmlEventData_t data{};
      while (got.load() < count)
        if (wait(set, data, 1) == abi::NVML_SUCCESS) {
          ++got;
          sum += data.eventData - 1000;
        }
    });
  for (std::uint64_t n = 1; n <= count; ++n) raise_xid(1000 + n);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(got, count);
  EXPECT_EQ(sum, count * (count + 1) / 2);
}

// The state that a writer leaves if it is killed between its commit and the wake-up: its whole change, but no process
// woken. Simulated by making the change in a copy of the state and writing back everything except the wake word.
TEST_F(Events, AnEventOfAWriterKilledBeforeTheWakeUpIsReturned) {
  ASSERT_EQ(enrol(set, xid), abi::NVML_SUCCESS);
  Waiter waiter([this](auto& data) { return wait(set, data, long_ms); });
  waiter.await_sleep();
  node.dir.write("copy", node.dir.read("state"));
  {
    const auto copy = sim::StateFile::open(node.dir.path("copy"), sim::Access::read_write);
    ASSERT_TRUE(copy);
    ASSERT_TRUE((*copy)->transact([&](sim::NodeDynamic&) {
      (*copy)->raise(sim::xid_event(0, 43));
      return true;
    }));
  }
  const auto after = node.dir.read("copy");
  // The header is two lines of 64 bytes; the second begins with the generation, the watch bits, and then the wake word.
  const int fd = ::open(node.dir.path("state").c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_EQ(::pwrite(fd, after.data() + 128, after.size() - 128, 128), static_cast<ssize_t>(after.size() - 128));
  ASSERT_EQ(::pwrite(fd, after.data() + 64, 16, 64), 16);
  ::close(fd);
  EXPECT_EQ(driver->state().wake_word(), 0u);
  waiter.join();
  EXPECT_EQ(waiter.answer, abi::NVML_SUCCESS);
  EXPECT_EQ(waiter.data.eventData, 43u);
}

// --- Injected faults

TEST_F(Events, AnXidFaultRaisesAnEventAndTheCallSucceeds) {
  ASSERT_EQ(enrol(set, xid | mig_change), abi::NVML_SUCCESS);
  const auto order = [&](std::uint32_t number) {
    ASSERT_TRUE(driver->state().transact([&](sim::NodeDynamic& all) {
      sim::Fault fault;
      fault.kind = sim::FaultKind::xid;
      fault.scope = sim::FaultScope::mutating;
      fault.code = number;
      return sim::order_fault(all.orders, fault).has_value();
    }));
  };
  order(43);
  order(13);
  abi::nvmlGpuInstance_t gi{};
  ASSERT_EQ(call("nvmlDeviceCreateGpuInstance", gpu[0], 19U, &gi), abi::NVML_SUCCESS);
  EXPECT_EQ(drain(set), (Given{{xid, 43, 0}, {xid, 13, 0}, {mig_change, 0, 0}}));
  order(79);
  EXPECT_EQ(call("nvmlGpuInstanceDestroy", gi), abi::NVML_ERROR_GPU_IS_LOST);
  EXPECT_EQ(drain(set, abi::NVML_ERROR_GPU_IS_LOST), (Given{{xid, 79, 0}}));
  EXPECT_EQ(driver->gpu(0).mig.partition.instances.size(), 1u);
}

}  // namespace
}  // namespace gpuslice::simnvml
