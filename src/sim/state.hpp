// The state of a simulated node as stored in its mapped file: the parts that are fixed when the node is created, and
// the parts that change.
//
// Only data of fixed size, trivially copyable, without pointers. Text is zero-terminated inside its array.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "mig/step.hpp"
#include "sim/load.hpp"
#include "sim/memory_errors.hpp"

namespace gpuslice::sim {

inline constexpr std::size_t max_gpus = 32;     // GPU device minors 0..31
inline constexpr std::size_t max_clients = 64;  // client slots of a node
inline constexpr std::size_t max_faults = 32;   // injected faults of a node

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const Uuid&, const Uuid&) = default;
};

// A figure that may be unknown.
struct OptionalU32 {
  std::uint32_t value{};
  std::uint32_t known{};
};

template <std::size_t N>
struct Text {
  char chars[N]{};

  [[nodiscard]] std::string_view view() const {
    std::size_t length = 0;
    while (length < N && chars[length] != '\0') ++length;
    return {chars, length};
  }
  void set(std::string_view text) {
    for (auto& c : chars) c = '\0';
    for (std::size_t i = 0; i + 1 < N && i < text.size(); ++i) chars[i] = text[i];
  }
};

// Fixed when the node is created.
struct GpuConfig {
  Text<48> product;  // catalogue key
  Text<96> name;     // NVML name
  Uuid uuid;
  std::uint64_t pdi{};
  std::uint32_t pci_domain{}, pci_bus{}, pci_device{};
  std::uint32_t pci_device_id{}, pci_subsystem_id{};  // device in the high half, vendor in the low; 0: unknown
  std::uint32_t pci_subclass{2};                      // class 03: 0 VGA, 2 3D controller
  std::int32_t numa_node{-1};                         // -1: the host has a single NUMA node, or does not report any
  std::int32_t iommu_group{-1};                       // -1: the host uses no IOMMU
  // The number of virtual functions that it could have; if unknown, none are shown.
  OptionalU32 sriov_vfs;
  Text<32> serial;  // empty: unknown
  std::uint32_t minor{};
  std::uint32_t board_variant{};  // catalog::BoardVariant
  // MiB of the profiles per memory class, where the recipe gives them; 0: the catalogue's figure for the driver.
  std::uint32_t memory_eighth{}, memory_quarter{}, memory_half{}, memory_full{};
  OptionalU32 memory_total_mib, bar1_total_mib, bar1_pool_mib;
  std::uint64_t memory_reserved_bytes{};
  std::uint32_t idle_mib_per_slice_x100{};
  OptionalU32 temperature_c, power_mw, power_limit_mw, fan_percent, performance_state;
  std::uint32_t ecc_supported{}, display_active{}, display_attached{}, addressing_mode{};
  std::array<std::array<Uuid, mig::max_compute_instances>, mig::gi_id_count> mig_uuids{};  // [GI id][CI id]
  std::uint32_t memory_reserved_known{};
  std::uint32_t memory_short_bytes{};  // by how many bytes the memory is less than memory_total_mib (before R510)
  std::uint32_t whole_idle_mib{};      // frame buffer that is in use on an idle GPU instance over the whole GPU
};

struct NodeConfig {
  Text<64> name;
  Text<32> driver;               // "580.126.09"
  std::uint32_t cuda_version{};  // 13000; 0: the driver has none (vGPU host)
  std::uint32_t gpu_count{};
  std::uint64_t seed{};
  // Device majors as /proc/devices lists them. NVIDIA's own, 195, is fixed; the defaults are those recorded on an H200
  // (src/sim/testing/recorded).
  std::uint32_t uvm_major{238}, caps_major{241};
  std::uint32_t nvswitch{};  // whether NVSwitches connect the GPUs: fabric management then has its own device
  // NVSwitches that are PCI devices, on consecutive buses; 0: none, or their addresses are unknown.
  std::uint32_t nvswitches{}, nvswitch_bus{}, nvswitch_device{}, nvswitch_major{239};
  std::uint32_t reserved{};
  std::array<GpuConfig, max_gpus> gpus{};
};

// A process that holds a GPU. It is alive as long as its lock is held (see clients.hpp); the record alone does not show
// that.
struct Client {
  std::uint32_t used{};
  std::uint32_t gpu{};
  std::int32_t gi{-1}, ci{-1};  // -1: a client of the whole GPU
  std::uint32_t kinds{};        // 1 compute, 2 graphics, 4 through MPS
  std::uint32_t pid{};
  std::uint64_t memory_bytes{};  // all bits set: the driver does not know it
  std::uint64_t hidden_bytes{};  // memory that the driver holds for it but reports for no process
  std::uint64_t boot{};          // the boot in which it started; a client of an earlier boot is gone
  std::uint64_t started_us{};    // since the epoch, like all times of the state
  Load load;                     // how much it uses of the GPU, or of its compute instance
  Text<256> name;
};

// The display mode of a board that supports them (RTX PRO workstation boards). It is stored in the board's InfoROM, and
// a change takes effect at the next reboot (see display_mode.hpp).
enum class DisplayMode : std::uint32_t { none, enabled_256mb_bar1, disabled, enabled_8gb_bar1 };

