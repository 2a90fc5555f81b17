#include "sim/driver.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sim/display_mode.hpp"
#include "sim/kernel_log.hpp"
#include "sim/latency.hpp"
#include "sim/node_dir.hpp"
#include "sim/usage.hpp"

namespace gpuslice::sim {
namespace {

std::unexpected<Denial> deny(Denial::Kind kind) { return std::unexpected(Denial{kind, {}}); }
std::unexpected<Denial> deny(const mig::Refusal& refusal) {
  return std::unexpected(Denial{Denial::Kind::refused, refusal});
}
std::unexpected<Denial> deny(mig::RefusalReason reason) {
  mig::Refusal refusal;
  refusal.reason = reason;
  return deny(refusal);
}

// Only figures that NVML can return may be reported, so a profile with an unknown figure is left out
// (catalog::reportable).
mig::Capability reportable_part(mig::Capability capability) {
  decltype(capability.profiles) kept;
  for (auto& profile : capability.profiles) {
    if (!catalog::reportable(profile)) continue;
    decltype(profile.compute) compute;
    for (const auto& ci : profile.compute)
      if (ci.multiprocessors) compute.push_back(ci);
    profile.compute = compute;
    kept.push_back(profile);
  }
  capability.profiles = kept;
  return capability;
}

}  // namespace

mig::Capability capability_of(const NodeConfig& node, const GpuConfig& gpu, const catalog::Product& product) {
  auto capability = catalog::capability(product, node.driver.view(), gpu.name.view());
  for (auto& profile : capability.profiles) {
    if (profile.sites.empty() || capability.grid == 0) continue;
    const unsigned parts = capability.grid / profile.sites[0].size;
    const std::uint32_t pinned = parts == 1   ? gpu.memory_full
                                 : parts == 2 ? gpu.memory_half
                                 : parts == 4 ? gpu.memory_quarter
                                              : gpu.memory_eighth;
    if (pinned != 0) profile.memory_mib = pinned;
  }
  return reportable_part(capability);
}

Driver::Driver(std::string directory, std::string view, std::unique_ptr<StateFile> state, Clients clients, Clock clock)
    : directory_(std::move(directory)),
      view_(std::move(view)),
      state_(std::move(state)),
      clients_(std::move(clients)),
      tree_(directory_),
      has_tree_(tree_.is_there()),
      clock_(clock),
      gpu_count_(std::min<std::uint32_t>(config().gpu_count, max_gpus)) {}

Result<std::unique_ptr<Driver>> Driver::open(const std::string& node_directory, const std::string& view, Clock clock) {
  const auto path = node_directory + "/state";
  auto state = StateFile::open(path, check_owner(node_directory) ? Access::read_write : Access::read_only);
  if (!state && state.error().kind == ErrorKind::permission) state = StateFile::open(path, Access::read_only);
  if (!state) return std::unexpected(state.error());
  auto clients = GPUSLICE_TRY(Clients::open(node_directory));
  std::unique_ptr<Driver> driver(new Driver(node_directory, view, std::move(*state), std::move(clients), clock));
  for (std::uint32_t gpu = 0; gpu < driver->gpu_count(); ++gpu) {
    const auto* product = GPUSLICE_TRY(catalog::find(driver->config(gpu).product.view()));
    driver->products_.push_back(product);
    driver->boards_.push_back(&catalog::at_board(*product, driver->config(gpu).name.view()));
    driver->capabilities_.push_back(capability_of(driver->config(), driver->config(gpu), *product));
  }
  for (std::uint32_t gpu = 0; gpu < driver->gpu_count(); ++gpu) {
    const auto device = view + "/dev/nvidia" + std::to_string(driver->config(gpu).minor);
    if (view == node_directory || ::access(device.c_str(), F_OK) == 0) driver->seen_gpus_.push_back(gpu);
  }
  if ((driver->watch() & watch_tree) != 0) driver->mend_tree();
  return driver;
}

// Checks access rights without opening the file: it may be a device that has no driver, or whose opening a container's
// device rules deny.
bool Driver::openable(unsigned cap) const {
  const auto path = view_ + "/dev/nvidia-caps/nvidia-cap" + std::to_string(cap);
  return ::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0 || errno == EPERM;
}

bool Driver::may_configure() const { return openable(cap_minor_config); }
bool Driver::may_monitor() const { return openable(cap_minor_monitor); }

bool Driver::sees(std::uint32_t gpu, mig::GiId gi, mig::CiId ci) const {
  if (may_monitor()) return true;
  const auto minor = config(gpu).minor;
  return openable(cap_minor(minor, gi)) && openable(cap_minor(minor, gi, ci));
}

bool Driver::sees(std::uint32_t gpu, mig::GiId gi) const {
  return may_monitor() || openable(cap_minor(config(gpu).minor, gi));
}

bool Driver::mig_capable(std::uint32_t gpu, const GpuDynamic& dynamic) const {
  const auto& rule = capability(gpu).mode;
  return rule.supported && (!rule.needs_compute_display || dynamic.mig.compute_display);
}

std::uint64_t Driver::event_types(std::uint32_t gpu, const GpuDynamic& dynamic) const {
  return supported_event_types(config().driver.view(), config(gpu).ecc_supported != 0 && dynamic.ecc != 0,
                               capability(gpu).mode.supported);
}

bool Driver::display_attached(std::uint32_t gpu, const GpuDynamic& dynamic) const {
  return config(gpu).display_attached != 0 && dynamic.display_mode != DisplayMode::disabled;
}
bool Driver::display_active(std::uint32_t gpu, const GpuDynamic& dynamic) const {
  return config(gpu).display_active != 0 && dynamic.display_mode != DisplayMode::disabled;
}

std::vector<MigDeviceId> Driver::mig_devices(std::uint32_t gpu, const GpuDynamic& dynamic) const {
  std::vector<MigDeviceId> devices;
  if (dynamic.mig.partition.instances.empty()) return devices;
  const bool all = may_monitor();
  for (const auto& gi : dynamic.mig.partition.instances)
    for (const auto& ci : gi.compute)
      if (all || sees(gpu, gi.id, ci.id)) devices.push_back({gpu, gi.id, ci.id});
  return devices;
}

const Uuid& Driver::mig_uuid(const MigDeviceId& device) const {
  return config(device.gpu).mig_uuids[device.gi.value % mig::gi_id_count][device.ci.value % mig::max_compute_instances];
}

std::vector<Client> Driver::clients(std::uint32_t gpu) const {
  std::vector<Client> found;
  const auto slots = state_->read_slots();
  if (slots.clients == 0) return found;
  std::array<Client, max_clients> records;
  state_->read_clients(records);
  for (const auto& live : clients_.live(records, slots.boot))
    if (live.client.gpu == gpu) found.push_back(live.client);
  return found;
}

Readings Driver::readings(std::uint32_t gpu_index, const GpuDynamic& dynamic) const {
  const auto load = whole_load(capability(gpu_index), dynamic.mig, clients(gpu_index));
  return sim::readings(board(gpu_index).sensors, config(gpu_index), dynamic.settings, load);
}

void Driver::settle(NodeDynamic& all, std::uint32_t gpu) const {
  settle_usage(board(gpu).sensors, capability(gpu), config(gpu), all, gpu, now_us());
}

void Driver::notice_ended() {
  const auto slots = state_->read_slots();
  if (slots.clients == 0) return;
  bool ended = false;
  for (std::size_t slot = 0; slot < max_clients && !ended; ++slot)
    ended = (slots.clients >> slot & 1U) != 0 && !clients_.held(slot);
  if (!ended) return;
  // A process without write access leaves this to others; until then, it counts an ended client as running.
  static_cast<void>(state_->transact([&](NodeDynamic& all) {
    clients_.sweep(config(), all, now_us());
    return true;
  }));
}

Usage Driver::usage(std::uint32_t gpu_index) {
  notice_ended();
  const auto now = now_us();
  const auto all = state_->read();
  const auto& dynamic = all.gpus[gpu_index];
  const auto load = whole_load(capability(gpu_index), dynamic.mig, recorded_clients(all, gpu_index));
  return usage_at(board(gpu_index).sensors, config(gpu_index), dynamic, load, now);
}

std::vector<Accounted> Driver::accounted(std::uint32_t gpu_index) {
  notice_ended();
  return accounted_of(state_->read().accounted, gpu_index);
}

std::vector<Client> Driver::holder_records(const mig::Refusal& refusal) const {
  std::array<Client, max_clients> records;
  state_->read_clients(records);
  std::vector<Client> found;
  for (const auto slot : refusal.holders)
    if (slot < records.size() && records[slot].used != 0) found.push_back(records[slot]);
  return found;
}

MemoryUse Driver::memory(std::uint32_t gpu_index) const {
  return gpu_memory(config(gpu_index), capability(gpu_index), gpu(gpu_index).mig, clients(gpu_index));
}

std::optional<MemoryUse> Driver::memory(std::uint32_t gpu_index, mig::GiId gi) const {
  const auto dynamic = gpu(gpu_index);
  const auto* instance = dynamic.mig.partition.find(gi);
  const auto* profile = instance != nullptr ? capability(gpu_index).find(instance->profile) : nullptr;
  if (profile == nullptr) return std::nullopt;
  return instance_memory(config(gpu_index), capability(gpu_index), *profile, gi, clients(gpu_index));
}

std::vector<mig::Holder> Driver::holders(std::uint32_t gpu, const NodeDynamic& all) const {
  std::vector<mig::Holder> found;
  for (const auto& live : clients_.live(all.clients, all.boot)) {
    if (live.client.gpu != gpu) continue;
    mig::Holder holder;
    holder.key = static_cast<std::uint32_t>(live.slot);
    if (live.client.gi >= 0) {
      holder.gi = mig::GiId{static_cast<std::uint32_t>(live.client.gi)};
      holder.ci = mig::CiId{static_cast<std::uint32_t>(live.client.ci)};
    }
    found.push_back(holder);
  }
  return found;
}

template <class Make, class Use>
OrDenial<void> Driver::change(std::uint32_t gpu_index, Make make, Use use) {
  return change(
      gpu_index, [&](NodeDynamic& all) { return make(all.gpus[gpu_index].mig); }, use,
      [](NodeDynamic&, bool) { return false; });
}

template <class Make, class Use, class Also>
OrDenial<void> Driver::change(std::uint32_t gpu_index, Make make, Use use, Also also) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  OrDenial<void> result;
  mig::Partition before, after;
  bool files = false;
  const auto make_change = [&](NodeDynamic& all) {
    auto& state = all.gpus[gpu_index].mig;
    const std::expected<mig::Op, Denial> op = make(all);
    if (!op) {
      result = std::unexpected(op.error());
      return also(all, false);
    }
    const auto stepped = mig::step(capability(gpu_index), state, holders(gpu_index, all), *op);
    if (!stepped) {
      result = deny(stepped.error());
      return also(all, false);
    }
    use(*op, *stepped);
    if (stepped->state == state) return also(all, true);
    if (has_tree_ && !(stepped->state.partition == state.partition)) {
      files = true;
      before = state.partition;
      after = stepped->state.partition;
      state_->mark_tree(true);
      if (!tree_.show(config(gpu_index), before, after)) {
        result = deny(Denial::Kind::system);
        return false;
      }
    }
    settle(all, gpu_index);
    // A mode change that is only pending has no effect yet.
    if (stepped->state.mode != state.mode || stepped->state.partition != state.partition)
      state_->raise({.type = EventType::mig_config, .gpu = gpu_index});
    state = stepped->state;
    clients_.sweep(config(), all, now_us());
    also(all, true);
    return true;
  };
  const auto done = state_->transact(make_change, [&](bool committed) {
    if (!files) return;
    if (committed)
      tree_.hide(config(gpu_index), before, after);
    else
      tree_.hide(config(gpu_index), after, before);
    state_->mark_tree(false);
  });
  if (!done) return deny(done.error().kind == ErrorKind::permission ? Denial::Kind::permission : Denial::Kind::system);
  return result;
}

