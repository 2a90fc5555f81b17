// Calls every exported function through the built library, with each buffer placed directly before inaccessible memory.
// A call must read and write only as much as the struct has in the header that the caller was built with.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "abi/nvml_gpm.hpp"
#include "abi/nvml_memory_errors.hpp"
#include "abi/nvml_mig.hpp"
#include "abi/nvml_older.hpp"
#include "abi/nvml_power.hpp"
#include "abi/nvml_processes.hpp"
#include "simnvml/testing/call_shapes.hpp"
#include "simnvml/testing/call_sweep.hpp"
#include "simnvml/testing/guarded_room.hpp"
#include "simnvml/testing/library_client.hpp"

namespace gpuslice::simnvml {
namespace {

using namespace abi;
using testing::Arguments;
using testing::CallSweep;
using testing::FaultGuard;
using testing::GuardedRoom;

std::vector<std::string> lines_of(const char* path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("nvml")) lines.push_back(line);
  return lines;
}

nvmlFieldValue_t field_value(std::uint32_t field) {
  nvmlFieldValue_t value{};
  value.fieldId = field;
  return value;
}

class MemoryBounds : public testing::LibraryClient {
 protected:
  enum Gpu : unsigned { hopper, ampere, blackwell, turing, gpus };
  static constexpr std::uint64_t pids[] = {4711, 4712};

  // An H200 and a B200 in a fabric, an A100 with MIG on, and a T4, each with ECC, accounting and two clients.
  void SetUp() override {
    constexpr std::string_view products[gpus] = {"h200", "a100-40gb", "b200", "t4"};
    node.config.gpu_count = gpus;
    node.config.nvswitch = 1;
    node.config.nvswitches = 4;
    node.config.nvswitch_bus = 0x80;
    node.config.nvswitch_device = 0x22a3;
    for (unsigned i = 0; i < gpus; ++i) {
      node.config.gpus[i] = sim::testing::gpu_config(products[i], "580.126.09", {}, i);
      node.config.gpus[i].ecc_supported = 1;
      node.config.gpus[i].serial.set("132482000000" + std::to_string(i));
      node.start.gpus[i].ecc = node.start.gpus[i].ecc_pending = 1;
      node.start.gpus[i].accounting = 1;
      node.start.gpus[i].memory_errors.ever.sram_parity = 1;
      node.start.gpus[i].memory_errors.ever.sram_secded = 1;
    }
    node.start.gpus[ampere].mig.mode = node.start.gpus[ampere].mig.pending = true;
    ASSERT_NO_FATAL_FAILURE(open_library());
    for (unsigned i = 0; i < gpus; ++i) {
      ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", i, &device[i]), NVML_SUCCESS);
    }
    ASSERT_EQ(call("nvmlDeviceCreateGpuInstance", device[ampere], 9U, &instance), NVML_SUCCESS);
    ASSERT_EQ(call("nvmlGpuInstanceCreateComputeInstance", instance, 2U, &compute), NVML_SUCCESS);
    ASSERT_EQ(call("nvmlDeviceGetMigDeviceHandleByIndex", device[ampere], 0U, &mig), NVML_SUCCESS);
    nvmlGpuInstanceInfo_t info{};
    ASSERT_EQ(call("nvmlGpuInstanceGetInfo", instance, &info), NVML_SUCCESS);
    gi = info.id;
    for (unsigned i = 0; i < gpus; ++i)
      for (const auto pid : pids) attach(i, static_cast<unsigned>(pid));
  }
  void TearDown() override {
    clients.clear();
    LibraryClient::TearDown();
  }
  void attach(unsigned gpu, unsigned pid) {
    sim::Client client;
    client.gpu = gpu;
    client.gi = gpu == ampere ? static_cast<std::int32_t>(gi) : -1;
    client.ci = gpu == ampere ? 0 : -1;
    client.kinds = 7;
    client.pid = pid;
    client.memory_bytes = 1U << 20;
    client.started_us = 1;
    client.load = {.sm = 10, .memory = 10};
    client.name.set("/usr/bin/client");
    clients.push_back(std::make_unique<sim::testing::HeldClient>(*driver, client));
  }

