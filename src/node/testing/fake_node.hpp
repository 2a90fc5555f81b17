// A node in memory for tests: its GPUs have MIG state that is actually changed by the calls, and a test can set
// refusals for each call.
//
// It knows profiles, ids and counts, but not the rules of placement: a real driver decides whether a placement is free.
// The tests check which calls a driver receives and how its answers are shown.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::node::testing {

struct FakeProfile {
  GiProfileInfo info;
  std::vector<std::uint8_t> starts;
  std::uint8_t size{};
};
// The GPU instance profiles of a product, in NVML enum order: A100-SXM4-40GB (driver 580.126.09), RTX PRO 6000, H200,
// and a board like a B200, on which 111 SMs and 183296 MiB replace unknown figures (to test wide columns).
[[nodiscard]] std::vector<FakeProfile> a100_40_profiles();
[[nodiscard]] std::vector<FakeProfile> rtx_pro_profiles();
[[nodiscard]] std::vector<FakeProfile> wide_profiles();
[[nodiscard]] std::vector<FakeProfile> h200_profiles();

struct FakeCi {
  CiInfo info;
};
struct FakeGi {
  GiInfo info;
  std::vector<FakeCi> compute;  // in order of creation
};

// The codes that successive calls return. 0 means success, and so does every call after the last code.
struct Refusals {
  std::vector<int> codes;
  std::size_t next{};
  [[nodiscard]] int take() { return next < codes.size() ? codes[next++] : 0; }
};

struct FakeLink {
  std::map<LinkFigure, std::uint64_t> figures;  // NOT_SUPPORTED for a figure that is absent
  std::optional<LinkPeer> peer;
};

struct FakeGpu {
  std::map<fields::Reading, Answer<fields::Value>>
      readings;  // override the members below; NOT_SUPPORTED if absent in both
  std::map<SampleKind, Answer<std::vector<Sample>>> samples;   // NOT_FOUND for a kind that is absent
  std::map<std::uint32_t, std::vector<std::uint32_t>> clocks;  // graphics clocks by memory clock
  std::optional<std::vector<RetiredPage>> retired_corrected, retired_uncorrected;
  std::vector<AccountedProcess> accounted;
  std::vector<LicensedProduct> licensed;
  // NVML codes that the list calls return; 0 for success.
  int refuse_memory_clocks{}, refuse_graphics_clocks{}, refuse_retired{}, refuse_accounted{}, unreachable{};
  std::string name{"NVIDIA H200"}, uuid{"GPU-11111111-2222-3333-4444-555555555555"}, serial{"1234567890123"};
  std::string vbios{"96.00.A5.00.1A"};
  PciInfo pci{0, 0, 6, 0x233510DE, 0x18BF10DE, "00000000:00:06.0"};
  double memory_total_mib{143771}, memory_reserved_mib{615.0625}, memory_used_mib{0};
  std::uint32_t temperature_c{33}, power_mw{79720}, power_limit_mw{700000}, performance_state{0}, compute_mode{0},
      time_slice{0};
  std::optional<std::uint32_t> fan_percent;
  std::uint32_t addressing_mode{0};
  bool persistence{true}, display_active{false}, display_attached{true};
  Mode ecc{true, true}, mig{false, false};
  std::uint64_t ecc_errors{0};
  std::vector<FakeProfile> profiles;
  std::vector<FakeGi> instances;
  double idle_mib_per_slice{35.5}, mig_bar1_mib{12211.99};
  bool mig_names_keep_suffix{false};
  // For new GPU instances, in order; after the last, the lowest free id is used.
  std::vector<std::uint32_t> new_gi_ids;
  std::vector<Process> processes, mig_processes;  // of the GPU, and of each MIG device

  // NVML codes that calls return; 0 for success.
  int refuse_mig_mode{}, refuse_memory{}, refuse_mig_memory{}, refuse_mig_bar1{}, refuse_mig_ecc{},
      refuse_utilization{};
  int refuse_ecc_mode{}, refuse_set_mig{}, activation{}, refuse_set_compute{}, refuse_set_persistence{}, refuse_reset{};
  int refuse_time_slice{}, refuse_set_time_slice{};
  Refusals create_gi, create_ci, destroy_gi, destroy_ci;

  // Calls for anything that is absent here return NOT_SUPPORTED; process use without samples returns NOT_FOUND.
  std::map<std::uint32_t, std::uint32_t> paths;  // PathLevel by the other GPU's index; `system` if absent
  std::map<PeerAccess, PeerStatus> peers;        // the same for every other GPU; not supported if absent
  std::vector<std::uint32_t> cpus, numa_nodes;
  std::optional<std::uint32_t> own_numa_node;
  std::vector<FakeLink> links;
  std::map<PcieFigure, std::uint64_t> pcie;
  std::vector<std::uint64_t> lane_errors;
  std::vector<std::uint64_t> c2c_speeds;  // MB/s of each link
  std::vector<ProcessUse> process_use;
  std::vector<EncoderSession> encoder_sessions;
  std::vector<CaptureSession> capture_sessions;
  std::map<std::uint32_t, double> performance;  // by metric number
  std::uint32_t performance_samples{};          // samples taken so far
  bool performance_streaming{};
  std::optional<ConfidentialMemory> confidential_memory;
  bool draining{};
  // Codes that changes return, by the name of the change in the journal: {"power limit", 4}.
  std::map<std::string, int> refuse_change;
};

