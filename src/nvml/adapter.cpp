#include "nvml/adapter.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "nvml/library.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;
using abi::nvmlComputeInstance_t;
using abi::nvmlDevice_t;
using abi::nvmlGpuInstance_t;

// The 16 bytes that only a simulated library answers to in nvmlInternalGetExportTable.
constexpr char simulated_guid[] = "gpuslice-simulat";

class Adapter final : public Node {
 public:
  explicit Adapter(Library library) : lib_(std::move(library)) {}
  ~Adapter() override {
    if (initialised_) static_cast<void>(lib_.call("nvmlShutdown"));
  }
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  Result<void> start(const Options& options) {
    int code = lib_.call("nvmlInit_v2");
    if (code == abi::NVML_ERROR_FUNCTION_NOT_FOUND) code = lib_.call("nvmlInit");
    if (code != abi::NVML_SUCCESS)
      return fail(code == abi::NVML_ERROR_NO_PERMISSION ? ErrorKind::permission : ErrorKind::unknown, options.library,
                  "the NVIDIA driver does not answer: " + lib_.words(code),
                  code == abi::NVML_ERROR_DRIVER_NOT_LOADED ? "load it, or work on a simulated node: gpuslice sim list" : "");
    initialised_ = true;
    const void* table = nullptr;
    const bool simulated =
        lib_.call("nvmlInternalGetExportTable", &table, static_cast<const void*>(simulated_guid)) == abi::NVML_SUCCESS;
    if (options.simulated_only && !simulated)
      return fail(ErrorKind::refused, options.library,
                  "is a real NVIDIA driver, but this is the inside of a simulated node, which must never reach one",
                  "leave the node, or see that LD_LIBRARY_PATH begins with its lib directory");
    if (options.readonly && !simulated) lib_.forbid_changes();
    return {};
  }

  Answer<SystemInfo> system() override {
    SystemInfo info;
    std::array<char, 96> text{};
    if (const int code = lib_.call("nvmlSystemGetDriverVersion", text.data(), 80U); code != 0) return no(code);
    info.driver_version = text.data();
    if (lib_.call("nvmlSystemGetNVMLVersion", text.data(), 80U) == 0) info.nvml_version = text.data();
    int cuda = 0;
    int code = lib_.call("nvmlSystemGetCudaDriverVersion_v2", &cuda);
    if (code == abi::NVML_ERROR_FUNCTION_NOT_FOUND) code = lib_.call("nvmlSystemGetCudaDriverVersion", &cuda);
    if (code == 0) info.cuda_version = cuda;
    return info;
  }
  Answer<std::uint32_t> gpu_count() override { return number_of("nvmlDeviceGetCount_v2"); }

  Answer<GpuIndex> gpu_by_uuid(const std::string& uuid) override {
    const auto subject = by_uuid(uuid);
    if (!subject) return std::unexpected(subject.error());
    if (subject->mig_index) return no(abi::NVML_ERROR_NOT_FOUND);
    return subject->gpu;
  }
  Answer<GpuIndex> gpu_by_bus_id(const std::string& bus_id) override {
    nvmlDevice_t device{};
    if (const int code = lib_.call("nvmlDeviceGetHandleByPciBusId_v2", bus_id.c_str(), &device); code != 0) return no(code);
    return index_of(device);
  }
  Answer<Subject> by_uuid(const std::string& uuid) override {
    nvmlDevice_t device{};
    if (const int code = lib_.call("nvmlDeviceGetHandleByUUID", uuid.c_str(), &device); code != 0) return no(code);
    unsigned is_mig = 0;
    static_cast<void>(lib_.call("nvmlDeviceIsMigDeviceHandle", device, &is_mig));
    Subject subject;
    auto* gpu = device;
    if (is_mig != 0) {
      unsigned index = 0;
      if (const int code = lib_.call("nvmlDeviceGetIndex", device, &index); code != 0) return no(code);
      if (const int code = lib_.call("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", device, &gpu); code != 0) return no(code);
      subject.mig_index = index;
    }
    const auto index = index_of(gpu);
    if (!index) return std::unexpected(index.error());
    subject.gpu = *index;
    return subject;
  }