  std::optional<nvmlReturn_t> made(const char* function, const Arguments& a) const {
    using Any =
        nvmlReturn_t (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t);
    const auto found = reinterpret_cast<Any>(::dlsym(library, function));
    if (found == nullptr) ADD_FAILURE() << function << " is not exported";
    if (found == nullptr) return std::nullopt;
    const auto answer = FaultGuard::run([&] { return found(a[0], a[1], a[2], a[3], a[4], a[5]); });
    if (!answer) ADD_FAILURE() << function << " accesses memory behind its buffer";
    return answer;
  }
  // Calls the function with handles, numbers and buffers.
  template <class... A>
  nvmlReturn_t ask(const char* function, const A&... arguments) const {
    const auto answer = made(function, Arguments{word(arguments)...});
    const auto sound = [&](const auto& argument) {
      if constexpr (std::is_same_v<std::decay_t<decltype(argument)>, GuardedRoom>) {
        EXPECT_TRUE(argument.sound()) << function << " writes before its buffer";
      }
    };
    (sound(arguments), ...);
    return answer.value_or(NVML_ERROR_UNKNOWN);
  }
  static std::uint64_t word(const GuardedRoom& room) { return room.word(); }
  template <class T>
  static std::uint64_t word(T* handle) {
    return reinterpret_cast<std::uintptr_t>(handle);
  }
  static std::uint64_t word(std::uint64_t number) { return number; }
  static std::uint64_t word(std::nullptr_t) { return 0; }

  CallSweep::World world() {
    return {{device[0], device[1], device[2], device[3], mig},
            instance,
            compute,
            [this](const std::string& name) { return text(name); },
            [this](const char* function, const Arguments& arguments) { return made(function, arguments); }};
  }
  std::string text(const std::string& name) const {
    char buffer[96] = {};
    if (name == "bus") return "0000:10:00.0";
    const auto* const function = name == "serial" ? "nvmlDeviceGetSerial" : "nvmlDeviceGetUUID";
    EXPECT_EQ(call(function, name == "mig" ? mig : device[0], buffer, 96U), NVML_SUCCESS);
    return buffer;
  }

