// Faults, latencies and traces of a node, tested through the library as a client opens it.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

#include "abi/nvml.hpp"
#include "abi/nvml_mig.hpp"
#include "abi/private_table.hpp"
#include "sim/call_codes.hpp"
#include "sim/testing/temp_node.hpp"
#include "sim/trace.hpp"
#include "simnvml/testing/library_client.hpp"

// A library that finds another node at its next initialisation deliberately keeps the driver of the old one
// (session.hpp).
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:initialise\nleak:open_driver\n";
}

namespace gpuslice::simnvml {
namespace {

using abi::nvmlReturn_t;
using sim::FaultKind;
using sim::FaultScope;

class WatchedNode : public testing::LibraryClient {
 protected:
  void SetUp() override {
    node.start.gpus[0].mig.mode = node.start.gpus[0].mig.pending = true;
    ASSERT_NO_FATAL_FAILURE(open_library());
    ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 0U, &gpu), abi::NVML_SUCCESS);
  }
  [[nodiscard]] nvmlReturn_t create(unsigned profile = 19) const {
    abi::nvmlGpuInstance_t made{};
    return call("nvmlDeviceCreateGpuInstance", gpu, profile, &made);
  }
  [[nodiscard]] std::size_t instances() const { return driver->gpu(0).mig.partition.instances.size(); }

  template <class Change>
  void order(Change change) const {
    ASSERT_TRUE(driver->state().transact([&](sim::NodeDynamic& all) {
      change(all.orders);
      return true;
    }));
  }
  void inject(FaultKind kind, std::string_view function = "", std::uint64_t nth = 1) const {
    sim::Fault fault;
    fault.kind = kind;
    fault.scope = function.empty() ? FaultScope::mutating : FaultScope::function;
    fault.function.set(function);
    fault.code = abi::NVML_ERROR_IN_USE;
    fault.nth = nth;
    order([&](sim::Orders& orders) { ASSERT_TRUE(sim::order_fault(orders, fault)); });
  }
  void trace() const {
    ASSERT_TRUE(sim::open_trace(node.dir.path()));
    order([](sim::Orders& orders) { orders.traced = 1; });
  }
  [[nodiscard]] std::vector<sim::TracedCall> traced() const {
    std::vector<sim::TracedCall> calls;
    const auto all = sim::read_trace(node.dir.path());
    EXPECT_TRUE(all);
    for (const auto& line : all->lines) calls.push_back(line.call);
    return calls;
  }
  // Creates instances in a child process until that ends. Reports how it ended, and how many calls returned.
  struct Ended {
    int status{}, answered{};
  };
  [[nodiscard]] Ended create_in_child(int times) const {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const auto pid = ::fork();
    if (pid == 0) {
      for (int i = 0; i < times; ++i)
        if (create() != abi::NVML_SUCCESS || ::write(ends[1], "x", 1) != 1) ::_exit(1);
      ::_exit(0);
    }
    ::close(ends[1]);
    Ended ended;
    EXPECT_EQ(::waitpid(pid, &ended.status, 0), pid);
    for (char byte{}; ::read(ends[0], &byte, 1) == 1;) ++ended.answered;
    ::close(ends[0]);
    return ended;
  }

  abi::nvmlDevice_t gpu{};
};

TEST_F(WatchedNode, EveryExportedFunctionIsOneCallUnderItsOwnName) {
  trace();
  std::map<std::string, int> wanted;
  for (const auto name : sim::call_functions()) {
    if (name == "nvmlShutdown") continue;  // the test calls it last
    void* const none = nullptr;
    const auto answer = call(std::string(name).c_str(), none, none, none, none, none, none, none, none);
    EXPECT_NE(answer, abi::NVML_ERROR_UNINITIALIZED) << name;
    wanted[std::string(name)] = 1;
  }
  std::map<std::string, int> seen;
  for (const auto& one : traced()) ++seen[one.function];
  EXPECT_EQ(seen, wanted);
}

