// The simulated driver of one node: mig::step over the node's shared state, plus the choices that only the driver
// makes.
//
// Everything that a client can read or change goes through this class; simnvml translates it to NVML's C ABI. Safe to
// use from many threads and many processes at once. Permission means "can open the node's capability file" and does not
// depend on the user id: nvidia-cap1 (mig/config) is needed to make changes, nvidia-cap2 (mig/monitor) to see all
// instances, an instance's own files to see that instance.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/product.hpp"
#include "sim/clients.hpp"
#include "sim/clock.hpp"
#include "sim/faults.hpp"
#include "sim/instance_ids.hpp"
#include "sim/live_tree.hpp"
#include "sim/memory.hpp"
#include "sim/sensors.hpp"
#include "sim/state_file.hpp"

namespace gpuslice::sim {

// Why a change was denied.
struct Denial {
  enum class Kind { permission, refused, not_supported, invalid, system } kind{};
  mig::Refusal refusal;  // for `refused`
};
template <class T>
using OrDenial = std::expected<T, Denial>;

// Capability minors (nv-caps.c): config 1, monitor 2, instances from 3 on.
inline constexpr unsigned cap_minor_config = 1;
inline constexpr unsigned cap_minor_monitor = 2;
[[nodiscard]] constexpr unsigned cap_minor(std::uint32_t gpu_minor, mig::GiId gi) {
  return 3 + 135 * gpu_minor + 9 * gi.value;
}
[[nodiscard]] constexpr unsigned cap_minor(std::uint32_t gpu_minor, mig::GiId gi, mig::CiId ci) {
  return cap_minor(gpu_minor, gi) + 1 + ci.value;
}

struct MigDeviceId {
  std::uint32_t gpu{};
  mig::GiId gi{};
  mig::CiId ci{};
  friend bool operator==(const MigDeviceId&, const MigDeviceId&) = default;
};

class Driver {
 public:
  // A node of another user is opened read-only, even for root: nothing in it is written. `node_directory` holds state,
  // clients and dev. `view` is the directory whose dev/nvidia-caps decides what this process may see: the node itself,
  // the view of a container, or "" for the root directory (a process inside the node).
  [[nodiscard]] static Result<std::unique_ptr<Driver>> open(const std::string& node_directory, const std::string& view,
                                                            Clock clock = wall_clock_us);

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] const NodeConfig& config() const { return state_->config(); }
  [[nodiscard]] const GpuConfig& config(std::uint32_t gpu) const { return config().gpus[gpu]; }
  [[nodiscard]] std::uint32_t gpu_count() const { return gpu_count_; }
  // The GPUs that this process sees, ascending: all of them, or in a container's view those whose device file is
  // present. A client's GPU index is a position in this list.
  [[nodiscard]] const std::vector<std::uint32_t>& seen_gpus() const { return seen_gpus_; }
  [[nodiscard]] const mig::Capability& capability(std::uint32_t gpu) const { return capabilities_[gpu]; }
  [[nodiscard]] const catalog::Product& product(std::uint32_t gpu) const { return *products_[gpu]; }
  [[nodiscard]] const catalog::BoardFacts& board(std::uint32_t gpu) const { return *boards_[gpu]; }
  [[nodiscard]] std::uint64_t now_us() const { return clock_(); }
  [[nodiscard]] GpuDynamic gpu(std::uint32_t gpu) const { return state_->read_gpu(gpu); }
  [[nodiscard]] std::uint64_t boot() const { return state_->read_boot(); }
  // What must be checked on each driver call, as bits (see StateFile::watch); 0: nothing.
  [[nodiscard]] std::uint64_t watch() const { return state_->watch(); }
  [[nodiscard]] Orders orders() const { return state_->read_orders(); }
  // Counts the call for every fault that matches it and returns the combined effect. `seen` is what orders() just
  // returned. If a fault loses the GPU, it is already lost when this returns. Calls of a process without write access
  // to the node's state are not counted, and no fault affects them.
  [[nodiscard]] Verdict judge(const Orders& seen, const CallSubject& call);
  [[nodiscard]] StateFile& state() { return *state_; }
  // False when the node was deleted, or deleted and created again under the same name.
  [[nodiscard]] bool is_current() const { return state_->is_current(); }

  [[nodiscard]] bool may_configure() const;
  [[nodiscard]] bool may_monitor() const;
  // The event types that the GPU supports, as a mask of EventType.
  [[nodiscard]] std::uint64_t event_types(std::uint32_t gpu, const GpuDynamic& dynamic) const;
  // True when this process may see the MIG device: it may monitor, or its view contains the capability files of the
  // instance.
  [[nodiscard]] bool sees(std::uint32_t gpu, mig::GiId gi, mig::CiId ci) const;
  [[nodiscard]] bool sees(std::uint32_t gpu, mig::GiId gi) const;

