// The node port: what a host with GPUs can be asked and told. One interface for the real driver, the simulated one
// (both through nvml/adapter) and for fakes in tests. It knows neither NVML structs nor output formats.
//
// Every answer is a value or the driver's own refusal, code and words as NVML has them, because nvidia-smi prints both.
// GPUs are named by their index. Sizes are bytes unless the name says otherwise.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "fields/reading.hpp"
#include "fields/value.hpp"
#include "mig/capability.hpp"

namespace gpuslice::node {

// An NVML return code other than SUCCESS with nvmlErrorString's words ("In use by another client").
struct DriverError {
  int code{};
  std::string text;
};
// The codes that callers tell apart.
inline constexpr int err_invalid_argument = 2;
inline constexpr int err_not_supported = 3;
inline constexpr int err_no_permission = 4;
inline constexpr int err_not_found = 6;
inline constexpr int err_gpu_is_lost = 15;
inline constexpr int err_in_use = 19;
inline constexpr int err_no_data = 21;
inline constexpr int err_insufficient_resources = 23;
inline constexpr int err_not_ready = 27;
inline constexpr int err_unknown = 999;

template <class T>
using Answer = std::expected<T, DriverError>;

struct SystemInfo {
  std::string driver_version;       // "580.159.04"
  std::optional<int> cuda_version;  // 13000 for 13.0; absent where the driver has no CUDA (vGPU host)
  std::string nvml_version;
};
struct PciInfo {
  std::uint32_t domain{}, bus{}, device{};
  std::uint32_t device_id{}, subsystem_id{};  // device in the high half, vendor in the low
  std::string bus_id;                         // "00000000:10:1C.0"
};
struct Memory {
  std::uint64_t total{}, free{}, used{};
  std::optional<std::uint64_t> reserved;  // no part of used; absent: a driver before R510, where used holds it too
};
struct Bar1 {
  std::uint64_t total{}, free{}, used{};
};
struct Mode {
  bool current{}, pending{};
};

struct GiProfileInfo {
  std::uint32_t nvml_enum{};
  mig::GiProfileId id{};
  std::string name;  // "MIG 1g.5gb+me"
  std::uint32_t slices{}, max_count{}, multiprocessors{};
  std::uint32_t copy{}, decoder{}, encoder{}, jpeg{}, ofa{};
  std::uint64_t memory_mib{};
  bool p2p{};
};
struct CiProfileInfo {
  std::uint32_t nvml_enum{};
  mig::CiProfileId id{};
  std::string name;  // "MIG 1c.2g.10gb"
  std::uint32_t slices{}, max_count{}, multiprocessors{};
  std::uint32_t copy{}, decoder{}, encoder{}, jpeg{}, ofa{};  // shared by all compute instances of the GPU instance
};
struct GiInfo {
  mig::GiId id{};
  mig::GiProfileId profile{};
  std::uint32_t start{}, size{};
};
struct CiInfo {
  mig::CiId id{};
  mig::CiProfileId profile{};
  std::uint32_t start{}, size{};
};
struct Span {
  std::uint32_t start{}, size{};
};

struct MigAttributes {
  std::uint32_t multiprocessors{}, copy{}, decoder{}, encoder{}, jpeg{}, ofa{};
  std::uint32_t gi_slices{}, ci_slices{};
  std::uint64_t memory_mib{};
};

// A device handle's worth of subject: a GPU, or a MIG device on it by its MIG index.
struct Subject {
  GpuIndex gpu{};
  std::optional<std::uint32_t> mig_index;
};

enum class ProcessKind : std::uint8_t { compute = 1, graphics = 2, mps = 4 };
struct Process {
  std::uint32_t pid{};
  unsigned kinds{};  // or-ed ProcessKind
  std::string name;
  std::optional<std::uint64_t> memory;  // absent: the driver does not know
  std::optional<std::uint32_t> gi, ci;
};

// Readings that come as lists.
enum class SampleKind : std::uint8_t {
  power,  // milliwatts
  gpu,    // percent, to `ofa`
  memory,
  encoder,
  decoder,
  jpeg,
  ofa,
  sm_clock,  // MHz
  memory_clock
};
struct Sample {
  std::uint64_t microseconds{};  // since 1970
  std::uint32_t value{};
};
struct RetiredPage {
  std::uint64_t address{};
  std::optional<std::uint64_t> seconds;  // since 1970
};
struct AccountedProcess {
  std::uint32_t pid{};
  std::optional<std::uint32_t> gpu_percent, memory_percent;
  std::optional<std::uint64_t> most_memory;  // bytes
  std::uint64_t milliseconds{};              // 0 while it runs
  bool running{};
};
struct LicensedProduct {
  std::string name;
  bool licensed{};
  std::string expires;  // "2026-12-31 23:59:59 GMT", "permanent"; "" when not told
};

enum class Activation { active, in_use, other };
struct MigSwitch {
  bool active{};
  DriverError activation;  // code 0 when active
};

// --- Topology, links, monitoring and tuning ---

// Where the PCIe paths of two GPUs meet.
enum class PathLevel : std::uint8_t { same_board, one_switch, switches, host_bridge, cpu, system };
struct NearGpus {
  std::vector<GpuIndex> gpus;  // ascending
  bool whole{true};            // false: behind these stands one that does not tell its index, a lost one
};
// What one GPU may do with another's memory, and by which way.
enum class PeerAccess : std::uint8_t { read, write, nvlink, atomics, pci };
enum class PeerStatus : std::uint8_t {
  ok,
  chipset_not_supported,
  gpu_not_supported,
  topology_not_supported,
  disabled_by_key,
  not_supported,
  unknown
};

// What is counted and said of one NVLink of a GPU.
enum class LinkFigure : std::uint8_t {
  state,          // 1 active
  speed_mb,       // MB/s
  version,        // NVML_NVLINK_VERSION_*
  replay_errors,  // counts
  recovery_errors,
  flit_crc_errors,
  data_crc_errors,
  ecc_errors,
  data_sent_kib,  // payload
  data_received_kib,
  raw_sent_kib,  // with the protocol's own
  raw_received_kib,
  peer_access,  // flags: what the link can do
  system_memory_access,
  peer_atomics,
  system_memory_atomics,
  sli,
  valid
};
// The other end of a link: its PCI address and link number (absent: the driver does not say).
struct LinkPeer {
  std::string bus_id;
  std::optional<std::uint32_t> link;
};
inline constexpr std::uint32_t most_links = 18;

// Counters of a GPU's PCIe interface; lane_error is of one lane.
enum class PcieFigure : std::uint8_t {
  replays,
  replay_rollovers,
  l0_to_recovery,
  correctable_errors,
  naks_received,
  receiver_errors,
  bad_tlps,
  naks_sent,
  bad_dllps,
  non_fatal_errors,
  fatal_errors,
  unsupported_requests,
  lcrc_errors,
  lane_errors,
  bytes_sent,
  bytes_received
};
// Counters of the chip-to-chip links to a CPU.
enum class C2cFigure : std::uint8_t { links, state, speed_mb };

// What a process made of the GPU in the sampling period that ended at `time` (microseconds since 1970); percent.
struct ProcessUse {
  std::uint32_t pid{};
  std::uint64_t time{};
  std::uint32_t sm{}, memory{}, encoder{}, decoder{}, jpeg{}, ofa{};
};
struct EncoderSession {
  std::uint32_t id{}, pid{}, codec{};  // codec: 0 H.264, 1 HEVC, 2 AV1
  std::uint32_t width{}, height{}, fps{}, latency_us{};
};
struct CaptureSession {
  std::uint32_t id{}, pid{}, display{}, type{}, flags{};
  std::uint32_t max_width{}, max_height{}, width{}, height{}, fps{}, latency_us{};
};
// A moment of the GPU's performance counters, which only the driver can read: metrics are made of two of them.
class PerformanceSample {
 public:
  PerformanceSample() = default;
  PerformanceSample(const PerformanceSample&) = delete;
  PerformanceSample& operator=(const PerformanceSample&) = delete;
  virtual ~PerformanceSample() = default;
};
// As NVML names a metric: "smutil", "%".
struct MetricName {
  std::string name, unit;
};
// A GPU that the driver was told to leave alone.
struct ExcludedGpu {
  std::string bus_id, uuid;
};
struct ConfidentialCompute {
  std::uint32_t environment{};  // 0 unavailable, 1 simulation, 2 production
  bool enabled{}, dev_tools{};
  std::uint32_t cpu{};  // 0 none, 1 AMD SEV, 2 Intel TDX, ...
  bool gpus{}, ready{};
};
struct ConfidentialMemory {
  std::uint64_t protected_kib{}, unprotected_kib{};
};
struct Clocks {
  std::uint32_t low_mhz{}, high_mhz{};
};

class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  virtual Answer<SystemInfo> system() = 0;
  virtual Answer<std::uint32_t> gpu_count() = 0;
  // The GPU with this UUID or PCI address (any spelling NVML takes); NOT_FOUND otherwise.
  virtual Answer<GpuIndex> gpu_by_uuid(const std::string& uuid) = 0;
  virtual Answer<GpuIndex> gpu_by_bus_id(const std::string& bus_id) = 0;
  // A GPU or MIG device by any UUID form, MIG-GPU-<uuid>/<gi>/<ci> included.
  virtual Answer<Subject> by_uuid(const std::string& uuid) = 0;