// Settings of a GPU's clocks and power; 0: the board's default. Lost at a reset.
struct GpuSettings {
  std::uint32_t power_limit_mw{};
  std::uint32_t locked_graphics_min_mhz{}, locked_graphics_max_mhz{};
  std::uint32_t locked_memory_min_mhz{}, locked_memory_max_mhz{};
  std::uint32_t application_graphics_mhz{}, application_memory_mhz{};
  std::uint32_t auto_boost_restricted{};  // only a process that may configure may switch automatic boost
  friend bool operator==(const GpuSettings&, const GpuSettings&) = default;
};

// What a GPU has used from the loading of the driver until `until_us`; usage.hpp adds what was used since then.
struct Usage {
  std::uint64_t until_us{};
  std::uint64_t energy_uj{};
  std::uint64_t power_capped_us{};   // time in which the power limit lowered the clocks
  std::uint64_t idle_us{};           // time without load
  std::uint64_t below_default_us{};  // time with clocks below the applications clocks
};

struct alignas(8) GpuDynamic {
  mig::GpuState mig;  // its compute_display follows display_mode
  std::uint32_t persistence{};
  std::uint32_t compute_mode{};
  std::uint32_t ecc{}, ecc_pending{};
  DisplayMode display_mode{}, display_mode_pending{};
  std::uint32_t time_slice{};  // policy: 0 default, 1 short, 2 medium, 3 long
  std::uint32_t accounting{};  // accounting mode is on
  std::uint64_t lost{};        // calls on it return GPU_IS_LOST until a reset or reboot
  GpuSettings settings;
  MemoryErrors memory_errors;
  Usage usage;
};

// The accounting record of a process that ended while accounting was on for its GPU.
struct Accounted {
  std::uint32_t gpu{};
  std::uint32_t pid{};
  std::uint64_t started_us{}, ended_us{};
  std::uint64_t memory_bytes{};
  Load load;
};

// The latest records of all GPUs of the node, the oldest overwritten first.
struct AccountedRing {
  static constexpr std::size_t capacity = 256;
  std::uint64_t written{};  // record number `n` is in slot n % capacity
  std::array<Accounted, capacity> slots{};
};

// What an injected fault does to a call that it affects (faults.hpp).
enum class FaultKind : std::uint32_t {
  fail,          // returns `code` and changes nothing
  kill_before,   // the calling process gets SIGKILL before anything is changed
  kill_after,    // the same, but after the call has done its work and before it returns
  delay,         // the call starts `delay_us` later
  lose,          // the GPU of the call is lost from this call on
  lie,           // returns success and changes nothing; does not affect calls that only read
  xid,           // the GPU of the call raises XID `code`, and the call goes on
  refuse_reset,  // a reset of the GPU is refused, as if a process held it; does not affect calls
};
enum class FaultScope : std::uint32_t { any, mutating, function };

struct Fault {
  std::uint32_t number{};  // of the fault, counted over the node's life; 0: the slot is free
  FaultKind kind{};
  FaultScope scope{};
  std::int32_t gpu{-1};  // -1: any
  std::uint32_t code{};  // the return code; the XID
  std::uint32_t unused{};
  std::uint64_t delay_us{};
  std::uint64_t nth{1};     // the first matching call that it affects, counted from its injection
  std::uint64_t repeat{1};  // how many calls it affects; 0: no limit
  std::uint64_t seen{};     // matching calls so far
  std::uint64_t fired{};
  Text<64> function;  // for FaultScope::function
};

// The extra time that a change takes, in microseconds (latency.hpp). Creating the first GPU instance on a GPU, and
// destroying its last one, have separate figures.
struct Latencies {
  std::uint64_t create_first_gi{}, create_gi{}, destroy_gi{}, destroy_last_gi{}, create_ci{}, destroy_ci{}, set_mode{},
      reset{};
  friend bool operator==(const Latencies&, const Latencies&) = default;
};

// Settings that affect driver calls on the node: injected faults, latencies and the trace.
struct Orders {
  std::uint64_t traced{};       // every call is traced (trace.hpp)
  std::uint64_t last_number{};  // number of the fault injected last
  Latencies latencies;
  std::array<Fault, max_faults> faults{};  // the used ones first, in the order of injection
};

// Bits of StateFile::watch.
inline constexpr std::uint64_t watch_faults = 1;     // at least one fault is not spent
inline constexpr std::uint64_t watch_lost = 2;       // a GPU is lost
inline constexpr std::uint64_t watch_latencies = 4;  // a change has extra latency
inline constexpr std::uint64_t watch_trace = 8;      // calls are traced
// The files of the driver are being changed, or such a change was interrupted.
inline constexpr std::uint64_t watch_tree = 16;

struct NodeDynamic {
  std::uint64_t boot{1};  // incremented at each simulated reboot; handles of an older boot are lost
  // Bit n: clients[n] is used. StateFile sets it at each commit, so that most reads can skip the records.
  std::uint64_t client_slots{};
  // The number of the last event; the events are in a section of their own. StateFile sets it, too, and overrides any
  // value that a change writes here.
  std::uint64_t events{};
  std::array<GpuDynamic, max_gpus> gpus{};
  std::array<Client, max_clients> clients{};
  AccountedRing accounted;
  Orders orders;
};

static_assert(std::is_trivially_copyable_v<NodeConfig> && std::is_trivially_copyable_v<NodeDynamic>);
static_assert(sizeof(NodeConfig) % 8 == 0 && sizeof(NodeDynamic) % 8 == 0 && sizeof(GpuDynamic) % 8 == 0);
static_assert(sizeof(Orders) % 8 == 0 && sizeof(Client) % 8 == 0 && sizeof(AccountedRing) % 8 == 0);

}  // namespace gpuslice::sim
