#include "nvml/adapter.hpp"

#include "abi/private_table.hpp"
#include "nvml/calls.hpp"
#include "nvml/confidential.hpp"
#include "nvml/links.hpp"
#include "nvml/lists.hpp"
#include "nvml/mig.hpp"
#include "nvml/performance.hpp"
#include "nvml/process_utilization.hpp"
#include "nvml/processes.hpp"
#include "nvml/readings.hpp"
#include "nvml/reset_program.hpp"
#include "nvml/time_slice_program.hpp"
#include "nvml/topology.hpp"
#include "nvml/tuning.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;
using abi::nvmlDevice_t;

// What to do about a driver that is installed and does not start.
const char* hint_for(int code) {
  switch (code) {
    case abi::NVML_ERROR_DRIVER_NOT_LOADED:
      return "load it, or work on a simulated node: gpuslice sim list";
    case abi::NVML_ERROR_LIB_RM_VERSION_MISMATCH:
      return "library and kernel module are of different drivers: reboot, or unload and load the nvidia modules";
    default:
      return "";
  }
}

class Adapter final : public DriverNode {
 public:
  explicit Adapter(Library library) : calls_(std::move(library)) {}
  ~Adapter() override {
    if (initialised_) static_cast<void>(calls_.library().call("nvmlShutdown"));
  }
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  Result<void> start(const Options& options) {
    auto& library = calls_.library();
    const int code = library.call_any({"nvmlInit_v2", "nvmlInit"});
    if (code != abi::NVML_SUCCESS)
      return std::unexpected(Error{code == abi::NVML_ERROR_NO_PERMISSION ? ErrorKind::permission : ErrorKind::unknown,
                                   options.library, "the NVIDIA driver does not answer: " + library.words(code),
                                   hint_for(code), code, library.words(code)});
    initialised_ = true;
    ask_whether_simulated();
    if (options.simulated_only && !simulated())
      return fail(ErrorKind::refused, options.library,
                  "is a real NVIDIA driver, but this is the inside of a simulated node, which must never reach one",
                  "leave the node, or see that LD_LIBRARY_PATH begins with its lib directory");
    if (options.readonly && !simulated()) library.forbid_changes();
    return {};
  }

  const std::string& simulated_node() const override { return simulated_node_; }

  Answer<SystemInfo> system() override {
    auto& library = calls_.library();
    SystemInfo info;
    std::array<char, abi::NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE> text{};
    constexpr auto size = static_cast<unsigned>(text.size());
    const int code = library.call("nvmlSystemGetDriverVersion", text.data(), size);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    info.driver_version = Calls::bounded(text);
    if (library.call("nvmlSystemGetNVMLVersion", text.data(), size) == abi::NVML_SUCCESS)
      info.nvml_version = Calls::bounded(text);
    int cuda = 0;
    if (library.call_any({"nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"}, &cuda) ==
        abi::NVML_SUCCESS)
      info.cuda_version = cuda;
    return info;
  }
  Answer<std::uint32_t> gpu_count() override {
    unsigned count = 0;
    const int code = calls_.library().call_any({"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"}, &count);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return count;
  }