  // Of a GPU, or of a MIG device where NVML allows it.
  virtual Answer<std::string> name(Subject subject) = 0;
  virtual Answer<std::string> uuid(Subject subject) = 0;
  virtual Answer<Memory> memory(Subject subject) = 0;
  virtual Answer<Bar1> bar1(Subject subject) = 0;
  virtual Answer<std::vector<Process>> processes(Subject subject) = 0;
  virtual Answer<std::uint64_t> uncorrected_ecc_errors(Subject subject) = 0;  // volatile; MIG: SRAM

  // Several readings of one GPU at once, in the order asked: each call of the driver that answers some of them is made
  // once. What the driver refuses, or does not have, is refused for itself alone.
  virtual std::vector<Answer<fields::Value>> read(GpuIndex gpu, std::span<const fields::Reading> readings) = 0;
  // One reading.
  Answer<fields::Value> read(GpuIndex gpu, fields::Reading reading) {
    return std::move(read(gpu, std::span(&reading, 1)).front());
  }

  // Whether the driver lets the GPU be used at all (GPU_IS_LOST), and where it stands even when not: "0000:00:06.0".
  virtual Answer<void> reachable(GpuIndex gpu) = 0;
  virtual Answer<std::string> address(GpuIndex gpu) = 0;

  virtual Answer<std::vector<Sample>> samples(GpuIndex gpu, SampleKind kind) = 0;  // oldest first
  virtual Answer<std::vector<std::uint32_t>> memory_clocks(GpuIndex gpu) = 0;      // MHz that can be set, highest first
  virtual Answer<std::vector<std::uint32_t>> graphics_clocks(GpuIndex gpu, std::uint32_t memory_clock) = 0;
  virtual Answer<std::vector<RetiredPage>> retired_pages(GpuIndex gpu, bool after_uncorrected_error) = 0;
  virtual Answer<std::vector<AccountedProcess>> accounted_processes(GpuIndex gpu) = 0;
  virtual Answer<std::vector<LicensedProduct>> licensed_products(GpuIndex gpu) = 0;  // in use in a virtual machine