OrDenial<mig::Activation> Driver::set_mig_mode(std::uint32_t gpu_index, bool enable) {
  if (!mig_capable(gpu_index, gpu(gpu_index))) return deny(Denial::Kind::not_supported);
  mig::Activation activation{};
  GPUSLICE_CHECK(change(
      gpu_index, [&](const mig::GpuState&) -> std::expected<mig::Op, Denial> { return mig::SetMode{enable}; },
      [&](const mig::Op&, const mig::Outcome& outcome) { activation = outcome.activation; }));
  return activation;
}

OrDenial<mig::GpuInstance> Driver::create_gi(std::uint32_t gpu_index, mig::GiProfileId profile_id,
                                             std::optional<mig::Placement> placement) {
  const auto& can = capability(gpu_index);
  const auto& cfg = config(gpu_index);
  const auto scheme = product(gpu_index).id_scheme;
  const auto variant = static_cast<catalog::BoardVariant>(cfg.board_variant);
  mig::GpuInstance made;
  GPUSLICE_CHECK(change(
      gpu_index,
      [&](const mig::GpuState& state) -> std::expected<mig::Op, Denial> {
        const auto* profile = can.find(profile_id);
        if (profile == nullptr) return deny(mig::RefusalReason::unknown_profile);
        if (!placement) placement = default_placement(can, scheme, variant, state.partition, *profile);
        // If no placement is free, `step` is called with any site, so that it reports which instances are in the way.
        const auto site = placement.value_or(profile->sites.empty() ? mig::Placement{} : profile->sites[0]);
        const auto id = instance_id(scheme, variant, can.grid, site);
        return mig::CreateGi{profile_id, site, id.value_or(mig::GiId{mig::gi_id_count})};
      },
      [&](const mig::Op& op, const mig::Outcome& outcome) {
        made = *outcome.state.partition.find(std::get<mig::CreateGi>(op).id);
      }));
  return made;
}