  FaultGuard guard;
  nvmlDevice_t device[gpus]{};
  nvmlDevice_t mig{};
  nvmlGpuInstance_t instance{};
  nvmlComputeInstance_t compute{};
  unsigned gi{};
  std::vector<std::unique_ptr<sim::testing::HeldClient>> clients;
};

TEST_F(MemoryBounds, EveryFunctionIsTested) {
  std::set<std::string> tried(std::begin(testing::tried_by_name), std::end(testing::tried_by_name));
  tried.insert(std::begin(testing::settings), std::end(testing::settings));
  for (const auto& shape : testing::call_shapes) tried.insert(shape.function);
  for (const auto& stub : lines_of(GPUSLICE_STUBS)) EXPECT_TRUE(tried.insert(stub).second) << stub;
  const auto symbols = lines_of(GPUSLICE_SYMBOLS);
  EXPECT_EQ(std::vector<std::string>(tried.begin(), tried.end()), symbols);
  EXPECT_EQ(symbols.size(), 404U);
}

TEST_F(MemoryBounds, ACallWritesOnlyTheFieldsOfItsVersion) {
  const auto all = world();
  for (const auto& shape : testing::call_shapes) {
    CallSweep sweep(shape, all);
    EXPECT_EQ(sweep.run() == 0, (shape.flags & testing::never) != 0)
        << shape.function << " (" << shape.arguments << "; " << shape.header << ")";
    if ((shape.flags & testing::any_version) == 0) sweep.refuse_version();
  }
}

TEST_F(MemoryBounds, AnUnsupportedFunctionWritesNothing) {
  const GuardedRoom none(0);
  for (const auto& stub : lines_of(GPUSLICE_STUBS))
    EXPECT_EQ(ask(stub.c_str(), none, none, none, none, none, none), NVML_ERROR_NOT_SUPPORTED) << stub;
}

TEST_F(MemoryBounds, ASettingTakesOnlyNumbers) {
  const GuardedRoom none(0);
  for (const auto* const setting : testing::settings)
    for (const std::uint64_t number : {0U, 1U, 0xffffffffU})
      EXPECT_NE(ask(setting, device[turing], number, number, none), NVML_ERROR_FUNCTION_NOT_FOUND) << setting;
}

// --- Content of the older layouts

TEST_F(MemoryBounds, OlderLayoutsHaveTheSameContentAsNewerOnes) {
  nvmlPciInfo_t newest{};
  ASSERT_EQ(call("nvmlDeviceGetPciInfo_v3", device[0], &newest), NVML_SUCCESS);
  GuardedRoom first(sizeof(nvmlPciInfo_v1_t)), second(sizeof(nvmlPciInfo_v2_t));
  ASSERT_EQ(ask("nvmlDeviceGetPciInfo", device[0], first), NVML_SUCCESS);
  ASSERT_EQ(ask("nvmlDeviceGetPciInfo_v2", device[0], second), NVML_SUCCESS);
  EXPECT_STREQ(first.get<nvmlPciInfo_v1_t>().busId, "0000:10:00.0");
  EXPECT_EQ(first.get<nvmlPciInfo_v1_t>().bus, 0x10U);
  EXPECT_EQ(first.get<nvmlPciInfo_v1_t>().pciDeviceId, newest.pciDeviceId);
  EXPECT_STREQ(second.get<nvmlPciInfo_v2_t>().busId, newest.busIdLegacy);
  EXPECT_EQ(second.get<nvmlPciInfo_v2_t>().pciSubSystemId, newest.pciSubSystemId);
  EXPECT_EQ(second.get<nvmlPciInfo_v2_t>().reserved3, 0U);
  ASSERT_EQ(ask("nvmlDeviceGetNvLinkRemotePciInfo", device[0], 1, second), NVML_SUCCESS);
  EXPECT_STREQ(second.get<nvmlPciInfo_v2_t>().busId, "0000:81:00.0");
  EXPECT_EQ(second.get<nvmlPciInfo_v2_t>().pciDeviceId, 0x22a310deU);

  GuardedRoom attributes(sizeof(nvmlDeviceAttributes_v1_t)), info(sizeof(nvmlComputeInstanceInfo_v1_t));
  ASSERT_EQ(ask("nvmlDeviceGetAttributes", mig, attributes), NVML_SUCCESS);
  EXPECT_EQ(attributes.get<nvmlDeviceAttributes_v1_t>().multiprocessorCount, 42U);
  EXPECT_EQ(attributes.get<nvmlDeviceAttributes_v1_t>().sharedCopyEngineCount, 3U);
  ASSERT_EQ(ask("nvmlComputeInstanceGetInfo", compute, info), NVML_SUCCESS);
  EXPECT_EQ(info.get<nvmlComputeInstanceInfo_v1_t>().gpuInstance, instance);
  EXPECT_EQ(info.get<nvmlComputeInstanceInfo_v1_t>().profileId, 2U);
}

// --- Structs that point to further buffers

TEST_F(MemoryBounds, ListsOfProcessesStayWithinTheirBuffer) {
  for (auto* const each : {device[hopper], mig})
    for (const std::uint32_t entries : {0U, 1U, 2U, 3U})
      for (const bool absent : {false, true}) {
        GuardedRoom list(sizeof(nvmlProcessDetailList_v1_t)), room(entries * sizeof(nvmlProcessDetail_v1_t));
        list.put(nvmlProcessDetailList_v1_t{nvmlProcessDetailList_v1, 0, entries,
                                            absent ? nullptr : reinterpret_cast<nvmlProcessDetail_v1_t*>(room.data())});
        const bool fits = entries >= 2 && !absent;
        EXPECT_EQ(ask("nvmlDeviceGetRunningProcessDetailList", each, list),
                  fits ? NVML_SUCCESS : NVML_ERROR_INSUFFICIENT_SIZE);
        EXPECT_EQ(list.get<nvmlProcessDetailList_v1_t>().numProcArrayEntries, 2U);
        EXPECT_TRUE(room.sound());
        EXPECT_TRUE(room.untouched(fits ? 2 * sizeof(nvmlProcessDetail_v1_t) : 0));
      }
  for (const std::uint32_t entries : {0U, 1U, 2U, 3U}) {
    GuardedRoom list(sizeof(nvmlProcessesUtilizationInfo_v1_t)),
        room(entries * sizeof(nvmlProcessUtilizationInfo_v1_t));
    list.put(nvmlProcessesUtilizationInfo_v1_t{nvmlProcessesUtilizationInfo_v1, entries, 0,
                                               reinterpret_cast<nvmlProcessUtilizationInfo_v1_t*>(room.data())});
    EXPECT_EQ(ask("nvmlDeviceGetProcessesUtilizationInfo", device[hopper], list),
              entries >= 2 ? NVML_SUCCESS : NVML_ERROR_INSUFFICIENT_SIZE);
    EXPECT_EQ(list.get<nvmlProcessesUtilizationInfo_v1_t>().processSamplesCount, 2U);
    EXPECT_TRUE(room.untouched(entries >= 2 ? 2 * sizeof(nvmlProcessUtilizationInfo_v1_t) : 0));
  }
  using Unique = nvmlEccSramUniqueUncorrectedErrorCounts_v1_t;
  using Entry = std::remove_pointer_t<decltype(Unique::entries)>;
  for (const std::uint32_t entries : {0U, 1U, 2U, 3U}) {
    GuardedRoom list(sizeof(Unique)), room(entries * sizeof(Entry));
    list.put(Unique{nvmlEccSramUniqueUncorrectedErrorCounts_v1, entries, reinterpret_cast<Entry*>(room.data())});
    EXPECT_EQ(ask("nvmlDeviceGetSramUniqueUncorrectedEccErrorCounts", device[hopper], list),
              entries >= 2 ? NVML_SUCCESS : NVML_ERROR_INSUFFICIENT_SIZE);
    EXPECT_EQ(list.get<Unique>().entryCount, 2U);
    EXPECT_TRUE(room.untouched(entries >= 2 ? 2 * sizeof(Entry) : 0));
  }
}

TEST_F(MemoryBounds, FieldValuesStayWithinTheGivenCount) {
  for (std::uint32_t field = 0; field < 310; ++field)
    for (const unsigned which : {hopper, ampere, turing}) {
      GuardedRoom room(sizeof(nvmlFieldValue_t));
      room.put(field_value(field));
      ASSERT_EQ(ask("nvmlDeviceGetFieldValues", device[which], 1, room), NVML_SUCCESS);
      EXPECT_EQ(room.get<nvmlFieldValue_t>().fieldId, field);
    }
  GuardedRoom three(3 * sizeof(nvmlFieldValue_t));
  for (std::uint32_t i = 0; i < 3; ++i) three.put(field_value(82 + i), i * sizeof(nvmlFieldValue_t));
  EXPECT_EQ(ask("nvmlDeviceGetFieldValues", device[hopper], 2, three), NVML_SUCCESS);
  EXPECT_TRUE(three.untouched(2 * sizeof(nvmlFieldValue_t)));
  const GuardedRoom none(0);
  for (const std::uint64_t count : {std::uint64_t{0}, ~std::uint64_t{0}})
    EXPECT_EQ(ask("nvmlDeviceGetFieldValues", device[hopper], count, none), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(MemoryBounds, AUuidIsReadOnlyToItsEnd) {
  const auto uuid = text("uuid");
  GuardedRoom block(sizeof(nvmlUUID_v1_t)), handle(8);
  nvmlUUID_v1_t wanted{};
  wanted.version = nvmlUUID_v1;
  wanted.type = 1;
  std::memcpy(&wanted.value, uuid.c_str(), uuid.size() + 1);
  block.put(wanted);
  EXPECT_EQ(ask("nvmlDeviceGetHandleByUUIDV", block, handle), NVML_SUCCESS);
  EXPECT_EQ(handle.get<nvmlDevice_t>(), device[0]);
  wanted.type = 2;
  block.put(wanted);
  EXPECT_EQ(ask("nvmlDeviceGetHandleByUUIDV", block, handle), NVML_ERROR_NOT_FOUND);
  const GuardedRoom other_version(4);
  EXPECT_EQ(ask("nvmlDeviceGetHandleByUUIDV", other_version, handle), NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
}

// --- MIG

TEST_F(MemoryBounds, PlacementsStayWithinTheBufferOfTheirVersion) {
  for (const unsigned profile : {0U, 5U, 9U, 14U, 15U, 19U, 20U})
    for (const char* const function :
         {"nvmlDeviceGetGpuInstancePossiblePlacements", "nvmlDeviceGetGpuInstancePossiblePlacements_v2"}) {
      GuardedRoom count(4);
      ASSERT_EQ(ask(function, device[ampere], profile, nullptr, count), NVML_SUCCESS) << profile;
      GuardedRoom sites(count.get<unsigned>() * sizeof(nvmlGpuInstancePlacement_t));
      ASSERT_EQ(ask(function, device[ampere], profile, sites, count), NVML_SUCCESS) << profile;
    }
  // Callers of version 1 provide space for the instances of a profile; this profile has one instance but seven
  // placements.
  GuardedRoom one(sizeof(nvmlGpuInstancePlacement_t)), seven(7 * sizeof(nvmlGpuInstancePlacement_t)), count(4);
  EXPECT_EQ(ask("nvmlDeviceGetGpuInstancePossiblePlacements", device[ampere], 20, one, count), NVML_SUCCESS);
  EXPECT_EQ(count.get<unsigned>(), 1U);
  EXPECT_EQ(one.get<nvmlGpuInstancePlacement_t>().size, 1U);
  EXPECT_EQ(ask("nvmlDeviceGetGpuInstancePossiblePlacements_v2", device[ampere], 20, seven, count), NVML_SUCCESS);
  EXPECT_EQ(count.get<unsigned>(), 7U);
  for (const unsigned profile : {0U, 1U, 2U}) {
    ASSERT_EQ(ask("nvmlGpuInstanceGetComputeInstancePossiblePlacements", instance, profile, nullptr, count),
              NVML_SUCCESS);
    GuardedRoom sites(count.get<unsigned>() * sizeof(nvmlComputeInstancePlacement_t));
    ASSERT_EQ(ask("nvmlGpuInstanceGetComputeInstancePossiblePlacements", instance, profile, sites, count),
              NVML_SUCCESS);
  }
}

TEST_F(MemoryBounds, InstancesAreListedCreatedAndDestroyedWithinTheirBuffers) {
  GuardedRoom handle(8), count(4), two(16), placement(8);
  // The buffer has space for the instances of the profile: 3g.20gb has two.
  EXPECT_EQ(ask("nvmlDeviceGetGpuInstances", device[ampere], 9, two, count), NVML_SUCCESS);
  EXPECT_EQ(count.get<unsigned>(), 1U);
  EXPECT_TRUE(two.untouched(8));
  EXPECT_EQ(ask("nvmlGpuInstanceGetComputeInstances", instance, 2, handle, count), NVML_SUCCESS);
  EXPECT_EQ(count.get<unsigned>(), 1U);
  clients.clear();
  EXPECT_EQ(ask("nvmlComputeInstanceDestroy", compute), NVML_SUCCESS);
  placement.put(nvmlComputeInstancePlacement_t{0, 3});
  EXPECT_EQ(ask("nvmlGpuInstanceCreateComputeInstanceWithPlacement", instance, 2, placement, handle), NVML_SUCCESS);
  EXPECT_EQ(ask("nvmlComputeInstanceDestroy", handle.get<nvmlComputeInstance_t>()), NVML_SUCCESS);
  EXPECT_EQ(ask("nvmlGpuInstanceCreateComputeInstance", instance, 0, handle), NVML_SUCCESS);
  EXPECT_EQ(ask("nvmlComputeInstanceDestroy", handle.get<nvmlComputeInstance_t>()), NVML_SUCCESS);
  EXPECT_EQ(ask("nvmlGpuInstanceDestroy", instance), NVML_SUCCESS);
  placement.put(nvmlGpuInstancePlacement_t{4, 1});
  EXPECT_EQ(ask("nvmlDeviceCreateGpuInstanceWithPlacement", device[ampere], 19, placement, handle), NVML_SUCCESS);
  EXPECT_EQ(ask("nvmlDeviceCreateGpuInstance", device[ampere], 19, handle), NVML_SUCCESS);
  GuardedRoom kept(8);
  EXPECT_EQ(ask("nvmlDeviceCreateGpuInstance", device[ampere], 0, kept), NVML_ERROR_INSUFFICIENT_RESOURCES);
  EXPECT_TRUE(kept.untouched());
  GuardedRoom activation(4);
  EXPECT_EQ(ask("nvmlDeviceSetMigMode", device[hopper], 1, activation), NVML_SUCCESS);
  EXPECT_EQ(activation.get<nvmlReturn_t>(), NVML_SUCCESS);
}

// --- Events and GPM

TEST_F(MemoryBounds, AnEventHasTheLayoutOfTheWaitFunction) {
  GuardedRoom made_set(8), first(sizeof(nvmlEventData_v1_t)), second(sizeof(nvmlEventData_t));
  ASSERT_EQ(ask("nvmlEventSetCreate", made_set), NVML_SUCCESS);
  auto* const set = made_set.get<nvmlEventSet_t>();
  ASSERT_EQ(ask("nvmlDeviceRegisterEvents", device[hopper], nvmlEventTypeXidCriticalError, set), NVML_SUCCESS);
  EXPECT_EQ(ask("nvmlEventSetWait", set, first, 0), NVML_ERROR_TIMEOUT);
  EXPECT_EQ(ask("nvmlEventSetWait_v2", set, second, 0), NVML_ERROR_TIMEOUT);
  EXPECT_TRUE(first.untouched());
  EXPECT_TRUE(second.untouched());
  for (const std::uint64_t xid : {31U, 43U}) ASSERT_TRUE(driver->raise(sim::xid_event(hopper, xid)));
  EXPECT_EQ(ask("nvmlEventSetWait", set, first, 0), NVML_SUCCESS);
  EXPECT_EQ(first.get<nvmlEventData_v1_t>().eventData, 31U);
  EXPECT_EQ(ask("nvmlEventSetWait_v2", set, second, 0), NVML_SUCCESS);
  EXPECT_EQ(second.get<nvmlEventData_t>().eventData, 43U);
  EXPECT_EQ(second.get<nvmlEventData_t>().gpuInstanceId, NVML_NO_INSTANCE_ID);
  EXPECT_EQ(ask("nvmlEventSetFree", set), NVML_SUCCESS);
}

// The caller states how much space there is: the struct of older headers ends after 98 or 210 metrics.
TEST_F(MemoryBounds, MetricsStayWithinTheGivenCount) {
  nvmlGpmSample_t samples[2]{};
  for (auto& sample : samples) {
    GuardedRoom made_sample(8);
    ASSERT_EQ(ask("nvmlGpmSampleAlloc", made_sample), NVML_SUCCESS);
    sample = made_sample.get<nvmlGpmSample_t>();
    ASSERT_EQ(ask("nvmlGpmSampleGet", device[hopper], sample), NVML_SUCCESS);
  }
  EXPECT_EQ(ask("nvmlGpmMigSampleGet", device[ampere], gi, samples[0]), NVML_ERROR_NOT_SUPPORTED);
  constexpr std::size_t head = offsetof(nvmlGpmMetricsGet_t, metrics);
  for (const std::uint32_t count : {0U, 1U, 98U, 210U, 333U}) {
    GuardedRoom room(head + count * sizeof(nvmlGpmMetric_t));
    room.put(std::uint32_t{1});
    room.put(count, offsetof(nvmlGpmMetricsGet_t, numMetrics));
    room.put(samples[0], offsetof(nvmlGpmMetricsGet_t, sample1));
    room.put(samples[1], offsetof(nvmlGpmMetricsGet_t, sample2));
    for (std::uint32_t i = 0; i < count; ++i) room.put(i, head + i * sizeof(nvmlGpmMetric_t));
    EXPECT_EQ(ask("nvmlGpmMetricsGet", room), NVML_SUCCESS) << count;
  }
  const GuardedRoom other_version(4);
  EXPECT_EQ(ask("nvmlGpmMetricsGet", other_version), NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
  for (auto* const sample : samples) EXPECT_EQ(ask("nvmlGpmSampleFree", sample), NVML_SUCCESS);
}

// --- Other calls

TEST_F(MemoryBounds, InputIsReadOnlyToItsEnd) {
  GuardedRoom value(sizeof(nvmlPowerValue_v2_t)), table(8), guid(16);
  nvmlPowerValue_v2_t wanted{};
  wanted.version = nvmlPowerValue_v2;
  wanted.powerValueMw = 1;
  value.put(wanted);
  EXPECT_EQ(ask("nvmlDeviceSetPowerManagementLimit_v2", device[hopper], value), NVML_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(ask("nvmlInternalGetExportTable", table, guid), NVML_ERROR_NOT_SUPPORTED);
  constexpr unsigned char known[] = {0xc4, 0xfe, 0x3e, 0x6c, 0xc9, 0x8f, 0x6c, 0x4e,
                                     0xa3, 0x27, 0xee, 0x69, 0x6e, 0x12, 0xf7, 0xc4};
  for (std::size_t i = 0; i < sizeof known; ++i) guid.put(known[i], i);
  EXPECT_EQ(ask("nvmlInternalGetExportTable", table, guid), NVML_SUCCESS);
  const auto words = reinterpret_cast<const char* (*)(nvmlReturn_t)>(::dlsym(library, "nvmlErrorString"));
  for (const int code : {-1, 0, 30, 999, 1000}) EXPECT_NE(words(static_cast<nvmlReturn_t>(code)), nullptr);
}

}  // namespace
}  // namespace gpuslice::simnvml