  virtual Answer<PciInfo> pci(GpuIndex gpu) = 0;
  virtual Answer<Mode> mig_mode(GpuIndex gpu) = 0;

  // MIG. Profile lists hold what the GPU has, in NVML enum order.
  virtual Answer<std::vector<GiProfileInfo>> gi_profiles(GpuIndex gpu) = 0;
  virtual Answer<std::uint32_t> gi_remaining(GpuIndex gpu, mig::GiProfileId profile) = 0;
  virtual Answer<std::vector<Span>> gi_placements(GpuIndex gpu, mig::GiProfileId profile) = 0;
  virtual Answer<std::vector<GiInfo>> gpu_instances(GpuIndex gpu, mig::GiProfileId profile) = 0;  // of one profile
  virtual Answer<std::vector<CiProfileInfo>> ci_profiles(GpuIndex gpu, mig::GiId gi) = 0;
  virtual Answer<std::uint32_t> ci_remaining(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) = 0;
  virtual Answer<std::vector<Span>> ci_placements(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) = 0;
  virtual Answer<std::vector<CiInfo>> compute_instances(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) = 0;

  // MIG devices: indices that answer, ascending; then their ids and attributes.
  virtual Answer<std::vector<std::uint32_t>> mig_indices(GpuIndex gpu) = 0;
  virtual Answer<mig::GiId> mig_gi(Subject mig_device) = 0;
  virtual Answer<mig::CiId> mig_ci(Subject mig_device) = 0;
  virtual Answer<MigAttributes> mig_attributes(Subject mig_device) = 0;