OrDenial<void> Driver::destroy_gi(std::uint32_t gpu_index, mig::GiId gi) {
  return change(
      gpu_index, [&](const mig::GpuState&) -> std::expected<mig::Op, Denial> { return mig::DestroyGi{gi}; },
      [](const mig::Op&, const mig::Outcome&) {});
}

OrDenial<mig::ComputeInstance> Driver::create_ci(std::uint32_t gpu_index, mig::GiId gi, mig::CiProfileId profile_id,
                                                 std::optional<mig::Placement> placement) {
  const auto& can = capability(gpu_index);
  mig::ComputeInstance made;
  GPUSLICE_CHECK(change(
      gpu_index,
      [&](const mig::GpuState& state) -> std::expected<mig::Op, Denial> {
        const auto* instance = state.partition.find(gi);
        if (instance == nullptr) return deny(mig::RefusalReason::not_found);
        const auto* parent = can.find(instance->profile);
        const auto* profile = parent != nullptr ? parent->find(profile_id) : nullptr;
        if (profile == nullptr) return deny(mig::RefusalReason::unknown_profile);
        if (!placement)
          placement =
              default_compute_placement(*parent, *instance, *profile, aligns_compute(product(gpu_index).capability));
        const auto site = placement.value_or(profile->sites.empty() ? mig::Placement{} : profile->sites[0]);
        const auto id = mig::lowest_free_ci(*instance);
        return mig::CreateCi{gi, profile_id, site, id.value_or(mig::CiId{mig::max_compute_instances})};
      },
      [&](const mig::Op& op, const mig::Outcome& outcome) {
        made = *outcome.state.partition.find(gi)->find(std::get<mig::CreateCi>(op).id);
      }));
  return made;
}