  // True if the GPU supports MIG and its display mode does not block it.
  [[nodiscard]] bool mig_capable(std::uint32_t gpu, const GpuDynamic& dynamic) const;
  [[nodiscard]] bool has_display_modes(std::uint32_t gpu) const { return capability(gpu).mode.needs_compute_display; }
  // False while the display mode disables the outputs: then no display is attached and none is active.
  [[nodiscard]] bool display_attached(std::uint32_t gpu, const GpuDynamic& dynamic) const;
  [[nodiscard]] bool display_active(std::uint32_t gpu, const GpuDynamic& dynamic) const;
  // The MIG devices that this process sees, ascending by MIG index.
  [[nodiscard]] std::vector<MigDeviceId> mig_devices(std::uint32_t gpu, const GpuDynamic& dynamic) const;
  [[nodiscard]] const Uuid& mig_uuid(const MigDeviceId& device) const;

  [[nodiscard]] std::vector<Client> clients(std::uint32_t gpu) const;
  // The records of the clients that a refusal names.
  [[nodiscard]] std::vector<Client> holder_records(const mig::Refusal& refusal) const;
  [[nodiscard]] MemoryUse memory(std::uint32_t gpu) const;
  [[nodiscard]] std::optional<MemoryUse> memory(std::uint32_t gpu, mig::GiId gi) const;