  // Changes. `start`: the wanted first slice, or the driver's choice.
  virtual Answer<MigSwitch> set_mig_mode(GpuIndex gpu, bool enable) = 0;
  virtual Answer<GiInfo> create_gi(GpuIndex gpu, mig::GiProfileId profile, std::optional<Span> placement) = 0;
  virtual Answer<void> destroy_gi(GpuIndex gpu, mig::GiId gi) = 0;
  virtual Answer<CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                                   std::optional<Span> placement) = 0;
  virtual Answer<void> destroy_ci(GpuIndex gpu, mig::GiId gi, mig::CiId ci) = 0;
  virtual Answer<void> set_compute_mode(GpuIndex gpu, std::uint32_t mode) = 0;
  virtual Answer<void> set_persistence_mode(GpuIndex gpu, bool enable) = 0;

  // A GPU reset: its instances go, a pending mode comes into force. IN_USE while clients hold it. NVML has no call for
  // it: a real driver's is left to the nvidia-smi program.
  virtual Answer<void> reset(GpuIndex gpu) = 0;

  // The time-slice policy, which NVML lacks too: 0 default, 1 short, 2 medium, 3 long. It is read by contexts that are
  // made afterwards, and gone when the driver is loaded anew.
  virtual Answer<std::uint32_t> time_slice(GpuIndex gpu) = 0;
  virtual Answer<void> set_time_slice(GpuIndex gpu, std::uint32_t policy) = 0;

  // Topology. Levels and accesses are of two different GPUs; lists are ascending.
  virtual Answer<PathLevel> path_level(GpuIndex one, GpuIndex other) = 0;
  virtual Answer<NearGpus> nearest_gpus(GpuIndex gpu, PathLevel level) = 0;
  virtual Answer<PeerStatus> peer_status(GpuIndex one, GpuIndex other, PeerAccess access) = 0;
  virtual Answer<std::vector<std::uint32_t>> cpus_near(GpuIndex gpu) = 0;
  virtual Answer<std::vector<std::uint32_t>> numa_nodes_near(GpuIndex gpu) = 0;
  virtual Answer<std::uint32_t> own_numa_node(GpuIndex gpu) = 0;  // of the GPU's own memory
  virtual Answer<NearGpus> gpus_near_cpu(std::uint32_t cpu) = 0;
  virtual Answer<std::vector<ExcludedGpu>> excluded_gpus() = 0;

  // Links.
  virtual Answer<std::uint64_t> link_figure(GpuIndex gpu, std::uint32_t link, LinkFigure figure) = 0;
  virtual Answer<LinkPeer> link_peer(GpuIndex gpu, std::uint32_t link) = 0;
  virtual Answer<std::uint32_t> link_bandwidth_mode() = 0;  // 0 full, 1 off, 2 minimum, 3 half, 4 three quarters
  virtual Answer<std::uint64_t> pcie_figure(GpuIndex gpu, PcieFigure figure, std::uint32_t lane) = 0;
  virtual Answer<std::uint64_t> c2c_figure(GpuIndex gpu, C2cFigure figure, std::uint32_t link) = 0;

  // Monitoring. Processes: the newest sample of each that ended after `since`; NOT_FOUND where there is none.
  virtual Answer<std::vector<ProcessUse>> process_use(GpuIndex gpu, std::uint64_t since) = 0;
  virtual Answer<std::vector<EncoderSession>> encoder_sessions(GpuIndex gpu) = 0;
  virtual Answer<std::vector<CaptureSession>> capture_sessions(GpuIndex gpu) = 0;
  // Of a GPU, or of one GPU instance. `metrics` are NVML_GPM_METRIC_* numbers; each is refused for itself alone.
  virtual Answer<std::unique_ptr<PerformanceSample>> performance_sample(GpuIndex gpu, std::optional<mig::GiId> gi) = 0;
  virtual std::vector<Answer<double>> performance(const PerformanceSample& from, const PerformanceSample& to,
                                                  std::span<const std::uint32_t> metrics) = 0;
  // What NVML calls the metrics; one that it has no name for has an empty one.
  virtual Answer<std::vector<MetricName>> metric_names(std::span<const std::uint32_t> metrics) = 0;
  virtual Answer<bool> performance_streaming(GpuIndex gpu) = 0;
  virtual Answer<ConfidentialCompute> confidential_compute() = 0;
  virtual Answer<ConfidentialMemory> confidential_memory(GpuIndex gpu) = 0;
  virtual Answer<bool> draining(const std::string& bus_id) = 0;

  // Tuning. Clocks are MHz; NO_PERMISSION, and why, on a driver that may only be read.
  virtual Answer<void> set_ecc_mode(GpuIndex gpu, bool enable) = 0;  // pending until the next reset
  virtual Answer<void> clear_ecc_errors(GpuIndex gpu, bool aggregate) = 0;
  virtual Answer<void> set_accounting_mode(GpuIndex gpu, bool enable) = 0;
  virtual Answer<void> clear_accounted_processes(GpuIndex gpu) = 0;
  virtual Answer<void> set_power_limit(GpuIndex gpu, std::uint32_t milliwatts) = 0;
  virtual Answer<void> lock_gpu_clocks(GpuIndex gpu, Clocks clocks) = 0;
  virtual Answer<void> reset_gpu_clocks(GpuIndex gpu) = 0;
  virtual Answer<void> lock_memory_clocks(GpuIndex gpu, Clocks clocks) = 0;
  virtual Answer<void> reset_memory_clocks(GpuIndex gpu) = 0;
  virtual Answer<void> set_application_clocks(GpuIndex gpu, std::uint32_t memory, std::uint32_t graphics) = 0;
  virtual Answer<void> reset_application_clocks(GpuIndex gpu) = 0;

  // The words for a code (nvmlErrorString), for answers that smi makes up itself.
  virtual std::string error_text(int code) = 0;
};

}  // namespace gpuslice::node