OrDenial<void> Driver::destroy_ci(std::uint32_t gpu_index, mig::GiId gi, mig::CiId ci) {
  return change(
      gpu_index, [&](const mig::GpuState&) -> std::expected<mig::Op, Denial> { return mig::DestroyCi{gi, ci}; },
      [](const mig::Op&, const mig::Outcome&) {});
}

OrDenial<void> Driver::set_compute_mode(std::uint32_t gpu_index, std::uint32_t mode) {
  if (mode > 3 || mode == 1) return deny(mode == 1 ? Denial::Kind::not_supported : Denial::Kind::invalid);
  return configure([&](NodeDynamic& all) { all.gpus[gpu_index].compute_mode = mode; });
}

OrDenial<void> Driver::set_persistence(std::uint32_t gpu_index, bool enable) {
  return configure([&](NodeDynamic& all) { all.gpus[gpu_index].persistence = enable ? 1 : 0; });
}

bool Driver::has_time_slice(std::uint32_t gpu) const {
  constexpr std::uint32_t turing = 6;  // NVML_DEVICE_ARCH_TURING
  return product(gpu).nvml_architecture >= turing;
}

OrDenial<void> Driver::set_time_slice(std::uint32_t gpu_index, std::uint32_t policy) {
  if (!may_configure())
    return deny(Denial::Kind::permission);  // checked before the value, as the real driver does
                                            // (src/smi/testing/recorded/compute-policy.txt)
  if (!has_time_slice(gpu_index)) return deny(Denial::Kind::not_supported);
  if (policy > 3) return deny(Denial::Kind::invalid);
  return configure([&](NodeDynamic& all) { all.gpus[gpu_index].time_slice = policy; });
}

