#include "ops/observe.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "base/intern.hpp"
#include "base/user_name.hpp"
#include "catalog/product.hpp"
#include "ops/driver_error.hpp"
#include "ops/instance_path.hpp"
#include "plan/resolve.hpp"

namespace gpuslice::ops {
namespace {

// The value of a driver call's result. A refusal becomes an Error that says what was requested.
template <class T>
Result<T> asked(GpuIndex gpu, const char* doing, node::Answer<T> answer) {
  if (!answer) return std::unexpected(driver_error(gpu_text(gpu), doing, answer.error()));
  return *std::move(answer);
}

std::string user_of(std::uint32_t pid) {
  struct stat about{};
  if (::stat(fmt::format("/proc/{}", pid).c_str(), &about) != 0) return {};
  return user_name_or_id(about.st_uid);
}

mig::Engines engines(std::uint32_t copy, std::uint32_t decoder, std::uint32_t encoder, std::uint32_t jpeg,
                     std::uint32_t ofa) {
  const auto narrow = [](std::uint32_t n) { return static_cast<std::uint16_t>(n); };
  return {narrow(copy), narrow(decoder), narrow(encoder), narrow(jpeg), narrow(ofa)};
}

// Compute instance profiles of a product that is not in the catalogue. An existing instance reports them (ask_compute).
// Without one, only the profile that uses a whole GPU instance is certain. Its id follows NVML's enumeration (nvml.h:
// 1, 2, 3, 4, 7, 8, 6 slices).
mig::CiProfile whole(std::uint8_t slices) {
  constexpr std::array<std::uint8_t, 7> by_id = {1, 2, 3, 4, 7, 8, 6};
  mig::CiProfile profile;
  const auto* const at = std::find(by_id.begin(), by_id.end(), slices);
  profile.id = mig::CiProfileId{static_cast<std::uint32_t>(at - by_id.begin())};
  profile.slices = slices;
  profile.max_count = 1;
  profile.is_default = true;
  profile.sites.push_back({0, slices});
  return profile;
}
void ask_compute(node::Node& node, GpuIndex gpu, mig::GiProfile& profile) {
  const auto standing = node.mig().gpu_instances(gpu, profile.id);
  if (!standing || standing->empty()) return;
  const auto known = node.mig().ci_profiles(gpu, standing->front().id);
  if (!known) return;
  profile.compute.clear();
  for (const auto& one : *known) {
    mig::CiProfile made;
    made.id = one.id;
    made.slices = static_cast<std::uint8_t>(one.slices);
    made.max_count = static_cast<std::uint8_t>(one.max_count);
    made.multiprocessors = static_cast<std::uint16_t>(one.multiprocessors);
    made.is_default = made.slices == profile.slices;
    if (const auto places = node.mig().ci_placements(gpu, standing->front().id, one.id))
      for (const auto& place : *places) made.sites.push_back(place);
    profile.compute.push_back(made);
  }
}

// Replaces the profiles of the catalogue with those that the driver reports.
void ask_profiles(node::Node& node, GpuIndex gpu, mig::Capability& capability, bool in_catalogue) {
  const auto seen = node.mig().gi_profiles(gpu);
  if (!seen || seen->empty()) return;
  mig::Capability told;
  for (const auto& one : *seen) {
    const auto places = node.mig().gi_placements(gpu, one.id);
    if (!places) return;
    mig::GiProfile made;
    const auto* known = capability.find(one.id);
    if (known != nullptr && known->slices == one.slices) made = *known;
    made.id = one.id;
    made.nvml_enum = static_cast<std::uint8_t>(one.nvml_enum);
    made.name = intern(one.name.starts_with("MIG ") ? one.name.substr(4) : one.name);
    made.slices = static_cast<std::uint8_t>(one.slices);
    made.max_count = static_cast<std::uint8_t>(one.max_count);
    made.graphics = made.graphics || made.name.find("+gfx") != std::string_view::npos;
    made.memory_mib = static_cast<std::uint32_t>(one.memory_mib);
    made.multiprocessors = static_cast<std::uint16_t>(one.multiprocessors);
    made.engines = engines(one.copy, one.decoder, one.encoder, one.jpeg, one.ofa);
    made.sites.clear();
    for (const auto& place : *places) made.sites.push_back(place);
    if (made.compute.empty()) {
      made.compute.push_back(whole(made.slices));
      ask_compute(node, gpu, made);
    }
    told.profiles.push_back(made);
  }
  capability.profiles = told.profiles;
  if (in_catalogue) return;
  for (const auto& profile : capability.profiles) {
    for (const auto site : profile.sites)
      capability.grid = std::max(capability.grid, static_cast<std::uint8_t>(site.end()));
    capability.max_instances = std::max(capability.max_instances, profile.max_count);
    if (profile.slices < capability.compute_slices) continue;
    capability.compute_slices = profile.slices;
    capability.pool = profile.engines;
  }
}

// NVML_DEVICE_ARCH_AMPERE. Only on Ampere does switching MIG mode reset the GPU, and only there does the mode persist
// across reboots (NVIDIA MIG User Guide).
constexpr std::uint32_t ampere = 7;

using ModeAnswer = node::Answer<node::Mode>;

Result<void> ask_capability(node::Node& node, const std::string& driver, Ask ask, const ModeAnswer& mode,
                            model::Gpu& gpu) {
  const auto known = catalog::find(gpu.name);
  if (known) {
    gpu.product = std::string((*known)->key);
    gpu.capability = catalog::capability(**known, driver, gpu.name);
  }
  if (!mode && mode.error().code == node::err_not_supported) {
    // MIG is unavailable in this display mode, or the GPU does not support it.
    if (gpu.capability.mode.needs_compute_display) return {};
    gpu.capability = {};
    return {};
  }
  if (!mode) return std::unexpected(driver_error(gpu_text(gpu.index), "read the MIG mode", mode.error()));
  if (!known) {
    const auto architecture = node.readings().read(gpu.index, fields::Reading::architecture);
    gpu.capability.mode.switch_resets = gpu.capability.mode.survives_reboot =
        architecture && architecture->number() == ampere;
  }
  gpu.capability.mode.supported = true;
  if (ask == Ask::all || mode->current) ask_profiles(node, gpu.index, gpu.capability, known.has_value());
  return {};
}

Result<void> read_instances(node::Node& node, model::Gpu& gpu) {
  gpu.state.mig.partition = {};
  if (!gpu.state.mig.mode) return {};
  auto& all = gpu.state.mig.partition.instances;
  for (const auto& profile : gpu.capability.profiles) {
    const auto instances =
        GPUSLICE_TRY(asked(gpu.index, "list GPU instances", node.mig().gpu_instances(gpu.index, profile.id)));
    for (const auto& seen : instances) {
      mig::GpuInstance gi;
      gi.id = seen.id;
      gi.profile = seen.profile;
      gi.placement = seen.placement;
      for (const auto& compute : profile.compute) {
        const auto inside = node.mig().compute_instances(gpu.index, gi.id, compute.id);
        // This GPU instance lacks the profile, or another program has destroyed it in the meantime.
        if (!inside && (inside.error().code == node::err_not_supported || inside.error().code == node::err_not_found))
          continue;
        if (!inside)
          return std::unexpected(driver_error(gpu_text(gpu.index), "list compute instances", inside.error()));
        for (const auto& one : *inside) gi.compute.push_back({one.id, one.profile, one.placement});
      }
      std::sort(gi.compute.begin(), gi.compute.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
      if (!all.push_back(gi))
        return fail(ErrorKind::unknown, gpu_text(gpu.index), "has more GPU instances than any driver allows");
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return {};
}

// A MIG device that disappears between two calls is skipped.
void read_devices(node::Node& node, model::Gpu& gpu) {
  gpu.devices.clear();
  if (!gpu.state.mig.mode) return;
  const auto indices = node.mig().mig_indices(gpu.index);
  if (!indices) return;
  for (const auto index : *indices) {
    const node::Subject subject{gpu.index, index};
    const auto gi = node.mig().mig_gi(subject);
    const auto ci = node.mig().mig_ci(subject);
    const auto uuid = node.identity().uuid(subject);
    if (gi && ci && uuid) gpu.devices.push_back({*gi, *ci, *uuid});
  }
}

model::ClientKinds kinds_of(const node::Process& process) {
  const auto has = [&](node::ProcessKind kind) { return (process.kinds & static_cast<unsigned>(kind)) != 0; };
  return {has(node::ProcessKind::compute), has(node::ProcessKind::graphics), has(node::ProcessKind::mps)};
}

Result<void> read_clients(node::Node& node, model::Gpu& gpu) {
  gpu.clients.clear();
  for (const auto& process : GPUSLICE_TRY(asked(gpu.index, "list processes", node.processes().of({gpu.index, {}})))) {
    model::Client client;
    client.pid = process.pid;
    client.user = user_of(process.pid);
    client.command = process.name;
    client.memory_bytes = process.memory;
    client.kinds = kinds_of(process);
    if (process.gi) client.gi = mig::GiId{*process.gi};
    if (process.ci) client.ci = mig::CiId{*process.ci};
    gpu.clients.push_back(client);
  }
  return {};
}

// Reads the changeable parts of a GPU whose mode has been read.
Result<void> read_with(node::Node& node, const ModeAnswer& mode, model::Gpu& gpu) {
  if (!mode && mode.error().code != node::err_not_supported)
    return std::unexpected(driver_error(gpu_text(gpu.index), "read the MIG mode", mode.error()));
  gpu.state.mig.mode = mode && mode->current;
  gpu.state.mig.pending = mode && mode->pending;
  gpu.state.mig.compute_display = mode || !gpu.capability.mode.needs_compute_display;
  GPUSLICE_CHECK(read_instances(node, gpu));
  read_devices(node, gpu);
  GPUSLICE_CHECK(read_clients(node, gpu));
  gpu.made = still_standing(gpu.state, std::move(gpu.made));
  return {};
}

Result<void> read_gpu(node::Node& node, const std::string& driver, Ask ask, model::Gpu& gpu) {
  gpu.uuid = GPUSLICE_TRY(asked(gpu.index, "read the UUID", node.identity().uuid({gpu.index, {}})));
  gpu.name = GPUSLICE_TRY(asked(gpu.index, "read the name", node.identity().name({gpu.index, {}})));
  const auto pci = GPUSLICE_TRY(asked(gpu.index, "read the PCI address", node.identity().pci(gpu.index)));
  gpu.pci = pci.bus_id;
  gpu.pci_device_id = pci.device_id;
  const auto mode = node.mig().mig_mode(gpu.index);
  GPUSLICE_CHECK(ask_capability(node, driver, ask, mode, gpu));
  return read_with(node, mode, gpu);
}

}  // namespace

Result<void> read_again(node::Node& node, model::Gpu& gpu) {
  return read_with(node, node.mig().mig_mode(gpu.index), gpu);
}

void read_settings(node::Node& node, model::Gpu& gpu) {
  const auto known = [](auto setting, auto number, std::initializer_list<decltype(setting)> all) {
    std::optional<decltype(setting)> found;
    for (const auto one : all)
      if (static_cast<std::uint64_t>(one) == number) found = one;
    return found;
  };
  using enum model::ComputeMode;
  using enum model::TimeSlice;
  // The binding names all parts, so a new part does not compile until it is handled here.
  auto& [mig, compute_mode, time_slice, mps, vgpus] = gpu.state;
  const auto mode = node.readings().read(gpu.index, fields::Reading::compute_mode);
  compute_mode = mode ? known(shared, mode->number(), {shared, prohibited, exclusive_process}) : std::nullopt;
  const auto policy = node.modes().time_slice(gpu.index);
  time_slice = policy ? known(usual, *policy, {usual, brief, medium, extended}) : std::nullopt;
}

void observe_settings(Workers& workers, model::Gpu& gpu) {
  auto seen = workers.on(gpu.index, [now = gpu](node::Node& node) mutable -> Result<model::Gpu> {
    read_settings(node, now);
    return std::move(now);
  });
  if (seen) gpu = *std::move(seen);
}

SettingsOf settings_declared_by(const model::Layout& layout) {
  std::vector<model::Selector> selectors;
  for (const auto& entry : layout.gpus)
    if (entry.compute_mode || entry.time_slice) selectors.push_back(entry.selector);
  if (selectors.empty()) return nullptr;
  return [selectors = std::move(selectors)](const model::Gpu& gpu) {
    const model::Inventory one{"", {gpu}};
    return std::ranges::any_of(selectors,
                               [&](const auto& selector) { return !plan::selected_gpus(selector, one).empty(); });
  };
}

Result<model::Gpu> observe_again(Workers& workers, const model::Gpu& gpu) {
  return workers.on(gpu.index, [now = gpu](node::Node& node) mutable -> Result<model::Gpu> {
    GPUSLICE_CHECK(read_again(node, now));
    return std::move(now);
  });
}

Result<model::Gpu> observe_gpu(Workers& workers, GpuIndex gpu, Ask ask) {
  return workers.on(gpu, [gpu, ask](node::Node& node) -> Result<model::Gpu> {
    const auto driver = node.identity().driver_version();
    if (!driver) return std::unexpected(driver_error("node", "read the driver version", driver.error()));
    model::Gpu seen;
    seen.index = gpu;
    GPUSLICE_CHECK(read_gpu(node, *driver, ask, seen));
    return seen;
  });
}

Result<model::Inventory> observe(Workers& workers, Ask ask) {
  model::Inventory inventory;
  const auto count =
      GPUSLICE_TRY(workers.on_node([](node::Node& node) -> Result<std::pair<std::string, std::uint32_t>> {
        const auto version = node.identity().driver_version();
        if (!version) return std::unexpected(driver_error("node", "read the driver version", version.error()));
        const auto gpus = node.identity().gpu_count();
        if (!gpus) return std::unexpected(driver_error("node", "count the GPUs", gpus.error()));
        return std::pair(*version, *gpus);
      }));
  inventory.driver = count.first;
  std::vector<Workers::Pending<model::Gpu>> pending;
  for (std::uint32_t i = 0; i < count.second; ++i)
    pending.push_back(
        workers.begin(GpuIndex{i}, [i, ask, driver = count.first](node::Node& node) -> Result<model::Gpu> {
          model::Gpu gpu;
          gpu.index = GpuIndex{i};
          GPUSLICE_CHECK(read_gpu(node, driver, ask, gpu));
          return gpu;
        }));
  for (std::uint32_t i = 0; i < count.second; ++i) {
    auto gpu = pending[i].get();
    if (gpu) {
      inventory.gpus.push_back(*std::move(gpu));
      continue;
    }
    auto& unread = inventory.gpus.emplace_back();
    unread.index = GpuIndex{i};
    unread.problem = gpu.error().what;
  }
  return inventory;
}

std::vector<model::NamedGi> still_standing(const model::GpuState& state, std::vector<model::NamedGi> made) {
  const auto gone = [](const auto& list, const auto& one) {
    return std::none_of(list.begin(), list.end(), [&](const auto& there) {
      return there.placement == one.placement && there.profile == one.profile;
    });
  };
  std::erase_if(made, [&](const auto& gi) { return gone(state.mig.partition.instances, gi); });
  for (auto& gi : made)
    for (const auto& there : state.mig.partition.instances)
      if (there.placement == gi.placement)
        std::erase_if(gi.compute, [&](const auto& ci) { return gone(there.compute, ci); });
  return made;
}

void remember(model::Inventory& inventory, const store::Names& names) {
  for (auto& gpu : inventory.gpus) gpu.made = still_standing(gpu.state, names.of(gpu.uuid));
}

}  // namespace gpuslice::ops