TEST_F(WatchedNode, ATraceHasObjectArgumentsAndResultOfEachChange) {
  trace();
  abi::nvmlGpuInstance_t gi{};
  abi::nvmlComputeInstance_t ci{};
  const abi::nvmlGpuInstancePlacement_t place{4, 4};
  nvmlReturn_t activation{};
  ASSERT_EQ(call("nvmlDeviceCreateGpuInstanceWithPlacement", gpu, 9U, &place, &gi), abi::NVML_SUCCESS);
  ASSERT_EQ(call("nvmlGpuInstanceCreateComputeInstance", gi, 0U, &ci), abi::NVML_SUCCESS);
  ASSERT_EQ(call("nvmlDeviceSetMigMode", gpu, 0U, &activation), abi::NVML_ERROR_IN_USE);
  ASSERT_EQ(call("nvmlComputeInstanceDestroy", ci), abi::NVML_SUCCESS);
  ASSERT_EQ(call("nvmlGpuInstanceDestroy", gi), abi::NVML_SUCCESS);
  std::vector<std::string> calls;
  for (const auto& one : traced()) {
    EXPECT_TRUE(one.mutating);
    EXPECT_EQ(one.pid, static_cast<std::uint32_t>(::getpid()));
    EXPECT_EQ(one.gpu, 0U);
    calls.push_back(one.function + "(" + one.arguments + ") on " + (one.gi ? std::to_string(*one.gi) : "-") + "/" +
                    (one.ci ? std::to_string(*one.ci) : "-") + " = " + std::to_string(one.code));
  }
  EXPECT_EQ(calls, (std::vector<std::string>{
                       "nvmlDeviceCreateGpuInstanceWithPlacement(profile=9 start=4 size=4 id=2) on -/- = 0",
                       "nvmlGpuInstanceCreateComputeInstance(profile=0 id=0) on 2/- = 0",
                       "nvmlDeviceSetMigMode(mode=0) on -/- = 19", "nvmlComputeInstanceDestroy() on 2/0 = 0",
                       "nvmlGpuInstanceDestroy() on 2/- = 0"}));
}

TEST_F(WatchedNode, AFailFaultChangesNothingAndAffectsNoOtherCall) {
  inject(FaultKind::fail, "nvmlDeviceCreateGpuInstance", 2);
  EXPECT_EQ(create(), abi::NVML_SUCCESS);
  unsigned count{};
  EXPECT_EQ(call("nvmlDeviceGetCount_v2", &count), abi::NVML_SUCCESS);
  EXPECT_EQ(create(), abi::NVML_ERROR_IN_USE);
  EXPECT_EQ(instances(), 1U);
  EXPECT_EQ(create(), abi::NVML_SUCCESS);
  EXPECT_EQ(instances(), 2U);
}

TEST_F(WatchedNode, AKillBeforeTheThirdCreateLeavesTwo) {
  inject(FaultKind::kill_before, "nvmlDeviceCreateGpuInstance", 3);
  const auto ended = create_in_child(5);
  EXPECT_TRUE(WIFSIGNALED(ended.status) && WTERMSIG(ended.status) == SIGKILL);
  EXPECT_EQ(ended.answered, 2);
  EXPECT_EQ(instances(), 2U);
}

TEST_F(WatchedNode, AKillAfterTheThirdCreateLeavesThreeButOnlyTwoCallsReturned) {
  trace();
  inject(FaultKind::kill_after, "nvmlDeviceCreateGpuInstance", 3);
  const auto ended = create_in_child(5);
  EXPECT_TRUE(WIFSIGNALED(ended.status) && WTERMSIG(ended.status) == SIGKILL);
  EXPECT_EQ(ended.answered, 2);
  EXPECT_EQ(instances(), 3U);
  const auto calls = traced();
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[1].end, sim::CallEnd::answered);
  EXPECT_EQ(calls[2].end, sim::CallEnd::killed_after);
  EXPECT_EQ(calls[2].fault, 1U);
  EXPECT_EQ(calls[2].code, 0U);
  EXPECT_EQ(create(), abi::NVML_SUCCESS);  // the next one is not affected
}