OrDenial<void> Driver::set_display_mode(std::uint32_t gpu_index, DisplayMode mode) {
  if (!has_display_modes(gpu_index)) return deny(Denial::Kind::not_supported);
  return configure([&](NodeDynamic& all) { all.gpus[gpu_index].display_mode_pending = mode; });
}

OrDenial<void> Driver::reset(std::uint32_t gpu_index) {
  const CallSubject call{"reset", CallKind::reset, gpu_index};
  bool counted = false;
  GPUSLICE_CHECK(change(
      gpu_index,
      [&](NodeDynamic& all) -> std::expected<mig::Op, Denial> {
        counted = any_waits_for(all.orders, call);
        if (counted && count_call(all.orders, call).end == Verdict::End::refuse)
          return deny(mig::RefusalReason::in_use);
        return mig::Reset{};
      },
      [](const mig::Op&, const mig::Outcome&) {},
      [&](NodeDynamic& all, bool is_reset) {
        if (!is_reset) return counted;
        settle(all, gpu_index);
        auto& gpu = all.gpus[gpu_index];
        gpu.lost = 0;
        gpu.ecc = gpu.ecc_pending;
        gpu.settings = {};
        after_reset(gpu.memory_errors);
        return true;
      }));
  pause_us(orders().latencies.reset);
  return {};
}

Verdict Driver::judge(const Orders& seen, const CallSubject& call) {
  Verdict verdict;
  // Most calls match no fault, and then no lock is taken.
  if (!any_waits_for(seen, call)) return verdict;
  const auto counted = state_->transact([&](NodeDynamic& all) {
    verdict = count_call(all.orders, call);
    bool lost = verdict.end == Verdict::End::lose;
    for (const auto number : verdict.xids) {
      const auto event = xid_event(*call.gpu, number);
      state_->raise(event);
      lost = lost || loses_gpu(event);
    }
    if (lost) {
      all.gpus[*call.gpu].lost = 1;
      state_->announce();
    }
    return true;
  });
  if (!counted) return {};
  for (const auto number : verdict.xids)
    log_event(directory_, config(*call.gpu), xid_event(*call.gpu, number), now_us());
  return verdict;
}

void Driver::mend_tree() {
  if (!has_tree_) return;
  state_->visit_if_free([&](const NodeDynamic& all) {
    if ((state_->watch() & watch_tree) != 0 && tree_.mend(config(), all)) state_->mark_tree(false);
  });
}

void Driver::settle_inside() {
  if (!has_tree_) return;
  static_cast<void>(state_->transact([&](const NodeDynamic& all) {
    tree_.settle_inside(config(), all);
    return false;
  }));
}