  Answer<GpuIndex> gpu_by_uuid(const std::string& uuid) override {
    const auto subject = by_uuid(uuid);
    if (!subject) return std::unexpected(subject.error());
    if (subject->mig_index) return calls_.refusal(abi::NVML_ERROR_NOT_FOUND);
    return subject->gpu;
  }
  Answer<GpuIndex> gpu_by_bus_id(const std::string& bus_id) override {
    nvmlDevice_t device{};
    const int code = calls_.library().call_any({"nvmlDeviceGetHandleByPciBusId_v2", "nvmlDeviceGetHandleByPciBusId"},
                                               bus_id.c_str(), &device);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return calls_.index_of(device);
  }
  Answer<Subject> by_uuid(const std::string& uuid) override {
    auto& library = calls_.library();
    nvmlDevice_t device{};
    int code = library.call("nvmlDeviceGetHandleByUUID", uuid.c_str(), &device);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    // A driver from before MIG has no such function, and no MIG devices.
    unsigned is_mig = 0;
    static_cast<void>(library.call("nvmlDeviceIsMigDeviceHandle", device, &is_mig));
    Subject subject;
    auto* gpu = device;
    if (is_mig != 0) {
      unsigned mig_index = 0;  // nvmlDeviceGetIndex of a MIG handle is its MIG index
      if (code = library.call("nvmlDeviceGetIndex", device, &mig_index); code != abi::NVML_SUCCESS)
        return calls_.refusal(code);
      if (code = library.call("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", device, &gpu); code != abi::NVML_SUCCESS)
        return calls_.refusal(code);
      subject.mig_index = mig_index;
    }
    const auto index = calls_.index_of(gpu);
    if (!index) return std::unexpected(index.error());
    subject.gpu = *index;
    return subject;
  }