TEST_F(WatchedNode, ALieReturnsSuccessAndAHandleOfNoInstance) {
  ASSERT_EQ(create(), abi::NVML_SUCCESS);  // occupies an id that the lie must not use
  inject(FaultKind::lie);
  abi::nvmlGpuInstance_t gi{};
  abi::nvmlGpuInstanceInfo_t gi_info{};
  ASSERT_EQ(call("nvmlDeviceCreateGpuInstance", gpu, 19U, &gi), abi::NVML_SUCCESS);
  EXPECT_NE(gi, nullptr);
  EXPECT_EQ(call("nvmlGpuInstanceGetInfo", gi, &gi_info), abi::NVML_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(instances(), 1U);

  ASSERT_EQ(call("nvmlDeviceCreateGpuInstance", gpu, 9U, &gi), abi::NVML_SUCCESS);
  abi::nvmlComputeInstance_t ci{};
  abi::nvmlComputeInstanceInfo_t ci_info{};
  ASSERT_EQ(call("nvmlGpuInstanceCreateComputeInstance", gi, 0U, &ci), abi::NVML_SUCCESS);
  inject(FaultKind::lie);
  abi::nvmlComputeInstance_t no_ci{};
  ASSERT_EQ(call("nvmlGpuInstanceCreateComputeInstance", gi, 0U, &no_ci), abi::NVML_SUCCESS);
  EXPECT_NE(no_ci, ci);
  EXPECT_EQ(call("nvmlComputeInstanceGetInfo_v2", no_ci, &ci_info), abi::NVML_ERROR_INVALID_ARGUMENT);

  inject(FaultKind::lie);
  EXPECT_EQ(call("nvmlComputeInstanceDestroy", ci), abi::NVML_SUCCESS);
  EXPECT_EQ(call("nvmlComputeInstanceGetInfo_v2", ci, &ci_info), abi::NVML_SUCCESS) << "still there";
}

TEST_F(WatchedNode, EveryCallOnALostGpuReturnsThatUntilItIsReset) {
  inject(FaultKind::lose);
  EXPECT_EQ(create(), abi::NVML_ERROR_GPU_IS_LOST);
  unsigned index{};
  abi::nvmlDevice_t other{};
  EXPECT_EQ(call("nvmlDeviceGetIndex", gpu, &index), abi::NVML_ERROR_GPU_IS_LOST);
  EXPECT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 0U, &other), abi::NVML_ERROR_GPU_IS_LOST);
  EXPECT_EQ(call("nvmlDeviceGetHandleByPciBusId_v2", "00000000:10:00.0", &other), abi::NVML_ERROR_GPU_IS_LOST);
  EXPECT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 1U, &other), abi::NVML_SUCCESS);
  EXPECT_EQ(call("nvmlDeviceGetIndex", other, &index), abi::NVML_SUCCESS);
  EXPECT_EQ(instances(), 0U);
  ASSERT_TRUE(driver->reset(0));
  EXPECT_EQ(create(), abi::NVML_SUCCESS);
}

TEST_F(WatchedNode, AFailedInitialisationDoesNotChangeTheLibrary) {
  ASSERT_EQ(call("nvmlShutdown"), abi::NVML_SUCCESS);
  inject(FaultKind::fail, "nvmlInit_v2");
  EXPECT_EQ(call("nvmlInit_v2"), abi::NVML_ERROR_IN_USE);
  EXPECT_EQ(call("nvmlShutdown"), abi::NVML_ERROR_UNINITIALIZED);
  EXPECT_EQ(call("nvmlInit_v2"), abi::NVML_SUCCESS);
}