OrDenial<void> Driver::put_back(const Contents& saved) {
  if (!may_configure()) return deny(Denial::Kind::permission);
  OrDenial<void> result;
  NodeDynamic after;
  const auto now = now_us();
  const auto put = [&](NodeDynamic& all) {
    for (std::uint32_t gpu = 0; gpu < gpu_count(); ++gpu) {
      mig::Refusal refusal;
      refusal.reason = mig::RefusalReason::in_use;
      for (const auto& holder : holders(gpu, all)) refusal.holders.push_back(holder.key);
      if (refusal.holders.empty()) continue;
      result = deny(refusal);
      return false;
    }
    if (has_tree_) state_->mark_tree(true);
    const auto boot = all.boot + 1;  // handles from before the restore become invalid
    const auto number = all.orders.last_number;
    all = *saved.state;
    all.boot = boot;
    all.clients = {};
    for (auto& gpu : all.gpus) gpu.usage = {.until_us = now};
    all.orders.last_number = std::max(number, all.orders.last_number);
    after = all;
    state_->put_others(saved.others);
    state_->announce();
    return true;
  };
  const auto done = state_->transact(put, [&](bool committed) {
    if (committed && has_tree_ && tree_.mend(config(), after)) state_->mark_tree(false);
  });
  if (!done) return deny(done.error().kind == ErrorKind::permission ? Denial::Kind::permission : Denial::Kind::system);
  if (result) forget_log(directory_);
  return result;
}

OrDenial<void> Driver::reboot() {
  if (!may_configure()) return deny(Denial::Kind::permission);
  NodeDynamic after;
  const auto now = now_us();
  const auto restart = [&](NodeDynamic& all) {
    if (has_tree_) state_->mark_tree(true);
    ++all.boot;
    for (std::uint32_t i = 0; i < gpu_count(); ++i) {
      auto& gpu = all.gpus[i];
      if (gpu.display_mode != gpu.display_mode_pending) {
        gpu.display_mode = gpu.display_mode_pending;
        gpu.mig.compute_display = allows_mig(gpu.display_mode);
      }
      if (const auto stepped = mig::step(capability(i), gpu.mig, {}, mig::Reboot{})) gpu.mig = stepped->state;
      gpu.compute_mode = 0;  // nvidia-smi(1): the compute mode is Default after the driver is reloaded
      gpu.time_slice = 0;    // as in the open kernel modules, which keep it only in memory
      gpu.ecc = gpu.ecc_pending;
      gpu.lost = 0;
      gpu.accounting = 0;
      gpu.settings = {};
      after_reset(gpu.memory_errors);
      gpu.usage = {.until_us = now};  // energy and times count from the loading of the driver
    }
    all.accounted = {};
    clients_.sweep(all);
    after = all;
    state_->announce();
    return true;
  };
  const auto done = state_->transact(restart, [&](bool) {
    if (has_tree_ && tree_.mend(config(), after)) state_->mark_tree(false);
  });
  if (!done) return deny(done.error().kind == ErrorKind::permission ? Denial::Kind::permission : Denial::Kind::system);
  forget_log(directory_);
  return {};
}

namespace {

void count(MemoryErrors& errors, EventType type, bool in_sram, bool remaps) {
  switch (type) {
    case EventType::single_bit_ecc:
      count_error(errors, in_sram ? MemoryError::sram_corrected : MemoryError::dram_corrected, remaps);
      break;
    case EventType::double_bit_ecc:
      count_error(errors, in_sram ? MemoryError::sram_secded : MemoryError::dram_uncorrected, remaps);
      break;
    case EventType::dram_retirement:
      if (remaps) remap_row(errors, false, false);
      break;
    case EventType::dram_retirement_failure:
      if (remaps) remap_row(errors, false, true);
      break;
    default:
      break;
  }
}

}  // namespace

Result<void> Driver::raise(const Event& event, bool in_sram) {
  GPUSLICE_CHECK(state_->transact([&](NodeDynamic& all) {
    state_->raise(event);
    auto& gpu = all.gpus[event.gpu];
    if (loses_gpu(event)) gpu.lost = 1;
    count(gpu.memory_errors, event.type, in_sram, remaps_rows(event.gpu));
    return true;
  }));
  log_event(directory_, config(event.gpu), event, now_us());
  return {};
}

}  // namespace gpuslice::sim