  Answer<std::string> name(Subject s) override {
    return calls_.text<abi::NVML_DEVICE_NAME_V2_BUFFER_SIZE>(s, "nvmlDeviceGetName");
  }
  Answer<std::string> uuid(Subject s) override {
    return calls_.text<abi::NVML_DEVICE_UUID_V2_BUFFER_SIZE>(s, "nvmlDeviceGetUUID");
  }
  Answer<Memory> memory(Subject s) override {
    abi::nvmlMemory_v2_t v2{};
    v2.version = abi::nvmlMemory_v2;
    const auto done = calls_.on(s, "nvmlDeviceGetMemoryInfo_v2", &v2);
    if (done) return Memory{v2.total, v2.free, v2.used, v2.reserved};
    if (done.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return std::unexpected(done.error());
    // A driver before R510 counts what is reserved as used, and does not say how much it is.
    abi::nvmlMemory_t v1{};
    if (const auto older = calls_.on(s, "nvmlDeviceGetMemoryInfo", &v1); !older) return std::unexpected(older.error());
    return Memory{v1.total, v1.free, v1.used, {}};
  }
  Answer<Bar1> bar1(Subject s) override {
    abi::nvmlBAR1Memory_t bar1{};
    if (const auto done = calls_.on(s, "nvmlDeviceGetBAR1MemoryInfo", &bar1); !done)
      return std::unexpected(done.error());
    return Bar1{bar1.bar1Total, bar1.bar1Free, bar1.bar1Used};
  }
  Answer<std::uint64_t> uncorrected_ecc_errors(Subject s) override {
    constexpr auto uncorrected = abi::NVML_MEMORY_ERROR_TYPE_UNCORRECTED;
    unsigned long long count = 0;
    const auto done = s.mig_index
                          ? calls_.on(s, "nvmlDeviceGetMemoryErrorCounter", uncorrected, abi::NVML_VOLATILE_ECC,
                                      abi::NVML_MEMORY_LOCATION_SRAM, &count)
                          : calls_.on(s, "nvmlDeviceGetTotalEccErrors", uncorrected, abi::NVML_VOLATILE_ECC, &count);
    if (!done) return std::unexpected(done.error());
    return count;
  }
  Answer<std::vector<Process>> processes(Subject s) override { return nvml::processes(calls_, s); }

  Answer<PciInfo> pci(GpuIndex gpu) override {
    abi::nvmlPciInfo_t pci{};
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetPciInfo_v3", &pci); !done) return std::unexpected(done.error());
    return PciInfo{pci.domain, pci.bus, pci.device, pci.pciDeviceId, pci.pciSubSystemId, Calls::bounded(pci.busId)};
  }
  Answer<Mode> mig_mode(GpuIndex gpu) override { return calls_.mode(gpu, "nvmlDeviceGetMigMode"); }
  using Node::read;
  std::vector<Answer<fields::Value>> read(GpuIndex gpu, std::span<const fields::Reading> readings) override {
    return nvml::read(calls_, gpu, readings);
  }
  Answer<void> reachable(GpuIndex gpu) override {
    if (const auto device = calls_.handle({gpu, {}}); !device) return std::unexpected(device.error());
    return {};
  }
  Answer<std::string> address(GpuIndex gpu) override { return nvml::address(calls_, gpu); }
  Answer<std::vector<Sample>> samples(GpuIndex gpu, SampleKind kind) override {
    return nvml::samples(calls_, gpu, kind);
  }
  Answer<std::vector<std::uint32_t>> memory_clocks(GpuIndex gpu) override { return nvml::memory_clocks(calls_, gpu); }
  Answer<std::vector<std::uint32_t>> graphics_clocks(GpuIndex gpu, std::uint32_t memory_clock) override {
    return nvml::graphics_clocks(calls_, gpu, memory_clock);
  }
  Answer<std::vector<RetiredPage>> retired_pages(GpuIndex gpu, bool after_uncorrected_error) override {
    return nvml::retired_pages(calls_, gpu, after_uncorrected_error);
  }
  Answer<std::vector<AccountedProcess>> accounted_processes(GpuIndex gpu) override {
    return nvml::accounted_processes(calls_, gpu);
  }
  Answer<std::vector<LicensedProduct>> licensed_products(GpuIndex gpu) override {
    return nvml::licensed_products(calls_, gpu);
  }

  Answer<std::vector<GiProfileInfo>> gi_profiles(GpuIndex gpu) override { return nvml::gi_profiles(calls_, gpu); }
  Answer<std::uint32_t> gi_remaining(GpuIndex gpu, mig::GiProfileId profile) override {
    return nvml::gi_remaining(calls_, gpu, profile);
  }
  Answer<std::vector<Span>> gi_placements(GpuIndex gpu, mig::GiProfileId profile) override {
    return nvml::gi_placements(calls_, gpu, profile);
  }
  Answer<std::vector<GiInfo>> gpu_instances(GpuIndex gpu, mig::GiProfileId profile) override {
    return nvml::gpu_instances(calls_, gpu, profile);
  }
  Answer<std::vector<CiProfileInfo>> ci_profiles(GpuIndex gpu, mig::GiId gi) override {
    return nvml::ci_profiles(calls_, gpu, gi);
  }
  Answer<std::uint32_t> ci_remaining(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    return nvml::ci_remaining(calls_, gpu, gi, profile);
  }
  Answer<std::vector<Span>> ci_placements(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    return nvml::ci_placements(calls_, gpu, gi, profile);
  }
  Answer<std::vector<CiInfo>> compute_instances(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    return nvml::compute_instances(calls_, gpu, gi, profile);
  }
  Answer<std::vector<std::uint32_t>> mig_indices(GpuIndex gpu) override { return nvml::mig_indices(calls_, gpu); }
  Answer<mig::GiId> mig_gi(Subject s) override {
    const auto id = calls_.number(s, "nvmlDeviceGetGpuInstanceId");
    if (!id) return std::unexpected(id.error());
    return mig::GiId{*id};
  }
  Answer<mig::CiId> mig_ci(Subject s) override {
    const auto id = calls_.number(s, "nvmlDeviceGetComputeInstanceId");
    if (!id) return std::unexpected(id.error());
    return mig::CiId{*id};
  }
  Answer<MigAttributes> mig_attributes(Subject s) override { return nvml::mig_attributes(calls_, s); }

  Answer<MigSwitch> set_mig_mode(GpuIndex gpu, bool enable) override { return nvml::set_mig_mode(calls_, gpu, enable); }
  Answer<GiInfo> create_gi(GpuIndex gpu, mig::GiProfileId profile, std::optional<Span> placement) override {
    return nvml::create_gi(calls_, gpu, profile, placement);
  }
  Answer<void> destroy_gi(GpuIndex gpu, mig::GiId gi) override { return nvml::destroy_gi(calls_, gpu, gi); }
  Answer<CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                           std::optional<Span> placement) override {
    return nvml::create_ci(calls_, gpu, gi, profile, placement);
  }
  Answer<void> destroy_ci(GpuIndex gpu, mig::GiId gi, mig::CiId ci) override {
    return nvml::destroy_ci(calls_, gpu, gi, ci);
  }
  Answer<void> set_compute_mode(GpuIndex gpu, std::uint32_t mode) override {
    if (const auto may = calls_.may_change(); !may) return may;
    return calls_.on(gpu, "nvmlDeviceSetComputeMode", mode);
  }
  Answer<void> set_persistence_mode(GpuIndex gpu, bool enable) override {
    if (const auto may = calls_.may_change(); !may) return may;
    return calls_.on(gpu, "nvmlDeviceSetPersistenceMode", enable ? 1U : 0U);
  }
  Answer<void> reset(GpuIndex gpu) override {
    if (const auto may = calls_.may_change(); !may) return may;
    if (simulated_ == nullptr) return reset_by_program(gpu);
    const int code = simulated_->reset(gpu.value);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return {};
  }
  Answer<std::uint32_t> time_slice(GpuIndex gpu) override {
    if (simulated_ == nullptr) return time_slice_by_program(gpu);
    unsigned policy = 0;
    const int code = simulated_->time_slice(gpu.value, &policy);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return policy;
  }
  Answer<void> set_time_slice(GpuIndex gpu, std::uint32_t policy) override {
    if (const auto may = calls_.may_change(); !may) return may;
    if (simulated_ == nullptr) return set_time_slice_by_program(gpu, policy);
    const int code = simulated_->set_time_slice(gpu.value, policy);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return {};
  }