// Times are only checked to be at least the configured ones, so a slow machine does not break this test.
TEST_F(WatchedNode, DelaysAndLatenciesTakeAtLeastTheirTime) {
  trace();
  order([](sim::Orders& orders) {
    orders.latencies.create_first_gi = 3'000;
    orders.latencies.create_gi = 1'000;
    sim::Fault slow;
    slow.kind = FaultKind::delay;
    slow.scope = FaultScope::mutating;
    slow.delay_us = 5'000;
    slow.nth = 2;
    ASSERT_TRUE(sim::order_fault(orders, slow));
  });
  ASSERT_EQ(create(), abi::NVML_SUCCESS);
  ASSERT_EQ(create(), abi::NVML_SUCCESS);
  ASSERT_EQ(create(), abi::NVML_SUCCESS);
  const auto calls = traced();
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_GE(calls[0].duration_us, 3'000U);
  EXPECT_GE(calls[1].duration_us, 6'000U);
  EXPECT_EQ(calls[1].fault, 1U);
  EXPECT_GE(calls[2].duration_us, 1'000U);
  EXPECT_EQ(calls[2].fault, 0U);
}

TEST_F(WatchedNode, NoLockIsHeldWhileACallIsDelayed) {
  order([](sim::Orders& orders) {
    sim::Fault slow;
    slow.kind = FaultKind::delay;
    slow.scope = FaultScope::mutating;
    slow.delay_us = 60'000'000;  // much longer than this test
    ASSERT_TRUE(sim::order_fault(orders, slow));
  });
  const auto pid = ::fork();
  if (pid == 0) ::_exit(create() == abi::NVML_SUCCESS ? 0 : 1);
  while (driver->orders().faults[0].fired == 0) ::sched_yield();
  EXPECT_EQ(create(), abi::NVML_SUCCESS);
  EXPECT_EQ(instances(), 1U);
  ::kill(pid, SIGKILL);
  EXPECT_EQ(::waitpid(pid, nullptr, 0), pid);
  EXPECT_EQ(instances(), 1U);
}

// Called as nvidia-smi 580.159.04 does (recorded).
TEST_F(WatchedNode, ComputePoliciesAreReadAndSetThroughThePrivateTable) {
  const void* table = nullptr;
  ASSERT_EQ(call("nvmlInternalGetExportTable", &table, static_cast<const void*>(abi::nvidia_smi_guid.data())),
            abi::NVML_SUCCESS);
  using Slot = nvmlReturn_t (*)(void*, void*, void*, void*);
  const auto slot = [&](std::size_t number) { return static_cast<const Slot*>(table)[number]; };
  const auto number = [](std::uintptr_t value) { return reinterpret_cast<void*>(value); };
  abi::PrivateComputePolicy policy{0, 2};
  EXPECT_EQ(slot(abi::slot::set_compute_policy)(gpu, &policy, number(1), nullptr), abi::NVML_SUCCESS);
  EXPECT_EQ(driver->gpu(0).time_slice, 2U);
  EXPECT_EQ(driver->gpu(1).time_slice, 0U);

  abi::PrivateComputePolicies read{9, {{9, 9}}};
  EXPECT_EQ(slot(abi::slot::compute_policies)(gpu, &read, nullptr, nullptr), abi::NVML_SUCCESS);
  EXPECT_EQ(read.count, 1U);
  EXPECT_EQ(read.policies[0].type, 0U);
  EXPECT_EQ(read.policies[0].value, 2U);

  policy.value = 4;
  EXPECT_EQ(slot(abi::slot::set_compute_policy)(gpu, &policy, number(1), nullptr), abi::NVML_ERROR_INVALID_ARGUMENT);
  policy = {1, 1};
  EXPECT_EQ(slot(abi::slot::set_compute_policy)(gpu, &policy, number(1), nullptr), abi::NVML_ERROR_INVALID_ARGUMENT);
  policy = {0, 1};
  inject(FaultKind::fail);
  EXPECT_EQ(slot(abi::slot::set_compute_policy)(gpu, &policy, number(1), nullptr), abi::NVML_ERROR_IN_USE);
  node.take(sim::cap_minor_config);
  EXPECT_EQ(slot(abi::slot::set_compute_policy)(gpu, &policy, number(1), nullptr), abi::NVML_ERROR_NO_PERMISSION);
  EXPECT_EQ(driver->gpu(0).time_slice, 2U);
}

}  // namespace
}  // namespace gpuslice::simnvml