  Answer<std::string> name(Subject s) override { return text_of<96>(s, "nvmlDeviceGetName"); }
  Answer<std::string> uuid(Subject s) override { return text_of<96>(s, "nvmlDeviceGetUUID"); }
  Answer<Memory> memory(Subject s) override {
    const auto device = handle(s);
    if (!device) return std::unexpected(device.error());
    abi::nvmlMemory_v2_t v2{};
    v2.version = abi::nvmlMemory_v2;
    int code = lib_.call("nvmlDeviceGetMemoryInfo_v2", *device, &v2);
    if (code == 0) return Memory{v2.total, v2.reserved, v2.free, v2.used};
    if (code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return no(code);
    abi::nvmlMemory_t v1{};
    code = lib_.call("nvmlDeviceGetMemoryInfo", *device, &v1);
    if (code != 0) return no(code);
    return Memory{v1.total, 0, v1.free, v1.used};
  }
  Answer<Bar1> bar1(Subject s) override {
    abi::nvmlBAR1Memory_t bar1{};
    if (const auto code = on(s, "nvmlDeviceGetBAR1MemoryInfo", &bar1); !code) return std::unexpected(code.error());
    return Bar1{bar1.bar1Total, bar1.bar1Free, bar1.bar1Used};
  }
  Answer<std::uint64_t> uncorrected_ecc_errors(Subject s) override {
    unsigned long long count = 0;
    const auto done = s.mig_index ? on(s, "nvmlDeviceGetMemoryErrorCounter", 1U, 0U, 7U, &count)
                                  : on(s, "nvmlDeviceGetTotalEccErrors", 1U, 0U, &count);
    if (!done) return std::unexpected(done.error());
    return count;
  }

  Answer<std::vector<Process>> processes(Subject s) override {
    std::map<std::uint32_t, Process> by_pid;
    struct Kind {
      const char* symbol;
      ProcessKind kind;
    };
    // MPS last: it only adds to a pid that the compute list names (recorded).
    for (const auto& [symbol, kind] : {Kind{"nvmlDeviceGetComputeRunningProcesses_v3", ProcessKind::compute},
                                       Kind{"nvmlDeviceGetGraphicsRunningProcesses_v3", ProcessKind::graphics},
                                       Kind{"nvmlDeviceGetMPSComputeRunningProcesses_v3", ProcessKind::mps}}) {
      const auto list = process_list(s, symbol);
      if (!list) {
        if (kind == ProcessKind::compute) return std::unexpected(list.error());
        continue;
      }
      for (const auto& entry : *list) {
        auto found = by_pid.find(entry.pid);
        if (found == by_pid.end()) {
          if (kind == ProcessKind::mps) continue;
          Process process;
          process.pid = entry.pid;
          process.name = process_name(entry.pid);
          if (entry.usedGpuMemory != abi::NVML_VALUE_NOT_AVAILABLE) process.memory = entry.usedGpuMemory;
          if (entry.gpuInstanceId != ~0U) process.gi = entry.gpuInstanceId;
          if (entry.computeInstanceId != ~0U) process.ci = entry.computeInstanceId;
          found = by_pid.emplace(entry.pid, process).first;
        }
        if (kind == ProcessKind::mps && (found->second.kinds & static_cast<unsigned>(ProcessKind::compute)) == 0) continue;
        found->second.kinds |= static_cast<unsigned>(kind);
      }
    }
    std::vector<Process> all;
    for (auto& [pid, process] : by_pid) all.push_back(std::move(process));
    return all;
  }

  Answer<PciInfo> pci(GpuIndex gpu) override {
    abi::nvmlPciInfo_t pci{};
    if (const auto done = on({gpu, {}}, "nvmlDeviceGetPciInfo_v3", &pci); !done) return std::unexpected(done.error());
    return PciInfo{pci.domain, pci.bus, pci.device, pci.pciDeviceId, pci.pciSubSystemId, pci.busId};
  }
  Answer<std::string> serial(GpuIndex gpu) override { return text_of<64>({gpu, {}}, "nvmlDeviceGetSerial"); }
  Answer<std::string> vbios(GpuIndex gpu) override { return text_of<64>({gpu, {}}, "nvmlDeviceGetVbiosVersion"); }
  Answer<std::uint32_t> minor_number(GpuIndex gpu) override { return number(gpu, "nvmlDeviceGetMinorNumber"); }
  Answer<std::uint32_t> architecture(GpuIndex gpu) override { return number(gpu, "nvmlDeviceGetArchitecture"); }
  Answer<bool> persistence_mode(GpuIndex gpu) override { return flag(gpu, "nvmlDeviceGetPersistenceMode"); }
  Answer<bool> display_active(GpuIndex gpu) override { return flag(gpu, "nvmlDeviceGetDisplayActive"); }
  Answer<bool> display_attached(GpuIndex gpu) override { return flag(gpu, "nvmlDeviceGetDisplayMode"); }
  Answer<std::uint32_t> addressing_mode(GpuIndex gpu) override {
    abi::nvmlDeviceAddressingMode_v1_t mode{abi::nvmlDeviceAddressingMode_v1, 0};
    if (const auto done = on({gpu, {}}, "nvmlDeviceGetAddressingMode", &mode); !done) return std::unexpected(done.error());
    return mode.value;
  }
  Answer<Mode> ecc_mode(GpuIndex gpu) override { return mode(gpu, "nvmlDeviceGetEccMode"); }
  Answer<Mode> mig_mode(GpuIndex gpu) override { return mode(gpu, "nvmlDeviceGetMigMode"); }
  Answer<std::uint32_t> compute_mode(GpuIndex gpu) override { return number(gpu, "nvmlDeviceGetComputeMode"); }
  Answer<std::uint32_t> fan_percent(GpuIndex gpu) override { return number(gpu, "nvmlDeviceGetFanSpeed"); }
  Answer<std::uint32_t> temperature_c(GpuIndex gpu) override {
    abi::nvmlTemperature_v1_t reading{abi::nvmlTemperature_v1, 0, 0};
    const auto done = on({gpu, {}}, "nvmlDeviceGetTemperatureV", &reading);
    if (done) return static_cast<std::uint32_t>(reading.temperature);
    if (done.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return std::unexpected(done.error());
    unsigned celsius = 0;
    if (const auto older = on({gpu, {}}, "nvmlDeviceGetTemperature", 0U, &celsius); !older) return std::unexpected(older.error());
    return celsius;
  }
  Answer<std::uint32_t> performance_state(GpuIndex gpu) override { return number(gpu, "nvmlDeviceGetPerformanceState"); }
  Answer<std::uint32_t> power_mw(GpuIndex gpu) override { return number(gpu, "nvmlDeviceGetPowerUsage"); }
  Answer<std::uint32_t> power_limit_mw(GpuIndex gpu) override { return number(gpu, "nvmlDeviceGetEnforcedPowerLimit"); }
  Answer<Utilization> utilization(GpuIndex gpu) override {
    abi::nvmlUtilization_t rates{};
    if (const auto done = on({gpu, {}}, "nvmlDeviceGetUtilizationRates", &rates); !done) return std::unexpected(done.error());
    return Utilization{rates.gpu, rates.memory};
  }

  Answer<std::vector<GiProfileInfo>> gi_profiles(GpuIndex gpu) override {
    const auto device = handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    std::vector<GiProfileInfo> profiles;
    for (std::uint32_t number = 0; number < 64; ++number) {  // until INVALID_ARGUMENT, as nvidia-smi does
      abi::nvmlGpuInstanceProfileInfo_v2_t info{};
      info.version = abi::nvmlGpuInstanceProfileInfo_v2;
      const int code = lib_.call("nvmlDeviceGetGpuInstanceProfileInfoV", *device, number, &info);
      if (code == abi::NVML_ERROR_INVALID_ARGUMENT) break;
      if (code == abi::NVML_ERROR_NOT_SUPPORTED) continue;
      if (code != 0) return no(code);
      profiles.push_back({number, mig::GiProfileId{info.id}, info.name, info.sliceCount, info.instanceCount,
                          info.multiprocessorCount, info.copyEngineCount, info.decoderCount, info.encoderCount,
                          info.jpegCount, info.ofaCount, info.memorySizeMB, info.isP2pSupported != 0});
    }
    return profiles;
  }
  Answer<std::uint32_t> gi_remaining(GpuIndex gpu, mig::GiProfileId profile) override {
    unsigned count = 0;
    if (const auto done = on({gpu, {}}, "nvmlDeviceGetGpuInstanceRemainingCapacity", profile.value, &count); !done)
      return std::unexpected(done.error());
    return count;
  }
  Answer<std::vector<Span>> gi_placements(GpuIndex gpu, mig::GiProfileId profile) override {
    const auto device = handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    return spans<abi::nvmlGpuInstancePlacement_t>("nvmlDeviceGetGpuInstancePossiblePlacements_v2", *device, profile.value);
  }
  Answer<std::vector<GiInfo>> gpu_instances(GpuIndex gpu, mig::GiProfileId profile) override {
    const auto device = handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    std::array<nvmlGpuInstance_t, 64> handles{};
    unsigned count = 0;
    if (const int code = lib_.call("nvmlDeviceGetGpuInstances", *device, profile.value, handles.data(), &count); code != 0)
      return no(code);
    std::vector<GiInfo> found;
    for (unsigned i = 0; i < std::min<unsigned>(count, handles.size()); ++i) {
      const auto info = gi_info(handles[i]);
      if (!info) return std::unexpected(info.error());
      found.push_back(*info);
    }
    return found;
  }
  Answer<std::vector<CiProfileInfo>> ci_profiles(GpuIndex gpu, mig::GiId gi) override {
    const auto instance = instance_handle(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    std::vector<CiProfileInfo> profiles;
    for (std::uint32_t number = 0; number < 64; ++number) {
      abi::nvmlComputeInstanceProfileInfo_v2_t info{};
      info.version = abi::nvmlComputeInstanceProfileInfo_v2;
      const int code = lib_.call("nvmlGpuInstanceGetComputeInstanceProfileInfoV", *instance, number, 0U, &info);
      if (code == abi::NVML_ERROR_INVALID_ARGUMENT) break;
      if (code == abi::NVML_ERROR_NOT_SUPPORTED) continue;
      if (code != 0) return no(code);
      profiles.push_back({number, mig::CiProfileId{info.id}, info.name, info.sliceCount, info.instanceCount,
                          info.multiprocessorCount, info.sharedCopyEngineCount, info.sharedDecoderCount,
                          info.sharedEncoderCount, info.sharedJpegCount, info.sharedOfaCount});
    }
    return profiles;
  }
  Answer<std::uint32_t> ci_remaining(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    const auto instance = instance_handle(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    unsigned count = 0;
    if (const int code = lib_.call("nvmlGpuInstanceGetComputeInstanceRemainingCapacity", *instance, profile.value, &count); code != 0)
      return no(code);
    return count;
  }
  Answer<std::vector<Span>> ci_placements(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    const auto instance = instance_handle(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    return spans<abi::nvmlComputeInstancePlacement_t>("nvmlGpuInstanceGetComputeInstancePossiblePlacements", *instance, profile.value);
  }
  Answer<std::vector<CiInfo>> compute_instances(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    const auto instance = instance_handle(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    std::array<nvmlComputeInstance_t, 64> handles{};
    unsigned count = 0;
    if (const int code = lib_.call("nvmlGpuInstanceGetComputeInstances", *instance, profile.value, handles.data(), &count); code != 0)
      return no(code);
    std::vector<CiInfo> found;
    for (unsigned i = 0; i < std::min<unsigned>(count, handles.size()); ++i) {
      const auto info = ci_info(handles[i]);
      if (!info) return std::unexpected(info.error());
      found.push_back(*info);
    }
    return found;
  }

  Answer<std::vector<std::uint32_t>> mig_indices(GpuIndex gpu) override {
    const auto device = handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    unsigned most = 0;
    if (const int code = lib_.call("nvmlDeviceGetMaxMigDeviceCount", *device, &most); code != 0) return no(code);
    std::vector<std::uint32_t> indices;
    for (unsigned i = 0; i < most; ++i) {
      nvmlDevice_t mig_device{};
      const int code = lib_.call("nvmlDeviceGetMigDeviceHandleByIndex", *device, i, &mig_device);
      if (code == abi::NVML_ERROR_NOT_FOUND || code == abi::NVML_ERROR_INVALID_ARGUMENT) continue;  // gaps are allowed
      if (code != 0) return no(code);
      indices.push_back(i);
    }
    return indices;
  }
  Answer<mig::GiId> mig_gi(Subject s) override {
    unsigned id = 0;
    if (const auto done = on(s, "nvmlDeviceGetGpuInstanceId", &id); !done) return std::unexpected(done.error());
    return mig::GiId{id};
  }
  Answer<mig::CiId> mig_ci(Subject s) override {
    unsigned id = 0;
    if (const auto done = on(s, "nvmlDeviceGetComputeInstanceId", &id); !done) return std::unexpected(done.error());
    return mig::CiId{id};
  }
  Answer<MigAttributes> mig_attributes(Subject s) override {
    abi::nvmlDeviceAttributes_t a{};
    if (const auto done = on(s, "nvmlDeviceGetAttributes_v2", &a); !done) return std::unexpected(done.error());
    return MigAttributes{a.multiprocessorCount, a.sharedCopyEngineCount, a.sharedDecoderCount, a.sharedEncoderCount,
                         a.sharedJpegCount, a.sharedOfaCount, a.gpuInstanceSliceCount, a.computeInstanceSliceCount,
                         a.memorySizeMB};
  }

  Answer<MigSwitch> set_mig_mode(GpuIndex gpu, bool enable) override {
    int activation = 0;
    if (const auto done = on({gpu, {}}, "nvmlDeviceSetMigMode", enable ? 1U : 0U, &activation); !done)
      return std::unexpected(done.error());
    return MigSwitch{activation == 0, {activation, lib_.words(activation)}};
  }
  Answer<GiInfo> create_gi(GpuIndex gpu, mig::GiProfileId profile, std::optional<Span> placement) override {
    nvmlGpuInstance_t made{};
    Answer<void> done;
    if (placement) {
      const abi::nvmlGpuInstancePlacement_t wanted{placement->start, placement->size};
      done = on({gpu, {}}, "nvmlDeviceCreateGpuInstanceWithPlacement", profile.value, &wanted, &made);
    } else {
      done = on({gpu, {}}, "nvmlDeviceCreateGpuInstance", profile.value, &made);
    }
    if (!done) return std::unexpected(done.error());
    return gi_info(made);
  }
  Answer<void> destroy_gi(GpuIndex gpu, mig::GiId gi) override {
    const auto instance = instance_handle(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    if (const int code = lib_.call("nvmlGpuInstanceDestroy", *instance); code != 0) return no(code);
    return {};
  }
  Answer<CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile, std::optional<Span> placement) override {
    const auto instance = instance_handle(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    nvmlComputeInstance_t made{};
    int code = 0;
    if (placement) {
      const abi::nvmlComputeInstancePlacement_t wanted{placement->start, placement->size};
      code = lib_.call("nvmlGpuInstanceCreateComputeInstanceWithPlacement", *instance, profile.value, &wanted, &made);
    } else {
      code = lib_.call("nvmlGpuInstanceCreateComputeInstance", *instance, profile.value, &made);
    }
    if (code != 0) return no(code);
    return ci_info(made);
  }
  Answer<void> destroy_ci(GpuIndex gpu, mig::GiId gi, mig::CiId ci) override {
    const auto instance = instance_handle(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    nvmlComputeInstance_t compute{};
    if (const int code = lib_.call("nvmlGpuInstanceGetComputeInstanceById", *instance, ci.value, &compute); code != 0) return no(code);
    if (const int code = lib_.call("nvmlComputeInstanceDestroy", compute); code != 0) return no(code);
    return {};
  }
  Answer<void> set_compute_mode(GpuIndex gpu, std::uint32_t mode) override { return on({gpu, {}}, "nvmlDeviceSetComputeMode", mode); }
  Answer<void> set_persistence_mode(GpuIndex gpu, bool enable) override {
    return on({gpu, {}}, "nvmlDeviceSetPersistenceMode", enable ? 1U : 0U);
  }
  std::string error_text(int code) override { return lib_.words(code); }

 private:
  std::unexpected<DriverError> no(int code) { return std::unexpected(DriverError{code, lib_.words(code)}); }

  Answer<nvmlDevice_t> handle(Subject subject) {
    auto known = handles_.find(subject.gpu.value);
    if (known == handles_.end()) {
      nvmlDevice_t device{};
      if (const int code = lib_.call("nvmlDeviceGetHandleByIndex_v2", subject.gpu.value, &device); code != 0) return no(code);
      known = handles_.emplace(subject.gpu.value, device).first;
    }
    if (!subject.mig_index) return known->second;
    nvmlDevice_t device{};
    if (const int code = lib_.call("nvmlDeviceGetMigDeviceHandleByIndex", known->second, *subject.mig_index, &device); code != 0)
      return no(code);
    return device;
  }
  Answer<nvmlGpuInstance_t> instance_handle(GpuIndex gpu, mig::GiId gi) {
    const auto device = handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    nvmlGpuInstance_t instance{};
    if (const int code = lib_.call("nvmlDeviceGetGpuInstanceById", *device, gi.value, &instance); code != 0) return no(code);
    return instance;
  }
  template <class... Args>
  Answer<void> on(Subject subject, const char* symbol, Args... args) {
    const auto device = handle(subject);
    if (!device) return std::unexpected(device.error());
    if (const int code = lib_.call(symbol, *device, args...); code != 0) return no(code);
    return {};
  }
  Answer<GpuIndex> index_of(nvmlDevice_t device) {
    unsigned index = 0;
    if (const int code = lib_.call("nvmlDeviceGetIndex", device, &index); code != 0) return no(code);
    return GpuIndex{index};
  }
  Answer<std::uint32_t> number_of(const char* symbol) {
    unsigned value = 0;
    if (const int code = lib_.call(symbol, &value); code != 0) return no(code);
    return value;
  }
  Answer<std::uint32_t> number(GpuIndex gpu, const char* symbol) {
    unsigned value = 0;
    if (const auto done = on({gpu, {}}, symbol, &value); !done) return std::unexpected(done.error());
    return value;
  }
  Answer<bool> flag(GpuIndex gpu, const char* symbol) {
    const auto value = number(gpu, symbol);
    if (!value) return std::unexpected(value.error());
    return *value != 0;
  }
  Answer<Mode> mode(GpuIndex gpu, const char* symbol) {
    unsigned current = 0;
    unsigned pending = 0;
    if (const auto done = on({gpu, {}}, symbol, &current, &pending); !done) return std::unexpected(done.error());
    return Mode{current != 0, pending != 0};
  }
  template <std::size_t N>
  Answer<std::string> text_of(Subject subject, const char* symbol) {
    std::array<char, N> text{};
    if (const auto done = on(subject, symbol, text.data(), static_cast<unsigned>(N)); !done) return std::unexpected(done.error());
    return std::string(text.data());
  }
  template <class Placement, class Handle>
  Answer<std::vector<Span>> spans(const char* symbol, Handle subject, unsigned profile) {
    std::array<Placement, 64> places{};
    unsigned count = 0;
    if (const int code = lib_.call(symbol, subject, profile, static_cast<Placement*>(nullptr), &count); code != 0) return no(code);
    if (count > places.size()) return no(abi::NVML_ERROR_INSUFFICIENT_SIZE);
    if (const int code = lib_.call(symbol, subject, profile, places.data(), &count); code != 0) return no(code);
    std::vector<Span> found;
    for (unsigned i = 0; i < count; ++i) found.push_back({places[i].start, places[i].size});
    return found;
  }
  Answer<GiInfo> gi_info(nvmlGpuInstance_t handle_of_instance) {
    abi::nvmlGpuInstanceInfo_t info{};
    if (const int code = lib_.call("nvmlGpuInstanceGetInfo", handle_of_instance, &info); code != 0) return no(code);
    return GiInfo{mig::GiId{info.id}, mig::GiProfileId{info.profileId}, info.placement.start, info.placement.size};
  }
  Answer<CiInfo> ci_info(nvmlComputeInstance_t handle_of_instance) {
    abi::nvmlComputeInstanceInfo_t info{};
    if (const int code = lib_.call("nvmlComputeInstanceGetInfo_v2", handle_of_instance, &info); code != 0) return no(code);
    return CiInfo{mig::CiId{info.id}, mig::CiProfileId{info.profileId}, info.placement.start, info.placement.size};
  }
  Answer<std::vector<abi::nvmlProcessInfo_v2_t>> process_list(Subject subject, const char* symbol) {
    std::vector<abi::nvmlProcessInfo_v2_t> list(64);
    for (;;) {
      auto count = static_cast<unsigned>(list.size());
      const auto done = on(subject, symbol, &count, list.data());
      if (done) {
        list.resize(std::min<std::size_t>(count, list.size()));
        return list;
      }
      // New processes may come while we ask: grow past what was needed, within reason.
      if (done.error().code != abi::NVML_ERROR_INSUFFICIENT_SIZE || list.size() > 65536) return std::unexpected(done.error());
      list.resize(std::max<std::size_t>(count, list.size()) * 2);
    }
  }
  std::string process_name(unsigned pid) {
    std::array<char, 4096> text{};
    const int code = lib_.call("nvmlSystemGetProcessName", pid, text.data(), static_cast<unsigned>(text.size()));
    return code == 0 ? text.data() : "";
  }

  Library lib_;
  bool initialised_{};
  std::map<std::uint32_t, nvmlDevice_t> handles_;
};

}  // namespace

Result<std::unique_ptr<node::Node>> open(const Options& options) {
  auto library = GPUSLICE_TRY(Library::open(options.library));
  auto adapter = std::make_unique<Adapter>(std::move(library));
  GPUSLICE_CHECK(adapter->start(options));
  return adapter;
}

}  // namespace gpuslice::nvml