  Answer<PathLevel> path_level(GpuIndex one, GpuIndex other) override { return nvml::path_level(calls_, one, other); }
  Answer<NearGpus> nearest_gpus(GpuIndex gpu, PathLevel level) override {
    return nvml::nearest_gpus(calls_, gpu, level);
  }
  Answer<PeerStatus> peer_status(GpuIndex one, GpuIndex other, PeerAccess access) override {
    return nvml::peer_status(calls_, one, other, access);
  }
  Answer<std::vector<std::uint32_t>> cpus_near(GpuIndex gpu) override { return nvml::cpus_near(calls_, gpu); }
  Answer<std::vector<std::uint32_t>> numa_nodes_near(GpuIndex gpu) override {
    return nvml::numa_nodes_near(calls_, gpu);
  }
  Answer<std::uint32_t> own_numa_node(GpuIndex gpu) override { return calls_.number(gpu, "nvmlDeviceGetNumaNodeId"); }
  Answer<NearGpus> gpus_near_cpu(std::uint32_t cpu) override { return nvml::gpus_near_cpu(calls_, cpu); }
  Answer<std::vector<ExcludedGpu>> excluded_gpus() override { return nvml::excluded_gpus(calls_); }

  Answer<std::uint64_t> link_figure(GpuIndex gpu, std::uint32_t link, LinkFigure figure) override {
    return nvml::link_figure(calls_, gpu, link, figure);
  }
  Answer<LinkPeer> link_peer(GpuIndex gpu, std::uint32_t link) override { return nvml::link_peer(calls_, gpu, link); }
  Answer<std::uint32_t> link_bandwidth_mode() override { return nvml::link_bandwidth_mode(calls_); }
  Answer<std::uint64_t> pcie_figure(GpuIndex gpu, PcieFigure figure, std::uint32_t lane) override {
    return nvml::pcie_figure(calls_, gpu, figure, lane);
  }
  Answer<std::uint64_t> c2c_figure(GpuIndex gpu, C2cFigure figure, std::uint32_t link) override {
    return nvml::c2c_figure(calls_, gpu, figure, link);
  }