// The requested changes, as "create gi 14", "create gi 19 at 6:1", "destroy ci 3/1", "mig 1", "compute 3".
using Journal = std::vector<std::string>;

struct FakeState {
  std::vector<FakeGpu> gpus{FakeGpu{}};
  SystemInfo about{"580.159.04", 13000, "13.580.159.04"};
  Journal journal;
  std::mutex journal_guard;  // needed because each GPU may have its own thread
  std::vector<ExcludedGpu> excluded;
  std::uint32_t link_bandwidth_mode{};
  std::optional<ConfidentialCompute> confidential{ConfidentialCompute{0, false, false, 0, true, false}};
};

class FakeNode : public Node,
                 public Identity,
                 public Readings,
                 public Mig,
                 public Processes,
                 public Modes,
                 public Topology,
                 public Links,
                 public Monitoring,
                 public Tuning,
                 public Reset {
 public:
  explicit FakeNode(std::shared_ptr<FakeState> state = std::make_shared<FakeState>())
      : state_(std::move(state)), gpus(state_->gpus), about(state_->about), journal(state_->journal) {
    give<Identity, Readings, Mig, Processes, Modes, Topology, Links, Monitoring, Tuning, Reset>(
        *this, *this, *this, *this, *this, *this, *this, *this, *this, *this);
  }
  [[nodiscard]] FakeState& state() const { return *state_; }

  // A copy is a second node with the same state: pass one to the code under test and inspect the other afterwards.
  FakeNode(const FakeNode& other) : FakeNode(other.state_) {}
  FakeNode& operator=(const FakeNode&) = delete;
  [[nodiscard]] std::unique_ptr<Node> opened() const { return std::make_unique<FakeNode>(state_); }

  Answer<SystemInfo> system() override;
  Answer<std::uint32_t> gpu_count() override;
  Answer<GpuIndex> gpu_by_uuid(const std::string& uuid) override;
  Answer<GpuIndex> gpu_by_bus_id(const std::string& bus_id) override;
  Answer<Subject> by_uuid(const std::string& uuid) override;
  Answer<std::string> name(Subject subject) override;
  Answer<std::string> uuid(Subject subject) override;
  Answer<Memory> memory(Subject subject) override;
  Answer<Bar1> bar1(Subject subject) override;
  Answer<std::vector<Process>> of(Subject subject) override;
  Answer<std::uint64_t> uncorrected_ecc_errors(Subject subject) override;
  using Readings::read;
  std::vector<Answer<fields::Value>> read(Subject subject, std::span<const fields::Reading> readings) override;
  Answer<void> reachable(GpuIndex gpu) override;
  Answer<std::string> address(GpuIndex gpu) override;
  Answer<std::vector<Sample>> samples(GpuIndex gpu, SampleKind kind) override;
  Answer<std::vector<std::uint32_t>> memory_clocks(GpuIndex gpu) override;
  Answer<std::vector<std::uint32_t>> graphics_clocks(GpuIndex gpu, std::uint32_t memory_clock) override;
  Answer<std::vector<RetiredPage>> retired_pages(GpuIndex gpu, bool after_uncorrected_error) override;
  Answer<std::vector<AccountedProcess>> accounted_processes(GpuIndex gpu) override;
  Answer<std::vector<LicensedProduct>> licensed_products(GpuIndex gpu) override;
  Answer<PciInfo> pci(GpuIndex gpu) override;
  Answer<Mode> mig_mode(GpuIndex gpu) override;
  Answer<std::vector<GiProfileInfo>> gi_profiles(GpuIndex gpu) override;
  Answer<std::uint32_t> gi_remaining(GpuIndex gpu, mig::GiProfileId profile) override;
  Answer<std::vector<mig::Placement>> gi_placements(GpuIndex gpu, mig::GiProfileId profile) override;
  Answer<std::vector<GiInfo>> gpu_instances(GpuIndex gpu, mig::GiProfileId profile) override;
  Answer<std::vector<CiProfileInfo>> ci_profiles(GpuIndex gpu, mig::GiId gi) override;
  Answer<std::uint32_t> ci_remaining(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override;
  Answer<std::vector<mig::Placement>> ci_placements(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override;
  Answer<std::vector<CiInfo>> compute_instances(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override;
  Answer<std::vector<std::uint32_t>> mig_indices(GpuIndex gpu) override;
  Answer<mig::GiId> mig_gi(Subject mig_device) override;
  Answer<mig::CiId> mig_ci(Subject mig_device) override;
  Answer<MigAttributes> mig_attributes(Subject mig_device) override;
  Answer<MigSwitch> set_mig_mode(GpuIndex gpu, bool enable) override;
  Answer<GiInfo> create_gi(GpuIndex gpu, mig::GiProfileId profile, std::optional<mig::Placement> placement) override;
  Answer<void> destroy_gi(GpuIndex gpu, mig::GiId gi) override;
  Answer<CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                           std::optional<mig::Placement> placement) override;
  Answer<void> destroy_ci(GpuIndex gpu, mig::GiId gi, mig::CiId ci) override;
  Answer<void> set_compute_mode(GpuIndex gpu, std::uint32_t mode) override;
  Answer<void> set_persistence_mode(GpuIndex gpu, bool enable) override;
  Answer<void> reset_gpu(GpuIndex gpu) override;
  Answer<std::uint32_t> time_slice(GpuIndex gpu) override;
  Answer<void> set_time_slice(GpuIndex gpu, std::uint32_t policy) override;
  // Topology, links, monitoring and tuning: fake_monitoring.cpp.
  Answer<PathLevel> path_level(GpuIndex one, GpuIndex other) override;
  Answer<NearGpus> nearest_gpus(GpuIndex gpu, PathLevel level) override;
  Answer<PeerStatus> peer_status(GpuIndex one, GpuIndex other, PeerAccess access) override;
  Answer<std::vector<std::uint32_t>> cpus_near(GpuIndex gpu) override;
  Answer<std::vector<std::uint32_t>> numa_nodes_near(GpuIndex gpu) override;
  Answer<std::uint32_t> own_numa_node(GpuIndex gpu) override;
  Answer<NearGpus> gpus_near_cpu(std::uint32_t cpu) override;
  Answer<std::vector<ExcludedGpu>> excluded_gpus() override;
  Answer<std::uint64_t> link_figure(GpuIndex gpu, std::uint32_t link, LinkFigure figure) override;
  Answer<LinkPeer> link_peer(GpuIndex gpu, std::uint32_t link) override;
  Answer<std::uint32_t> link_bandwidth_mode() override;
  Answer<std::uint64_t> pcie_figure(GpuIndex gpu, PcieFigure figure, std::uint32_t lane) override;
  Answer<std::uint64_t> c2c_figure(GpuIndex gpu, C2cFigure figure, std::uint32_t link) override;
  Answer<std::vector<ProcessUse>> process_use(GpuIndex gpu, std::uint64_t since) override;
  Answer<std::vector<EncoderSession>> encoder_sessions(GpuIndex gpu) override;
  Answer<std::vector<CaptureSession>> capture_sessions(GpuIndex gpu) override;
  Answer<std::unique_ptr<PerformanceSample>> performance_sample(GpuIndex gpu, std::optional<mig::GiId> gi) override;
  std::vector<Answer<double>> performance(const PerformanceSample& from, const PerformanceSample& to,
                                          std::span<const std::uint32_t> metrics) override;
  Answer<std::vector<MetricName>> metric_names(std::span<const std::uint32_t> metrics) override;
  Answer<bool> performance_streaming(GpuIndex gpu) override;
  Answer<ConfidentialCompute> confidential_compute() override;
  Answer<ConfidentialMemory> confidential_memory(GpuIndex gpu) override;
  Answer<bool> draining(const std::string& bus_id) override;
  Answer<void> set_ecc_mode(GpuIndex gpu, bool enable) override;
  Answer<void> clear_ecc_errors(GpuIndex gpu, bool aggregate) override;
  Answer<void> set_accounting_mode(GpuIndex gpu, bool enable) override;
  Answer<void> clear_accounted_processes(GpuIndex gpu) override;
  Answer<void> set_power_limit(GpuIndex gpu, std::uint32_t milliwatts) override;
  Answer<void> lock_gpu_clocks(GpuIndex gpu, Clocks clocks) override;
  Answer<void> reset_gpu_clocks(GpuIndex gpu) override;
  Answer<void> lock_memory_clocks(GpuIndex gpu, Clocks clocks) override;
  Answer<void> reset_memory_clocks(GpuIndex gpu) override;
  Answer<void> set_application_clocks(GpuIndex gpu, std::uint32_t memory, std::uint32_t graphics) override;
  Answer<void> reset_application_clocks(GpuIndex gpu) override;
  std::string error_text(int code) override;

 private:
  void add(NearGpus& near, GpuIndex gpu);
  void note(std::string change) {
    const std::scoped_lock lock(state_->journal_guard);
    journal.push_back(std::move(change));
  }
  std::shared_ptr<FakeState> state_;

 public:
  std::vector<FakeGpu>& gpus;
  SystemInfo& about;
  Journal& journal;

 private:
  struct Device {
    FakeGpu* gpu{};
    FakeGi* gi{};
    FakeCi* ci{};
    FakeProfile* profile{};
  };
  Answer<void> change(GpuIndex gpu, const std::string& what, const std::string& value = {});
  std::unexpected<DriverError> refuse(int code) { return std::unexpected(DriverError{code, error_text(code)}); }
  Answer<fields::Value> one_reading(GpuIndex gpu, fields::Reading reading);
  FakeGi* find(GpuIndex gpu, mig::GiId gi);
  FakeProfile* find(GpuIndex gpu, mig::GiProfileId profile);
  std::optional<Device> device(Subject subject);
  std::vector<CiProfileInfo> ci_profiles_of(const FakeProfile& profile);
};

}  // namespace gpuslice::node::testing
