// Plays the bytes of an input as calls of libnvidia-ml.so.1's exported functions, with handles that are valid, stale,
// NULL, beside a valid one or garbage, and arguments of every sort. Ends the program when a call answers with a code
// that no documentation has for it, writes outside of what it was given, or leaves instances that overlap.
//
// Entry for libFuzzer (GPUSLICE_FUZZ=ON, clang), and for replay.cpp, which any compiler builds.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi/nvml.hpp"
#include "abi/nvml_gpm.hpp"
#include "abi/private_table.hpp"
#include "calls.hpp"
#include "guarded.hpp"
#include "input.hpp"
#include "node.hpp"
#include "shapes.hpp"
#include "sim/uuid.hpp"

namespace {

using namespace gpuslice::abi;
using fuzz::Bytes;
using fuzz::die;
using fuzz::Input;
using fuzz::Room;

fuzz::Node& node() {
  static fuzz::Node one;
  return one;
}

class Player {
 public:
  explicit Player(Input& input) : in_(input) {
    for (unsigned gpu = 0; gpu < fuzz::gpu_count; ++gpu) {
      Room<nvmlDevice_t> made("nvmlDeviceGetHandleByIndex_v2");
      if (nvmlDeviceGetHandleByIndex_v2(gpu, made.get()) != NVML_SUCCESS)
        die("nvmlDeviceGetHandleByIndex_v2", "no GPU", gpu);
      devices_.push_back(*made);
    }
  }
  ~Player() {
    for (auto* set : sets_) (void)nvmlEventSetFree(set);
    // A sample that was freed already is refused.
    using Free = nvmlReturn_t (*)(nvmlGpmSample_t);
    for (auto* sample : samples_)
      (void)reinterpret_cast<Free>(reinterpret_cast<void (*)()>(&nvmlGpmSampleFree))(sample);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void play() {
    for (unsigned n = 0; n < 200 && !in_.empty(); ++n) step();
    look_at_the_end();
  }

 private:
  // --- Arguments

  template <class H>
  H pick(const std::vector<H>& known) {
    const auto dice = in_.byte();
    if (dice == 255) return nullptr;
    odd_ = odd_ || dice >= 240;
    if (dice == 254) return reinterpret_cast<H>(in_.bytes(8));
    if (known.empty()) return nullptr;
    const auto one = known[dice % known.size()];
    if (dice < 240) return one;
    constexpr std::array<long, 14> beside = {1,    -1,    8,      -8,     512, -512,     1024,
                                             4096, 65536, -65536, 131072, 64,  1L << 21, -(1L << 21)};
    return reinterpret_cast<H>(reinterpret_cast<std::uintptr_t>(one) + static_cast<std::uintptr_t>(beside[dice - 240]));
  }
  nvmlDevice_t device() {
    // Sometimes a handle of another sort.
    if (const auto dice = in_.byte(); dice >= 250)
      return reinterpret_cast<nvmlDevice_t>(dice == 250 ? static_cast<void*>(pick(gis_)) : pick(cis_));
    return pick(devices_);
  }
  nvmlGpuInstance_t gi() {
    if (in_.byte() >= 250) return reinterpret_cast<nvmlGpuInstance_t>(pick(devices_));
    return pick(gis_);
  }
  nvmlComputeInstance_t ci() {
    if (in_.byte() >= 250) return reinterpret_cast<nvmlComputeInstance_t>(pick(gis_));
    return pick(cis_);
  }
  bool absent() { return in_.byte() >= 240; }
  unsigned profile() {
    constexpr std::array<unsigned, 16> known = {19, 14, 9, 5, 0, 20, 15, 21, 47, 32, 35, 64, 65, 66, 67, 79};
    const auto dice = in_.byte();
    return dice < 224 ? known[dice % known.size()] : in_.number();
  }
  unsigned version(unsigned right) {
    switch (const auto dice = in_.byte(); dice) {
      case 255:
        return 0;
      case 254:
        return static_cast<unsigned>(in_.bytes(4));
      case 253:
        return right & 0xffffffU;
      case 252:
        return right + (1U << 24);
      case 251:
        return right + 1;
      default:
        return right;
    }
  }
  template <class P>
  P placement() {
    constexpr std::array<std::uint8_t, 4> sizes = {1, 2, 4, 8};
    const auto dice = in_.byte();
    if (dice < 200) return {dice % 8U, sizes[dice / 8U % 4U]};
    return {in_.number(), in_.number()};
  }
  std::string device_name() {
    const auto dice = in_.below(8);
    const unsigned gpu = in_.below(fuzz::gpu_count);
    auto& driver = node().driver();
    switch (dice) {
      case 0:
        return "GPU-" + gpuslice::sim::to_text(driver.config(gpu).uuid);
      case 1: {
        const gpuslice::sim::MigDeviceId id{gpu, gpuslice::mig::GiId{in_.below(15)}, gpuslice::mig::CiId{in_.below(8)}};
        return "MIG-" + gpuslice::sim::to_text(driver.mig_uuid(id));
      }
      case 2:
        return "MIG-GPU-" + gpuslice::sim::to_text(driver.config(gpu).uuid) + "/" + std::to_string(in_.number()) + "/" +
               std::to_string(in_.number());
      case 3: {
        char text[64];
        std::snprintf(text, sizeof text, "%08X:%02X:%02X.%X", driver.config(gpu).pci_domain, driver.config(gpu).pci_bus,
                      driver.config(gpu).pci_device, in_.below(16));
        return text;
      }
      case 4:
        return std::string(driver.config(gpu).serial.view());
      case 5: {
        auto text = "GPU-" + gpuslice::sim::to_text(driver.config(gpu).uuid);
        text[in_.below(static_cast<unsigned>(text.size()))] = static_cast<char>(in_.byte() | 1);
        if (in_.below(2) == 0) text.resize(in_.below(static_cast<unsigned>(text.size())));
        return text;
      }
      case 6:
        return "MIG-GPU-" + in_.text();
      default:
        return in_.text();
    }
  }

  // --- Answers

  nvmlReturn_t answered(const char* call, nvmlReturn_t code, std::initializer_list<int> besides = {}) {
    // UNKNOWN, MEMORY, OPERATING_SYSTEM and the like would be a fault inside; GPU_IS_LOST needs a reboot, UNINITIALIZED
    // a shutdown.
    constexpr std::array usual = {NVML_SUCCESS, NVML_ERROR_INVALID_ARGUMENT, NVML_ERROR_NOT_SUPPORTED,
                                  NVML_ERROR_NO_PERMISSION, NVML_ERROR_NOT_FOUND};
    if (!up_) {
      if (code != NVML_ERROR_UNINITIALIZED) die(call, "answers before init", code);
      return code;
    }
    // An address beside a handle can be one that is given out after the next boot.
    if (code == NVML_ERROR_GPU_IS_LOST && (rebooted_ || odd_)) return code;
    if (std::find(usual.begin(), usual.end(), code) == usual.end() &&
        std::find(besides.begin(), besides.end(), code) == besides.end())
      die(call, "a code that is not among its own", code);
    return code;
  }

  template <class T, class F>
  void read(const char* call, F function, std::initializer_list<int> besides = {}) {
    Room<T> into(call, absent());
    auto* at = into.get();
    const auto handle = device();
    const auto code = answered(call, function(handle, at), besides);
    if (at == nullptr && code == NVML_SUCCESS) die(call, "success without anything to write to");
    if (at == nullptr) into.untouched(0);
  }
  template <class T, class F>
  void read_versioned(const char* call, unsigned right, F function) {
    Room<T> into(call, absent());
    into->version = version(right);
    const bool good = into->version == right;
    auto* at = into.get();
    const auto code =
        answered(call, function(device(), at), {NVML_ERROR_ARGUMENT_VERSION_MISMATCH, NVML_ERROR_FUNCTION_NOT_FOUND});
    if (code == NVML_SUCCESS && (at == nullptr || !good)) die(call, "success for a wrong version or for nothing");
  }
  template <class F>
  void text(const char* call, F function, std::initializer_list<int> besides = {}) {
    const unsigned length = in_.below(4) == 0 ? in_.number() % 512 : in_.below(128);
    Bytes room(call, length);
    auto* at = absent() ? nullptr : static_cast<char*>(room.data());
    const auto code = answered(call, function(at, length), besides);
    if (code != NVML_SUCCESS) {
      if (code == NVML_ERROR_INSUFFICIENT_SIZE) room.untouched(0);
      return;
    }
    if (at == nullptr || length == 0 || ::strnlen(at, length) == length) die(call, "text without an end", length);
    room.untouched(::strnlen(at, length) + 1);
  }
  template <class T, class F>
  void processes(const char* call, F function) {
    const unsigned room = in_.below(5);
    Room<T> into(call, absent(), room);
    Room<unsigned> count(call, absent());
    *count = room;
    const auto code = answered(call, function(device(), count.get(), into.get()), {NVML_ERROR_INSUFFICIENT_SIZE});
    if (code == NVML_SUCCESS && *count > room && *count != 0)
      die(call, "more processes than there was room for", *count);
    into.untouched(code == NVML_SUCCESS ? *count : 0);
  }
  // Arrays whose room the function does not ask for: NVML wants room for as many as the profile can have.
  template <class T, class F>
  unsigned list(const char* call, Room<T>& into, F function, bool may_count = false) {
    Room<unsigned> count(call, absent());
    const auto code = answered(call, function(into.get(), count.get()));
    if (code != NVML_SUCCESS) {
      into.untouched(0);
      return 0;
    }
    if (*count > 8) die(call, "more than there can be", *count);
    if (into.get() == nullptr && !may_count) die(call, "success without an array");
    into.untouched(into.get() != nullptr ? *count : 0);
    return into.get() != nullptr ? *count : 0;
  }
  template <class H>
  void keep(std::vector<H>& list, H handle) {
    if (handle == nullptr) die("handle", "success gave none");
    if (std::find(list.begin(), list.end(), handle) == list.end()) list.push_back(handle);
  }
  template <class H, class F>
  void find(const char* call, std::vector<H>& list, F function, std::initializer_list<int> besides = {}) {
    Room<H> made(call, absent());
    const auto code = answered(call, function(made.get()), besides);
    if (code != NVML_SUCCESS) return made.untouched(0);
    if (made.get() == nullptr) die(call, "success without anything to write to");
    keep(list, *made);
  }

  // --- Calls

#define READ(name, type, ...) \
  read<type>(#name, [](nvmlDevice_t d, type* into) { return name(d, into); } __VA_OPT__(, ) __VA_ARGS__)
#define READ_VERSIONED(name, type, word) \
  read_versioned<type>(#name, word, [](nvmlDevice_t d, type* into) { return name(d, into); })
#define DEVICE_TEXT(name) \
  text(#name, [d = device()](char* at, unsigned length) { return name(d, at, length); }, {NVML_ERROR_INSUFFICIENT_SIZE})
#define PROCESSES(name, type) \
  processes<type>(#name, [](nvmlDevice_t d, unsigned* n, type* into) { return name(d, n, into); })

  void step() {
    odd_ = false;
    switch (in_.below(6)) {
      case 5:
        return by_shape();
      case 0:
        return read_something();
      case 1:
        return find_something();
      case 2:
        return change_something();
      case 3:
        return instance_query();
      default:
        return other();
    }
  }

  void read_something() {
    switch (in_.below(44)) {
      case 0:
        return READ(nvmlDeviceGetIndex, unsigned);
      case 1:
        return READ(nvmlDeviceGetMinorNumber, unsigned);
      case 2:
        return READ(nvmlDeviceGetBrand, unsigned);
      case 3:
        return READ(nvmlDeviceGetArchitecture, unsigned);
      case 4:
        return READ(nvmlDeviceGetPciInfo, nvmlPciInfo_v1_t);
      case 5:
        return READ(nvmlDeviceGetPciInfo_v2, nvmlPciInfo_v2_t);
      case 6:
        return READ(nvmlDeviceGetPciInfo_v3, nvmlPciInfo_t);
      case 7:
        return READ(nvmlDeviceGetMemoryInfo, nvmlMemory_t);
      case 8:
        return READ(nvmlDeviceGetBAR1MemoryInfo, nvmlBAR1Memory_t);
      case 9:
        return READ(nvmlDeviceGetPersistenceMode, unsigned);
      case 10:
        return READ(nvmlDeviceGetComputeMode, unsigned);
      case 11:
        return READ(nvmlDeviceGetDisplayMode, unsigned);
      case 12:
        return READ(nvmlDeviceGetDisplayActive, unsigned);
      case 13:
        return READ(nvmlDeviceGetVirtualizationMode, unsigned);
      case 14:
        return READ(nvmlDeviceGetFanSpeed, unsigned);
      case 15:
        return READ(nvmlDeviceGetPerformanceState, unsigned);
      case 16:
        return READ(nvmlDeviceGetPowerState, unsigned);
      case 17:
        return READ(nvmlDeviceGetPowerUsage, unsigned);
      case 18:
        return READ(nvmlDeviceGetEnforcedPowerLimit, unsigned);
      case 19:
        return READ(nvmlDeviceGetPowerManagementLimit, unsigned);
      case 20:
        return READ(nvmlDeviceGetPowerManagementDefaultLimit, unsigned);
      case 21:
        return READ(nvmlDeviceGetUtilizationRates, nvmlUtilization_t);
      case 22:
        return READ(nvmlDeviceGetSupportedEventTypes, unsigned long long);
      case 23:
        return READ(nvmlDeviceIsMigDeviceHandle, unsigned);
      case 24:
        return READ(nvmlDeviceGetGpuInstanceId, unsigned);
      case 25:
        return READ(nvmlDeviceGetComputeInstanceId, unsigned);
      case 26:
        return READ(nvmlDeviceGetMaxMigDeviceCount, unsigned);
      case 27:
        return READ(nvmlDeviceGetAttributes, nvmlDeviceAttributes_v1_t);
      case 28:
        return READ(nvmlDeviceGetAttributes_v2, nvmlDeviceAttributes_t);
      case 29:
        return READ_VERSIONED(nvmlDeviceGetMemoryInfo_v2, nvmlMemory_v2_t, nvmlMemory_v2);
      case 30:
        return READ_VERSIONED(nvmlDeviceGetPdi, nvmlPdi_v1_t, nvmlPdi_v1);
      case 31:
        return READ_VERSIONED(nvmlDeviceGetPciInfoExt, nvmlPciInfoExt_v1_t, nvmlPciInfoExt_v1);
      case 32:
        return READ_VERSIONED(nvmlDeviceGetAddressingMode, nvmlDeviceAddressingMode_v1_t, nvmlDeviceAddressingMode_v1);
      case 33:
        return READ_VERSIONED(nvmlDeviceGetTemperatureV, nvmlTemperature_v1_t, nvmlTemperature_v1);
      case 34:
        return DEVICE_TEXT(nvmlDeviceGetName);
      case 35:
        return DEVICE_TEXT(nvmlDeviceGetUUID);
      case 36:
        return DEVICE_TEXT(nvmlDeviceGetSerial);
      case 37: {
        Room<unsigned> now("nvmlDeviceGetMigMode", absent()), pending("nvmlDeviceGetMigMode", absent());
        if (answered("nvmlDeviceGetMigMode", nvmlDeviceGetMigMode(device(), now.get(), pending.get())) ==
                NVML_SUCCESS &&
            (*now > 1 || *pending > 1))
          die("nvmlDeviceGetMigMode", "no mode", *now);
        return;
      }
      case 38: {
        Room<unsigned> now("nvmlDeviceGetEccMode", absent()), pending("nvmlDeviceGetEccMode", absent());
        answered("nvmlDeviceGetEccMode", nvmlDeviceGetEccMode(device(), now.get(), pending.get()));
        return;
      }
      case 39: {
        Room<int> major("nvmlDeviceGetCudaComputeCapability", absent()),
            minor("nvmlDeviceGetCudaComputeCapability", absent());
        answered("nvmlDeviceGetCudaComputeCapability",
                 nvmlDeviceGetCudaComputeCapability(device(), major.get(), minor.get()));
        return;
      }
      case 40: {
        Room<unsigned long long> count("nvmlDeviceGetTotalEccErrors", absent());
        const auto type = in_.number();
        const auto counter = in_.number();
        answered("nvmlDeviceGetTotalEccErrors", nvmlDeviceGetTotalEccErrors(device(), type, counter, count.get()));
        return;
      }
      case 41: {
        Room<unsigned long long> count("nvmlDeviceGetMemoryErrorCounter", absent());
        const auto type = in_.number();
        const auto counter = in_.number();
        const auto location = in_.number();
        answered("nvmlDeviceGetMemoryErrorCounter",
                 nvmlDeviceGetMemoryErrorCounter(device(), type, counter, location, count.get()));
        return;
      }
      case 42: {
        Room<unsigned> celsius("nvmlDeviceGetTemperature", absent());
        const auto sensor = in_.number();
        answered("nvmlDeviceGetTemperature", nvmlDeviceGetTemperature(device(), sensor, celsius.get()));
        return;
      }
      default:
        return system();
    }
  }

  // Registers hold every argument of these calls: numbers and addresses.
  void by_shape() {
    const auto& shapes = fuzz::shapes();
    const auto& shape = shapes[in_.bytes(2) % shapes.size()];
    std::vector<std::uint64_t> registers;
    std::vector<std::unique_ptr<Bytes>> rooms;
    const unsigned entries = in_.below(130);
    const auto room = [&](std::size_t bytes) -> void* {
      rooms.push_back(std::make_unique<Bytes>(shape.name, bytes));
      void* at = absent() ? nullptr : rooms.back()->data();
      registers.push_back(reinterpret_cast<std::uintptr_t>(at));
      return rooms.back()->data();
    };
    nvmlGpmSample_st** sample = nullptr;
    for (const char* kind = shape.arguments; *kind != '\0'; ++kind) {
      switch (*kind) {
        case 'd':
          registers.push_back(reinterpret_cast<std::uintptr_t>(device()));
          break;
        case 'n':
          registers.push_back(in_.number());
          break;
        case 'N':
          registers.push_back(in_.below(2) == 0 ? 0 : in_.bytes(8));
          break;
        case '4':
        case '8':
          room(*kind == '4' ? 4 : 8);
          break;
        case 's': {
          const auto length = in_.below(128);
          room(length);
          registers.push_back(length);
          break;
        }
        case 'v': {
          auto* at = static_cast<unsigned*>(room(shape.bytes));
          if (shape.version != 0) *at = version(shape.version);
          break;
        }
        case 'c':
          *static_cast<unsigned*>(room(4)) = entries;
          break;
        case 'b':
          registers.push_back(entries);
          break;
        case 'a':
        case 'A':
          std::memset(room(std::size_t{entries} * shape.bytes), static_cast<int>(in_.byte()),
                      std::size_t{entries} * shape.bytes);
          if (*kind == 'A') registers.push_back(std::size_t{entries} * shape.bytes);
          break;
        case 'g':
          registers.push_back(reinterpret_cast<std::uintptr_t>(pick(samples_)));
          break;
        default:
          sample = static_cast<nvmlGpmSample_st**>(room(8));
      }
    }
    registers.resize(6);
    using Registers =
        nvmlReturn_t (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t);
    const auto call = reinterpret_cast<Registers>(reinterpret_cast<void (*)()>(shape.call));
    const auto code = answered(
        shape.name, call(registers[0], registers[1], registers[2], registers[3], registers[4], registers[5]),
        {NVML_ERROR_INSUFFICIENT_SIZE, NVML_ERROR_ARGUMENT_VERSION_MISMATCH, NVML_ERROR_NOT_READY, NVML_ERROR_UNKNOWN});
    if (code == NVML_SUCCESS && sample != nullptr) keep(samples_, *sample);
  }

  void system() {
    switch (in_.below(8)) {
      case 0:
        return text("nvmlSystemGetDriverVersion", &nvmlSystemGetDriverVersion, {NVML_ERROR_INSUFFICIENT_SIZE});
      case 1:
        return text("nvmlSystemGetNVMLVersion", &nvmlSystemGetNVMLVersion, {NVML_ERROR_INSUFFICIENT_SIZE});
      case 2: {
        const unsigned pid = in_.below(2) == 0 ? 1000 + in_.below(8) : in_.number();
        return text("nvmlSystemGetProcessName",
                    [pid](char* at, unsigned length) { return nvmlSystemGetProcessName(pid, at, length); });
      }
      case 3: {
        Room<int> version("nvmlSystemGetCudaDriverVersion", absent());
        answered("nvmlSystemGetCudaDriverVersion",
                 in_.below(2) == 0 ? nvmlSystemGetCudaDriverVersion(version.get())
                                   : nvmlSystemGetCudaDriverVersion_v2(version.get()),
                 {NVML_ERROR_LIBRARY_NOT_FOUND});
        return;
      }
      case 4: {
        Room<nvmlSystemDriverBranchInfo_v1_t> info("nvmlSystemGetDriverBranch", absent());
        info->version = version(nvmlSystemDriverBranchInfo_v1);
        answered("nvmlSystemGetDriverBranch", nvmlSystemGetDriverBranch(info.get(), in_.number()),
                 {NVML_ERROR_ARGUMENT_VERSION_MISMATCH, NVML_ERROR_INSUFFICIENT_SIZE});
        return;
      }
      case 5: {
        Room<unsigned> count("nvmlDeviceGetCount", absent());
        const auto code = answered("nvmlDeviceGetCount", in_.below(2) == 0 ? nvmlDeviceGetCount(count.get())
                                                                           : nvmlDeviceGetCount_v2(count.get()));
        if (code == NVML_SUCCESS && *count != fuzz::gpu_count)
          die("nvmlDeviceGetCount", "another number of GPUs", *count);
        return;
      }
      case 6: {
        const char* words = nvmlErrorString(static_cast<nvmlReturn_t>(in_.number()));
        if (words == nullptr || words[0] == '\0') die("nvmlErrorString", "no words");
        return;
      }
      default: {
        const auto& stubs = fuzz::unimplemented();
        const auto& stub = stubs[in_.bytes(2) % stubs.size()];
        const auto code = stub.call();
        if (code != (up_ ? NVML_ERROR_NOT_SUPPORTED : NVML_ERROR_UNINITIALIZED))
          die(stub.name, "is not there, and answers", code);
        return;
      }
    }
  }

  void find_something() {
    const auto name = device_name();
    const char* words = absent() ? nullptr : name.c_str();
    const auto index = in_.number();
    switch (in_.below(10)) {
      case 0:
        return find("nvmlDeviceGetHandleByIndex", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByIndex(index, d); });
      case 1:
        return find("nvmlDeviceGetHandleByIndex_v2", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByIndex_v2(index, d); });
      case 2:
        return find("nvmlDeviceGetHandleByUUID", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByUUID(words, d); });
      case 3:
        return find("nvmlDeviceGetHandleByPciBusId", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByPciBusId(words, d); });
      case 4:
        return find("nvmlDeviceGetHandleByPciBusId_v2", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByPciBusId_v2(words, d); });
      case 5:
        return find("nvmlDeviceGetHandleBySerial", devices_, [&](nvmlDevice_t* d) {
          const auto code = nvmlDeviceGetHandleBySerial(words, d);
          if (code == NVML_SUCCESS && name.empty())
            die("nvmlDeviceGetHandleBySerial", "a GPU without a serial number answers to nothing");
          return code;
        });
      case 6: {
        Room<nvmlUUID_v1_t> uuid("nvmlDeviceGetHandleByUUIDV", absent());
        uuid->version = version(nvmlUUID_v1);
        uuid->type = in_.below(4);
        if (uuid->type == 2) {
          const auto& wanted = node().driver().config(in_.below(fuzz::gpu_count)).uuid;
          std::copy(wanted.bytes.begin(), wanted.bytes.end(), uuid->value.bytes);
          uuid->value.bytes[15] ^= static_cast<std::uint8_t>(in_.below(2));
        } else {
          std::memcpy(uuid->value.str, name.data(),
                      std::min(name.size(), sizeof uuid->value.str));  // perhaps without an end
          if (name.size() < sizeof uuid->value.str) uuid->value.str[name.size()] = '\0';
        }
        return find("nvmlDeviceGetHandleByUUIDV", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByUUIDV(uuid.get(), d); },
                    {NVML_ERROR_ARGUMENT_VERSION_MISMATCH});
      }
      case 7: {
        const auto parent = device();
        return find("nvmlDeviceGetMigDeviceHandleByIndex", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetMigDeviceHandleByIndex(parent, index % 16, d); });
      }
      case 8: {
        const auto child = device();
        return find("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", devices_,
                    [&](nvmlDevice_t* d) { return nvmlDeviceGetDeviceHandleFromMigDeviceHandle(child, d); });
      }
      default: {
        if (in_.below(2) == 0) {
          const auto owner = device();
          return find("nvmlDeviceGetGpuInstanceById", gis_,
                      [&](nvmlGpuInstance_t* g) { return nvmlDeviceGetGpuInstanceById(owner, index, g); });
        }
        const auto owner = gi();
        return find("nvmlGpuInstanceGetComputeInstanceById", cis_,
                    [&](nvmlComputeInstance_t* c) { return nvmlGpuInstanceGetComputeInstanceById(owner, index, c); });
      }
    }
  }

  void change_something() {
    const auto dice = in_.below(24);
    if (dice < 6) {  // IN_USE: by a client of the whole GPU
      const auto owner = device();
      const auto which = profile();
      return find("nvmlDeviceCreateGpuInstance", gis_,
                  [&](nvmlGpuInstance_t* made) { return nvmlDeviceCreateGpuInstance(owner, which, made); },
                  {NVML_ERROR_INSUFFICIENT_RESOURCES, NVML_ERROR_IN_USE});
    }
    if (dice < 9) {
      const auto owner = device();
      const auto which = profile();
      Room<nvmlGpuInstancePlacement_t> at("nvmlDeviceCreateGpuInstanceWithPlacement", absent());
      *at = placement<nvmlGpuInstancePlacement_t>();
      return find("nvmlDeviceCreateGpuInstanceWithPlacement", gis_,
                  [&](nvmlGpuInstance_t* made) {
                    return nvmlDeviceCreateGpuInstanceWithPlacement(owner, which, at.get(), made);
                  },
                  {NVML_ERROR_INSUFFICIENT_RESOURCES, NVML_ERROR_IN_USE});
    }
    if (dice < 13) {
      const auto owner = gi();
      const auto which = in_.below(8) == 0 ? in_.number() : in_.below(9);
      return find("nvmlGpuInstanceCreateComputeInstance", cis_,
                  [&](nvmlComputeInstance_t* made) { return nvmlGpuInstanceCreateComputeInstance(owner, which, made); },
                  {NVML_ERROR_INSUFFICIENT_RESOURCES});
    }
    if (dice < 15) {
      const auto owner = gi();
      const auto which = in_.below(9);
      Room<nvmlComputeInstancePlacement_t> at("nvmlGpuInstanceCreateComputeInstanceWithPlacement", absent());
      *at = placement<nvmlComputeInstancePlacement_t>();
      return find("nvmlGpuInstanceCreateComputeInstanceWithPlacement", cis_,
                  [&](nvmlComputeInstance_t* made) {
                    return nvmlGpuInstanceCreateComputeInstanceWithPlacement(owner, which, at.get(), made);
                  },
                  {NVML_ERROR_INSUFFICIENT_RESOURCES});
    }
    switch (dice) {
      case 15:
      case 16:
        answered("nvmlGpuInstanceDestroy", nvmlGpuInstanceDestroy(gi()), {NVML_ERROR_IN_USE});
        return;
      case 17:
      case 18:
        answered("nvmlComputeInstanceDestroy", nvmlComputeInstanceDestroy(ci()), {NVML_ERROR_IN_USE});
        return;
      case 19: {
        Room<nvmlReturn_t> activation("nvmlDeviceSetMigMode", absent());
        const auto owner = device();
        const auto mode = in_.below(8) == 0 ? in_.number() : in_.below(2);
        const auto code =
            answered("nvmlDeviceSetMigMode", nvmlDeviceSetMigMode(owner, mode, activation.get()), {NVML_ERROR_IN_USE});
        if (code == NVML_SUCCESS && *activation != NVML_SUCCESS && *activation != NVML_ERROR_IN_USE)
          die("nvmlDeviceSetMigMode", "activation", *activation);
        return;
      }
      case 20: {
        const auto owner = device();
        answered("nvmlDeviceSetComputeMode", nvmlDeviceSetComputeMode(owner, in_.number()));
        return;
      }
      case 21: {
        const auto owner = device();
        answered("nvmlDeviceSetPersistenceMode", nvmlDeviceSetPersistenceMode(owner, in_.number()));
        return;
      }
      case 22: {
        const int on = static_cast<int>(in_.below(16)) - 1;
        node().attach(in_.below(fuzz::gpu_count), on, on < 0 ? -1 : static_cast<int>(in_.below(3)), in_.below(8),
                      in_.bytes(in_.below(9)));
        return;
      }
      default:
        return node().detach();
    }
  }

  void instance_query() {
    switch (in_.below(14)) {
      case 0: {
        Room<nvmlGpuInstanceInfo_t> info("nvmlGpuInstanceGetInfo", absent());
        const auto code = answered("nvmlGpuInstanceGetInfo", nvmlGpuInstanceGetInfo(gi(), info.get()));
        if (code == NVML_SUCCESS &&
            (info->id > 14 || info->placement.size == 0 || info->placement.start + info->placement.size > 12))
          die("nvmlGpuInstanceGetInfo", "a place that cannot be", info->placement.start);
        return;
      }
      case 1:
      case 2: {
        const bool none = absent();
        Room<nvmlComputeInstanceInfo_v1_t> older("nvmlComputeInstanceGetInfo", none);
        Room<nvmlComputeInstanceInfo_t> info("nvmlComputeInstanceGetInfo_v2", none);
        const auto which = ci();
        answered("nvmlComputeInstanceGetInfo_v2", in_.below(2) == 0 ? nvmlComputeInstanceGetInfo(which, older.get())
                                                                    : nvmlComputeInstanceGetInfo_v2(which, info.get()));
        return;
      }
      case 3: {
        Room<nvmlGpuInstanceProfileInfo_t> info("nvmlDeviceGetGpuInstanceProfileInfo", absent());
        const auto number = in_.number();
        answered("nvmlDeviceGetGpuInstanceProfileInfo",
                 nvmlDeviceGetGpuInstanceProfileInfo(device(), number, info.get()));
        return;
      }
      case 4:
      case 5: {
        const bool by_id = in_.below(2) == 0;
        const char* call = by_id ? "nvmlDeviceGetGpuInstanceProfileInfoByIdV" : "nvmlDeviceGetGpuInstanceProfileInfoV";
        Room<nvmlGpuInstanceProfileInfo_v2_t> info(call, absent());
        info->version = version(in_.below(2) == 0 ? nvmlGpuInstanceProfileInfo_v2 : nvmlGpuInstanceProfileInfo_v3);
        const auto owner = device();
        answered(call, by_id ? nvmlDeviceGetGpuInstanceProfileInfoByIdV(owner, profile(), info.get())
                             : nvmlDeviceGetGpuInstanceProfileInfoV(owner, in_.number(), info.get()));
        return;
      }
      case 6: {
        Room<nvmlComputeInstanceProfileInfo_t> info("nvmlGpuInstanceGetComputeInstanceProfileInfo", absent());
        const auto number = in_.number();
        const auto engines = in_.below(3);
        answered("nvmlGpuInstanceGetComputeInstanceProfileInfo",
                 nvmlGpuInstanceGetComputeInstanceProfileInfo(gi(), number, engines, info.get()));
        return;
      }
      case 7: {
        // The room of version 3 is larger: who says version 2 has room for version 2 only.
        const char* call = "nvmlGpuInstanceGetComputeInstanceProfileInfoV";
        const auto word =
            version(in_.below(2) == 0 ? nvmlComputeInstanceProfileInfo_v2 : nvmlComputeInstanceProfileInfo_v3);
        const std::size_t size = word == nvmlComputeInstanceProfileInfo_v3
                                     ? sizeof(nvmlComputeInstanceProfileInfo_v3_t)
                                     : sizeof(nvmlComputeInstanceProfileInfo_v2_t);
        Bytes room(call, size);
        std::memcpy(room.data(), &word, sizeof word);
        const auto number = in_.number();
        const auto engines = in_.below(3);
        auto* info = absent() ? nullptr : static_cast<nvmlComputeInstanceProfileInfo_v2_t*>(room.data());
        answered(call, nvmlGpuInstanceGetComputeInstanceProfileInfoV(gi(), number, engines, info));
        return;
      }
      case 8: {
        Room<unsigned> count("nvmlDeviceGetGpuInstanceRemainingCapacity", absent());
        const auto owner = device();
        if (answered("nvmlDeviceGetGpuInstanceRemainingCapacity",
                     nvmlDeviceGetGpuInstanceRemainingCapacity(owner, profile(), count.get())) == NVML_SUCCESS &&
            *count > 8)
          die("nvmlDeviceGetGpuInstanceRemainingCapacity", "more than there can be", *count);
        return;
      }
      case 9: {
        Room<unsigned> count("nvmlGpuInstanceGetComputeInstanceRemainingCapacity", absent());
        const auto owner = gi();
        if (answered("nvmlGpuInstanceGetComputeInstanceRemainingCapacity",
                     nvmlGpuInstanceGetComputeInstanceRemainingCapacity(owner, in_.number(), count.get())) ==
                NVML_SUCCESS &&
            *count > 8)
          die("nvmlGpuInstanceGetComputeInstanceRemainingCapacity", "more than there can be", *count);
        return;
      }
      case 10: {
        const auto owner = device();
        const auto which = profile();
        const bool older = in_.below(2) == 0;
        Room<nvmlGpuInstancePlacement_t> into("nvmlDeviceGetGpuInstancePossiblePlacements", absent(), 8);
        list(
            "nvmlDeviceGetGpuInstancePossiblePlacements", into,
            [&](auto* at, unsigned* count) {
              return older ? nvmlDeviceGetGpuInstancePossiblePlacements(owner, which, at, count)
                           : nvmlDeviceGetGpuInstancePossiblePlacements_v2(owner, which, at, count);
            },
            true);
        return;
      }
      case 11: {
        const auto owner = gi();
        const auto which = in_.number();
        Room<nvmlComputeInstancePlacement_t> into("nvmlGpuInstanceGetComputeInstancePossiblePlacements", absent(), 8);
        list(
            "nvmlGpuInstanceGetComputeInstancePossiblePlacements", into,
            [&](auto* at, unsigned* count) {
              return nvmlGpuInstanceGetComputeInstancePossiblePlacements(owner, which, at, count);
            },
            true);
        return;
      }
      case 12: {
        const auto owner = device();
        const auto which = profile();
        Room<nvmlGpuInstance_t> into("nvmlDeviceGetGpuInstances", absent(), 8);
        const auto count = list("nvmlDeviceGetGpuInstances", into,
                                [&](auto* at, unsigned* n) { return nvmlDeviceGetGpuInstances(owner, which, at, n); });
        for (unsigned i = 0; i < count; ++i) keep(gis_, into.get()[i]);
        return;
      }
      default: {
        const auto owner = gi();
        const auto which = in_.number();
        Room<nvmlComputeInstance_t> into("nvmlGpuInstanceGetComputeInstances", absent(), 8);
        const auto count = list("nvmlGpuInstanceGetComputeInstances", into, [&](auto* at, unsigned* n) {
          return nvmlGpuInstanceGetComputeInstances(owner, which, at, n);
        });
        for (unsigned i = 0; i < count; ++i) keep(cis_, into.get()[i]);
        return;
      }
    }
  }

  void other() {
    switch (in_.below(20)) {
      case 0:
        return PROCESSES(nvmlDeviceGetComputeRunningProcesses, nvmlProcessInfo_v1_t);
      case 1:
        return PROCESSES(nvmlDeviceGetComputeRunningProcesses_v2, nvmlProcessInfo_v2_t);
      case 2:
        return PROCESSES(nvmlDeviceGetComputeRunningProcesses_v3, nvmlProcessInfo_v2_t);
      case 3:
        return PROCESSES(nvmlDeviceGetGraphicsRunningProcesses, nvmlProcessInfo_v1_t);
      case 4:
        return PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v2, nvmlProcessInfo_v2_t);
      case 5:
        return PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v3, nvmlProcessInfo_v2_t);
      case 6:
        return PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses, nvmlProcessInfo_v1_t);
      case 7:
        return PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses_v2, nvmlProcessInfo_v2_t);
      case 8:
        return PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses_v3, nvmlProcessInfo_v2_t);
      case 9: {
        const char* call = "nvmlDeviceGetRunningProcessDetailList";
        const unsigned room = in_.below(5);
        Room<nvmlProcessDetail_v1_t> into(call, absent(), room);
        Room<nvmlProcessDetailList_v1_t> details(call, absent());
        details->version = version(nvmlProcessDetailList_v1);
        details->mode = in_.number();
        details->numProcArrayEntries = room;
        details->procArray = into.get();
        const auto code = answered(call, nvmlDeviceGetRunningProcessDetailList(device(), details.get()),
                                   {NVML_ERROR_INSUFFICIENT_SIZE, NVML_ERROR_ARGUMENT_VERSION_MISMATCH});
        into.untouched(code == NVML_SUCCESS ? details->numProcArrayEntries : 0);
        return;
      }
      case 10: {
        Room<nvmlEventSet_t> made("nvmlEventSetCreate", absent());
        if (answered("nvmlEventSetCreate", nvmlEventSetCreate(made.get())) == NVML_SUCCESS) sets_.push_back(*made);
        return;
      }
      case 11: {
        const auto set = pick(sets_);
        if (answered("nvmlEventSetFree", nvmlEventSetFree(set)) == NVML_SUCCESS) {
          freed_.push_back(set);
          registered_.erase(set);
          sets_.erase(std::find(sets_.begin(), sets_.end(), set));
        }
        return;
      }
      case 12: {
        const bool none = absent();
        Room<nvmlEventData_v1_t> older("nvmlEventSetWait", none);
        Room<nvmlEventData_t> data("nvmlEventSetWait_v2", none);
        auto* const set = in_.below(2) == 0 ? pick(sets_) : pick(freed_);
        const bool first = in_.below(2) == 0;
        const auto code =
            answered("nvmlEventSetWait_v2",
                     first ? nvmlEventSetWait(set, older.get(), 0) : nvmlEventSetWait_v2(set, data.get(), 0),
                     {NVML_ERROR_TIMEOUT});
        if (code == NVML_SUCCESS && first) *data = {older->device, older->eventType, older->eventData, 0, 0};
        if (code == NVML_SUCCESS) is_event(set, *data);
        return;
      }
      case 13: {
        const auto set = pick(sets_);
        auto types = in_.bytes(8);
        if (types >> 63 == 0) types &= nvmlEventTypeAll;
        if (answered("nvmlDeviceRegisterEvents", nvmlDeviceRegisterEvents(device(), types, set)) == NVML_SUCCESS)
          registered_[set] |= types;
        return;
      }
      case 14:
        return export_table();
      case 15: {
        const auto code = in_.below(2) == 0 ? nvmlInit_v2() : nvmlInitWithFlags(in_.number());
        if (code != NVML_SUCCESS) die("nvmlInit_v2", "cannot", code);
        ++up_;
        return;
      }
      case 16: {
        const auto code = nvmlShutdown();
        if (code != (up_ ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED)) die("nvmlShutdown", "answers", code);
        if (up_ != 0) --up_;
        return;
      }
      case 17:
        // Every handle from before is lost, and until the library is initialised anew every handle.
        if (node().driver().reboot()) rebooted_ = true;
        return;
      case 18:
        return node().may_configure(in_.below(2) == 0);
      default:
        return node().may_monitor(in_.below(2) == 0);
    }
  }

  // Nothing but changes of MIG happens here.
  void is_event(nvmlEventSet_t set, const nvmlEventData_t& data) const {
    const auto known = registered_.find(set);
    if (known == registered_.end() || (known->second & data.eventType) == 0)
      die("nvmlEventSetWait_v2", "an event that was not registered", data.eventType);
    if (data.eventType != nvmlEventMigConfigChange || data.eventData != 0)
      die("nvmlEventSetWait_v2", "an event that did not happen", data.eventType);
    unsigned index{};
    if (nvmlDeviceGetIndex(data.device, &index) != NVML_SUCCESS) die("nvmlEventSetWait_v2", "an event of no GPU");
  }

  void export_table() {
    std::array<unsigned char, 16> guid{};
    switch (in_.below(4)) {
      case 0:
        guid = nvidia_smi_guid;
        break;
      case 1:
        guid = simulated_guid;
        break;
      case 2:
        guid = nvidia_smi_guid, guid[in_.below(16)] ^= 1;
        break;
      default:
        for (auto& byte : guid) byte = in_.byte();
    }
    Room<const void*> into("nvmlInternalGetExportTable", absent());
    const auto code = nvmlInternalGetExportTable(into.get(), absent() ? nullptr : guid.data());
    if (code != NVML_SUCCESS) return into.untouched(0);
    if (guid != nvidia_smi_guid) {
      if (guid != simulated_guid) die("nvmlInternalGetExportTable", "knows a table nobody has heard of");
      return;
    }
    const auto* words = static_cast<const std::size_t*>(*into);
    if (words[0] != private_table_bytes) die("nvmlInternalGetExportTable", "size", static_cast<long long>(words[0]));
    const auto slot = [&](std::size_t number) { return reinterpret_cast<fuzz::PrivateCall>(words[number]); };
    const auto call = [](std::size_t number) {
      return number == slot::mps_processes       ? "private 214"
             : number == slot::compute_processes ? "private 213"
                                                 : "private 215";
    };
    switch (const auto number = in_.below(7); number) {
      case 0: {
        const unsigned size = in_.below(40);
        Room<char> text("private 81", absent(), size);
        answered(
            "private 81",
            slot(slot::address_by_index)(reinterpret_cast<void*>(static_cast<std::uintptr_t>(in_.number())), text.get(),
                                         reinterpret_cast<void*>(static_cast<std::uintptr_t>(size)), nullptr),
            {NVML_ERROR_INSUFFICIENT_SIZE});
        return;
      }
      case 1:
      case 2:
      case 3: {
        const auto at = slot::compute_processes + number - 1;
        const unsigned room = in_.below(4);
        Room<PrivateProcessEntry> entries(call(at), absent(), room);
        Room<unsigned> count(call(at), absent());
        *count = room;
        const auto done =
            answered(call(at), slot(at)(device(), count.get(), entries.get(), nullptr), {NVML_ERROR_INSUFFICIENT_SIZE});
        if (done == NVML_SUCCESS && *count > room) die(call(at), "more processes than there was room for", *count);
        return;
      }
      case 5: {
        Room<PrivateComputePolicies> list("private 193", absent());
        const auto done =
            answered("private 193", slot(slot::compute_policies)(device(), list.get(), nullptr, nullptr));
        if (done == NVML_SUCCESS && (list.get()->count != 1 || list.get()->policies[0].value > 3))
          die("private 193", "no policy", list.get()->count);
        return;
      }
      case 6: {
        Room<PrivateComputePolicy> policy("private 192", absent());
        *policy = {in_.below(2), in_.number()};
        answered("private 192",
                 slot(slot::set_compute_policy)(device(), policy.get(),
                                                reinterpret_cast<void*>(std::uintptr_t{in_.below(3)}), nullptr));
        return;
      }
      default:
        answered("private 251",
                 slot(slot::set_persistence_mode)(
                     device(), reinterpret_cast<void*>(static_cast<std::uintptr_t>(in_.below(3))), nullptr, nullptr));
        return;
    }
  }

  // What is there in the end, as a client sees it: nothing overlaps, every instance is at a place that its profile has.
  void look_at_the_end() {
    node().may_monitor(true);
    while (nvmlShutdown() == NVML_SUCCESS) {
    }
    if (nvmlInit_v2() != NVML_SUCCESS) die("nvmlInit_v2", "cannot");
    for (unsigned gpu = 0; gpu < fuzz::gpu_count; ++gpu) {
      nvmlDevice_t device{};
      if (nvmlDeviceGetHandleByIndex_v2(gpu, &device) != NVML_SUCCESS)
        die("nvmlDeviceGetHandleByIndex_v2", "no GPU", gpu);
      unsigned taken = 0;
      for (unsigned id = 0; id < 15; ++id) {
        nvmlGpuInstance_t instance{};
        if (nvmlDeviceGetGpuInstanceById(device, id, &instance) != NVML_SUCCESS) continue;
        nvmlGpuInstanceInfo_t info{};
        if (nvmlGpuInstanceGetInfo(instance, &info) != NVML_SUCCESS || info.id != id)
          die("nvmlGpuInstanceGetInfo", "does not know what is there", id);
        std::array<nvmlGpuInstancePlacement_t, 8> sites{};
        unsigned count = 0;
        if (nvmlDeviceGetGpuInstancePossiblePlacements_v2(device, info.profileId, sites.data(), &count) != NVML_SUCCESS)
          die("placements", "of no profile", info.profileId);
        bool site = false;
        for (unsigned i = 0; i < count; ++i)
          site = site || (sites[i].start == info.placement.start && sites[i].size == info.placement.size);
        if (!site) die("nvmlGpuInstanceGetInfo", "a place that the profile does not have", info.placement.start);
        for (unsigned slice = 0; slice < info.placement.size; ++slice) {
          const unsigned bit = 1U << (info.placement.start + slice);
          if ((taken & bit) != 0)
            die("nvmlGpuInstanceGetInfo", "two instances on one slice", info.placement.start + slice);
          taken |= bit;
        }
      }
    }
  }

  Input& in_;
  std::vector<nvmlGpmSample_t> samples_;
  std::vector<nvmlDevice_t> devices_;
  std::vector<nvmlGpuInstance_t> gis_;
  std::vector<nvmlComputeInstance_t> cis_;
  std::vector<nvmlEventSet_t> sets_, freed_;
  std::map<nvmlEventSet_t, unsigned long long> registered_;  // all types, of whichever GPU
  unsigned up_{1};                                           // how often the library is initialised
  bool odd_{false};                                          // a handle of this call was none that the library gave
  bool rebooted_{false};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  node().reset();
  Input input(data, size);
  Player player(input);
  player.play();
  return 0;
}