  Answer<std::vector<ProcessUse>> process_use(GpuIndex gpu, std::uint64_t since) override {
    return nvml::process_use(calls_, gpu, since);
  }
  Answer<std::vector<EncoderSession>> encoder_sessions(GpuIndex gpu) override {
    return nvml::encoder_sessions(calls_, gpu);
  }
  Answer<std::vector<CaptureSession>> capture_sessions(GpuIndex gpu) override {
    return nvml::capture_sessions(calls_, gpu);
  }
  Answer<std::unique_ptr<PerformanceSample>> performance_sample(GpuIndex gpu, std::optional<mig::GiId> gi) override {
    return nvml::performance_sample(calls_, gpu, gi);
  }
  std::vector<Answer<double>> performance(const PerformanceSample& from, const PerformanceSample& to,
                                          std::span<const std::uint32_t> metrics) override {
    return nvml::performance(calls_, from, to, metrics);
  }
  Answer<std::vector<MetricName>> metric_names(std::span<const std::uint32_t> metrics) override {
    return nvml::metric_names(calls_, metrics);
  }
  Answer<bool> performance_streaming(GpuIndex gpu) override { return nvml::performance_streaming(calls_, gpu); }
  Answer<ConfidentialCompute> confidential_compute() override { return nvml::confidential_compute(calls_); }
  Answer<ConfidentialMemory> confidential_memory(GpuIndex gpu) override {
    return nvml::confidential_memory(calls_, gpu);
  }
  Answer<bool> draining(const std::string& bus_id) override { return nvml::draining(calls_, bus_id); }

  Answer<void> set_ecc_mode(GpuIndex gpu, bool enable) override { return nvml::set_ecc_mode(calls_, gpu, enable); }
  Answer<void> clear_ecc_errors(GpuIndex gpu, bool aggregate) override {
    return nvml::clear_ecc_errors(calls_, gpu, aggregate);
  }
  Answer<void> set_accounting_mode(GpuIndex gpu, bool enable) override {
    return nvml::set_accounting_mode(calls_, gpu, enable);
  }
  Answer<void> clear_accounted_processes(GpuIndex gpu) override { return nvml::clear_accounted_processes(calls_, gpu); }
  Answer<void> set_power_limit(GpuIndex gpu, std::uint32_t milliwatts) override {
    return nvml::set_power_limit(calls_, gpu, milliwatts);
  }
  Answer<void> lock_gpu_clocks(GpuIndex gpu, Clocks clocks) override {
    return nvml::lock_gpu_clocks(calls_, gpu, clocks);
  }
  Answer<void> reset_gpu_clocks(GpuIndex gpu) override { return nvml::reset_gpu_clocks(calls_, gpu); }
  Answer<void> lock_memory_clocks(GpuIndex gpu, Clocks clocks) override {
    return nvml::lock_memory_clocks(calls_, gpu, clocks);
  }
  Answer<void> reset_memory_clocks(GpuIndex gpu) override { return nvml::reset_memory_clocks(calls_, gpu); }
  Answer<void> set_application_clocks(GpuIndex gpu, std::uint32_t memory, std::uint32_t graphics) override {
    return nvml::set_application_clocks(calls_, gpu, memory, graphics);
  }
  Answer<void> reset_application_clocks(GpuIndex gpu) override { return nvml::reset_application_clocks(calls_, gpu); }

  std::string error_text(int code) override { return calls_.library().words(code); }

 private:
  // Only a library that names its node counts as simulated: whoever answers less could reach a real card.
  void ask_whether_simulated() {
    const abi::SimulatedTable* table = nullptr;
    const int code = calls_.library().call("nvmlInternalGetExportTable", reinterpret_cast<const void**>(&table),
                                           static_cast<const void*>(abi::simulated_guid.data()));
    if (code != abi::NVML_SUCCESS || table == nullptr || table->directory == nullptr) return;
    simulated_node_ = table->directory;
    simulated_ = table;
  }

  Calls calls_;
  bool initialised_{};
  std::string simulated_node_;
  const abi::SimulatedTable* simulated_{};
};

}  // namespace

Result<std::unique_ptr<DriverNode>> open(const Options& options) {
  auto library = GPUSLICE_TRY(Library::open(options.library));
  auto adapter = std::make_unique<Adapter>(std::move(library));
  GPUSLICE_CHECK(adapter->start(options));
  return adapter;
}

}  // namespace gpuslice::nvml