  // True if the board replaces bad memory rows with spare ones; other boards retire pages, or do neither.
  [[nodiscard]] bool remaps_rows(std::uint32_t gpu) const {
    return board(gpu).sensors.row_remapper_banks.value.has_value();
  }
  // The range of power limits that can be set, in milliwatts; a limit given in the recipe widens it.
  [[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> power_range(std::uint32_t gpu) const;
  // Current sensor readings, and usage so far. These calls also detect clients that have ended since the last call.
  [[nodiscard]] Readings readings(std::uint32_t gpu, const GpuDynamic& dynamic) const;
  [[nodiscard]] Usage usage(std::uint32_t gpu);
  // The records of processes that ended while accounting was on for the GPU.
  [[nodiscard]] std::vector<Accounted> accounted(std::uint32_t gpu);

  // Changes. Each is one transaction.
  [[nodiscard]] OrDenial<mig::Activation> set_mig_mode(std::uint32_t gpu, bool enable);
  [[nodiscard]] OrDenial<mig::GpuInstance> create_gi(std::uint32_t gpu, mig::GiProfileId profile,
                                                     std::optional<mig::Placement> placement);
  [[nodiscard]] OrDenial<void> destroy_gi(std::uint32_t gpu, mig::GiId gi);
  [[nodiscard]] OrDenial<mig::ComputeInstance> create_ci(std::uint32_t gpu, mig::GiId gi, mig::CiProfileId profile,
                                                         std::optional<mig::Placement> placement);
  [[nodiscard]] OrDenial<void> destroy_ci(std::uint32_t gpu, mig::GiId gi, mig::CiId ci);
  [[nodiscard]] OrDenial<void> set_compute_mode(std::uint32_t gpu, std::uint32_t mode);
  [[nodiscard]] OrDenial<void> set_persistence(std::uint32_t gpu, bool enable);

  // Settings (driver_settings.cpp). Denied as not_supported if the board does not have the setting, as invalid if the
  // value is out of range.
  [[nodiscard]] OrDenial<void> set_power_limit(std::uint32_t gpu, std::uint32_t milliwatts);
  [[nodiscard]] OrDenial<void> lock_graphics_clocks(std::uint32_t gpu, std::uint32_t min_mhz, std::uint32_t max_mhz);
  [[nodiscard]] OrDenial<void> lock_memory_clocks(std::uint32_t gpu, std::uint32_t min_mhz, std::uint32_t max_mhz);
  [[nodiscard]] OrDenial<void> unlock_graphics_clocks(std::uint32_t gpu);
  [[nodiscard]] OrDenial<void> unlock_memory_clocks(std::uint32_t gpu);
  [[nodiscard]] OrDenial<void> set_application_clocks(std::uint32_t gpu, std::uint32_t memory_mhz,
                                                      std::uint32_t graphics_mhz);
  [[nodiscard]] OrDenial<void> reset_application_clocks(std::uint32_t gpu);
  [[nodiscard]] OrDenial<void> restrict_auto_boost(std::uint32_t gpu, bool restricted);
  [[nodiscard]] OrDenial<void> set_ecc(std::uint32_t gpu, bool enable);  // takes effect at the next reset or reboot
  [[nodiscard]] OrDenial<void> clear_ecc(std::uint32_t gpu, bool ever);  // ever: aggregate counts; else: volatile
  [[nodiscard]] OrDenial<void> set_accounting(std::uint32_t gpu, bool enable);
  [[nodiscard]] OrDenial<void> clear_accounted(std::uint32_t gpu);

  // Repairs the driver's files after a writer was killed. Does nothing while another process is writing, or if this one
  // may not write.
  void mend_tree();

  // Updates the device files in the node's namespaces to its state, if such namespaces exist (LiveTree::settle_inside).
  void settle_inside();

  // Whether the GPU has time slices (Turing and later). NVML has no call for them; they are behind nvidia-smi's
  // `compute-policy`. The policy is kept per GPU until the driver is reloaded.
  [[nodiscard]] bool has_time_slice(std::uint32_t gpu) const;
  [[nodiscard]] OrDenial<void> set_time_slice(std::uint32_t gpu, std::uint32_t policy);
  // NVML has no call for the display mode: a program on the host sets it (displaymodeselector). It takes effect at the
  // next reboot.
  [[nodiscard]] OrDenial<void> set_display_mode(std::uint32_t gpu, DisplayMode mode);

  // Actions of the host, not calls of a client. `reset` refuses while clients hold the GPU.
  [[nodiscard]] OrDenial<void> reset(std::uint32_t gpu);
  // Restores everything that can change from `saved`, with the effects of a reboot. Refused while clients hold a GPU.
  // Sections that this program does not know are restored if the node's file has them (StateFile::make_room).
  [[nodiscard]] OrDenial<void> put_back(const Contents& saved);
  [[nodiscard]] OrDenial<void> reboot();
  // Raises an event on its GPU. An event for which loses_gpu() is true loses the GPU. A memory event is also counted
  // among the GPU's memory errors: an ECC error as one of the DRAM, or of the SRAM if `in_sram`.
  [[nodiscard]] Result<void> raise(const Event& event, bool in_sram = false);

 private:
  Driver(std::string directory, std::string view, std::unique_ptr<StateFile> state, Clients clients, Clock clock);
  void notice_ended();
  // Adds up what the GPU has used until now. Call it before changing anything that affects the usage.
  void settle(NodeDynamic& all, std::uint32_t gpu) const;

  [[nodiscard]] bool openable(unsigned cap) const;
  // Runs one transaction over the whole state. Denied to processes that may not configure.
  template <class Change>
  [[nodiscard]] OrDenial<void> configure(Change change) {
    if (!may_configure()) return std::unexpected(Denial{Denial::Kind::permission, {}});
    const auto done = state_->transact([&](NodeDynamic& all) {
      change(all);
      return true;
    });
    if (done) return {};
    const bool permission = done.error().kind == ErrorKind::permission;
    return std::unexpected(Denial{permission ? Denial::Kind::permission : Denial::Kind::system, {}});
  }
  [[nodiscard]] std::vector<mig::Holder> holders(std::uint32_t gpu, const NodeDynamic& all) const;
  // Runs mig::step on the GPU inside a transaction; `make` builds the operation from the state, or denies.
  template <class Make, class Use>
  OrDenial<void> change(std::uint32_t gpu, Make make, Use use);
  // The same, but `make` sees the whole state. `also(all, stepped)` changes more of the state in the same transaction,
  // whether the step succeeded or was denied, and returns true if there is something to commit.
  template <class Make, class Use, class Also>
  OrDenial<void> change(std::uint32_t gpu, Make make, Use use, Also also);

  std::string directory_;
  std::string view_;
  std::unique_ptr<StateFile> state_;
  Clients clients_;
  LiveTree tree_;
  bool has_tree_;
  Clock clock_;
  std::uint32_t gpu_count_;  // read once: the state of another user's node may change under us
  std::vector<std::uint32_t> seen_gpus_;
  std::vector<mig::Capability> capabilities_;
  std::vector<const catalog::Product*> products_;
  std::vector<const catalog::BoardFacts*> boards_;
};

// The capability of a GPU of the node: from the catalogue by product, driver and name, with the memory figures of the
// recipe.
[[nodiscard]] mig::Capability capability_of(const NodeConfig& node, const GpuConfig& gpu,
                                            const catalog::Product& product);

}  // namespace gpuslice::sim
