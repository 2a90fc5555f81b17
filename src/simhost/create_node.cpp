#include "simhost/create_node.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <initializer_list>

#include "base/descriptor.hpp"
#include "base/number.hpp"
#include "base/write.hpp"
#include "sim/clients.hpp"
#include "sim/display_mode.hpp"
#include "sim/driver.hpp"
#include "sim/live_tree.hpp"
#include "sim/node_dir.hpp"
#include "sim/trees.hpp"
#include "sim/uuid.hpp"
#include "simhost/copy_tree.hpp"
#include "simhost/draft.hpp"
#include "simhost/host_shape.hpp"
#include "simhost/node_gaps.hpp"
#include "store/node_store.hpp"

namespace gpuslice::simhost {
namespace {

namespace fs = std::filesystem;

// The CUDA version that each driver branch supports. Source: release notes of each branch; nvidia-smi shows it as CUDA
// Version in its first line.
struct Branch {
  unsigned driver;
  std::uint32_t cuda;
};
constexpr std::array<Branch, 14> branches = {{{450, 11000},
                                              {460, 11020},
                                              {470, 11040},
                                              {510, 11060},
                                              {515, 11070},
                                              {525, 12000},
                                              {530, 12010},
                                              {535, 12020},
                                              {545, 12030},
                                              {550, 12040},
                                              {555, 12050},
                                              {560, 12060},
                                              {570, 12080},
                                              {580, 13000}}};

Result<std::uint32_t> cuda_version(const NodeSpec& spec) {
  if (spec.cuda) {
    if (*spec.cuda == "none") return 0U;
    unsigned major{}, minor{};
    char rest{};
    if (std::sscanf(spec.cuda->c_str(), "%u.%u%c", &major, &minor, &rest) == 2 && major < 100 && minor < 100)
      return major * 1000 + minor * 10;
    return fail(ErrorKind::usage, "cuda " + *spec.cuda, "is not MAJOR.MINOR or none", "cuda: \"13.0\"");
  }
  const auto major = leading_number(spec.driver);
  for (const auto& branch : branches)
    if (branch.driver == major) return branch.cuda;
  return fail(ErrorKind::usage, "driver " + spec.driver, "the CUDA version that it supports is unknown",
              "give it in a recipe: cuda: \"13.0\"");
}

Result<void> check_driver(const std::string& driver) {
  const auto allowed = driver.find_first_not_of("0123456789.") == std::string::npos;
  if (driver.empty() || driver.size() > 31 || !allowed || driver[0] == '.' || driver.find('.') == std::string::npos)
    return fail(ErrorKind::usage, "driver " + driver, "is not a driver version", "--driver 580.126.09");
  return {};
}

Result<void> place_on_bus(const std::string& text, sim::GpuConfig& gpu) {
  unsigned domain{}, bus{}, device{}, function{};
  char rest{};
  if (std::sscanf(text.c_str(), "%x:%x:%x.%1u%c", &domain, &bus, &device, &function, &rest) != 4 || bus > 255 ||
      device > 31 || function != 0)
    return fail(ErrorKind::usage, "pci_bus_id " + text, "is not DOMAIN:BUS:DEVICE.0", "pci_bus_id: 00000000:10:1C.0");
  gpu.pci_domain = domain;
  gpu.pci_bus = bus;
  gpu.pci_device = device;
  return {};
}

Result<sim::Uuid> pinned(const std::string& text, const char* prefix) {
  const auto uuid = text.starts_with(prefix) ? sim::parse_uuid(text) : std::nullopt;
  if (!uuid)
    return fail(ErrorKind::usage, "UUID " + text,
                std::string("is not ") + prefix + "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
  return *uuid;
}

std::uint64_t text_key(std::string_view text) {
  std::uint64_t key = 0;
  for (const char c : text) key = sim::mix(key ^ static_cast<unsigned char>(c));
  return key;
}

template <class T>
sim::OptionalU32 figure(const std::optional<T>& wanted, const catalog::Figure<std::uint32_t>& known,
                        std::uint32_t scale = 1) {
  if (wanted) return {*wanted * scale, 1};
  if (known.value) return {*known.value * scale, 1};
  return {};
}

std::string list_of(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Refuses products that cannot be simulated accurately; adds a note about profiles that are left out.
Result<void> check_simulable(const catalog::Product& product, const mig::Capability& all, const mig::Capability& kept,
                             std::vector<std::string>& notes) {
  if (!all.mode.supported) return {};
  const auto key = std::string(product.key);
  if (kept.profiles.empty())
    return fail(
        ErrorKind::unsupported, "product " + key,
        "memory, multiprocessors or engines of its MIG profiles are unknown, so it cannot be simulated accurately",
        Hint::gpuslice({"profiles", {"for", key}, Hint::flag("sources")}));
  std::vector<std::string> left_out;
  for (const auto& profile : all.profiles)
    if (kept.find(profile.id) == nullptr) left_out.push_back(std::string(profile.name));
  if (!left_out.empty())
    notes.push_back(key + ": MIG profiles left out, because some of their figures are unknown: " + list_of(left_out));
  return {};
}

class GpuPlan {
 public:
  GpuPlan(const NodeSpec& spec, const GpuSpec& gpu, Blueprint& blueprint, std::uint64_t key)
      : spec_(spec), gpu_(gpu), blueprint_(blueprint), key_(key) {}

  Result<void> add(bool say_notes) {
    product_ = GPUSLICE_TRY(catalog::find(gpu_.product));
    auto& config = blueprint_.config;
    if (config.gpu_count >= sim::max_gpus) return fail(ErrorKind::usage, "the node", "would have more than 32 GPUs");
    index_ = config.gpu_count++;
    auto& out = config.gpus[index_];
    out.product.set(product_->key);
    GPUSLICE_CHECK(name(out));
    GPUSLICE_CHECK(placeable());
    GPUSLICE_CHECK(identity(out));
    GPUSLICE_CHECK(figures(out));
    GPUSLICE_CHECK(modes(out, say_notes));
    return {};
  }

 private:
  [[nodiscard]] std::string object() const { return "GPU " + std::to_string(index_) + " (" + gpu_.product + ")"; }

  Result<void> placeable() const {
    if (!product_->capability.mode.supported || !product_->capability.profiles.empty()) return {};
    return fail(ErrorKind::unsupported, object(),
                "its MIG placements are unknown, so it cannot be simulated accurately",
                Hint::gpuslice({"profiles", {"for", std::string(product_->key)}, Hint::flag("sources")}));
  }

  Result<void> name(sim::GpuConfig& out) {
    // If the product was given by one of its NVML names, this is the board with that name.
    const auto* board = catalog::find_board(*product_, gpu_.name.value_or(gpu_.product));
    if (gpu_.name && board == nullptr) {
      const std::vector<std::string> names(product_->names.begin(), product_->names.end());
      return fail(ErrorKind::usage, object(),
                  "cannot have the name \"" + *gpu_.name + "\"; its names are: " + list_of(names));
    }
    out.name.set(board != nullptr ? board->name : product_->names[0]);
    board_ = &catalog::at_board(*product_, out.name.view());
    return {};
  }

  Result<void> identity(sim::GpuConfig& out) const {
    if (gpu_.count != 1 && (gpu_.uuid || gpu_.pci_bus_id || gpu_.serial || !gpu_.mig_uuids.empty()))
      return fail(ErrorKind::usage, object(),
                  "identities can be pinned for one GPU only, not for a count of " + std::to_string(gpu_.count));
    out.minor = index_;
    out.pdi = sim::mix(key_ ^ (index_ + 1));
    out.uuid = gpu_.uuid ? GPUSLICE_TRY(pinned(*gpu_.uuid, "GPU-")) : sim::make_uuid(key_, index_, 0);
    for (std::uint32_t gi = 0; gi < mig::gi_id_count; ++gi)
      for (std::uint32_t ci = 0; ci < mig::max_compute_instances; ++ci)
        out.mig_uuids[gi][ci] = sim::make_uuid(out.pdi, gi + 1, ci + 1);
    for (const auto& [place, text] : gpu_.mig_uuids) {
      const auto uuid = GPUSLICE_TRY(pinned(text, "MIG-"));
      for (const auto& row : out.mig_uuids)
        if (std::find(row.begin(), row.end(), uuid) != row.end())
          return fail(ErrorKind::usage, object(), "has the UUID " + text + " twice");
      out.mig_uuids[place.first][place.second] = uuid;
    }
    for (std::uint32_t other = 0; other < index_; ++other) {
      const auto& o = blueprint_.config.gpus[other];
      if (o.uuid == out.uuid) return fail(ErrorKind::usage, object(), "has the UUID of GPU " + std::to_string(other));
    }
    if (board_->pci_device_id != 0) out.pci_device_id = (std::uint32_t{board_->pci_device_id} << 16U) | 0x10deU;
    out.pci_subsystem_id = board_->pci_subsystem_id;
    out.pci_subclass = board_->pci_subclass;
    char serial[16];
    std::snprintf(serial, sizeof serial, "1%012llu",
                  static_cast<unsigned long long>(sim::mix(out.pdi) % 1000000000000ULL));
    out.serial.set(gpu_.serial ? *gpu_.serial : serial);
    if (gpu_.board_variant && product_->id_scheme != catalog::IdScheme::seven_slice)
      return fail(ErrorKind::usage, object(), "has no board variants: only seven-slice parts come as A and B");
    const auto variant = gpu_.board_variant ? gpu_.board_variant : board_->usual_variant;
    out.board_variant = static_cast<std::uint32_t>(variant.value_or(catalog::BoardVariant::a));
    return {};
  }

  Result<void> figures(sim::GpuConfig& out) const {
    sim::set_memory(out, catalog::gpu_memory(*product_, spec_.driver, out.name.view()));
    if (gpu_.memory_total_mib) {
      out.memory_total_mib = {*gpu_.memory_total_mib, 1};
      out.memory_short_bytes = 0;
    }
    if (gpu_.memory_reserved_mib) {
      out.memory_reserved_bytes = *gpu_.memory_reserved_mib * sim::mib;
      out.memory_reserved_known = 1;
    }
    if (out.memory_total_mib.known == 0)
      return fail(ErrorKind::unsupported, object(), "its memory size is unknown",
                  "give it in a recipe: memory_total_mib: N");
    out.bar1_total_mib = figure(gpu_.bar1_total_mib, board_->bar1_total_mib);
    out.bar1_pool_mib =
        figure(std::optional<std::uint32_t>{}, catalog::bar1_pool_mib(*product_, spec_.driver, out.name.view()));
    out.temperature_c = figure(gpu_.temperature_c, board_->idle_temperature_c);
    out.power_mw = figure(gpu_.power_w, board_->idle_power_w, 1000);
    out.power_limit_mw = figure(gpu_.power_limit_w, board_->power_limit_w, 1000);
    out.fan_percent = figure(gpu_.fan_percent, board_->fan_percent);
    out.performance_state = figure(gpu_.performance_state, board_->idle_performance_state);
    sim::set_idle_use(out, catalog::idle_use(*product_, spec_.driver));
    out.memory_eighth = gpu_.memory_set.eighth;
    out.memory_quarter = gpu_.memory_set.quarter;
    out.memory_half = gpu_.memory_set.half;
    out.memory_full = gpu_.memory_set.full;
    return {};
  }

  Result<void> modes(sim::GpuConfig& out, bool say_notes) {
    auto& dynamic = blueprint_.start.gpus[index_];
    const auto all = catalog::capability(*product_, spec_.driver, out.name.view());
    const auto kept = sim::capability_of(blueprint_.config, out, *product_);
    std::vector<std::string> notes;
    GPUSLICE_CHECK(check_simulable(*product_, all, kept, notes));
    auto told = *board_;  // the figures of the recipe count, too
    const auto pin = [](auto& figure, const auto& value) {
      if (value) figure = {*value, catalog::Confidence::general};
    };
    pin(told.memory_reserved_mib, gpu_.memory_reserved_mib);
    pin(told.bar1_total_mib, gpu_.bar1_total_mib);
    pin(told.power_limit_w, gpu_.power_limit_w);
    if (const auto gaps = unknown_figures(told); !gaps.empty())
      notes.push_back(std::string(out.name.view()) +
                      ": unknown for this board, so N/A or 0 on the node: " + list_of(gaps));
    if (say_notes) blueprint_.notes.insert(blueprint_.notes.end(), notes.begin(), notes.end());
    out.ecc_supported = board_->ecc.value ? 1 : 0;
    if (gpu_.ecc && !board_->ecc.value) return fail(ErrorKind::usage, object(), "has no ECC");
    dynamic.ecc = gpu_.ecc.value_or(board_->ecc.value.value_or(false)) ? 1 : 0;
    dynamic.ecc_pending = dynamic.ecc;
    dynamic.persistence = gpu_.persistence.value_or(true) ? 1 : 0;
    out.display_active = gpu_.display_active.value_or(false) ? 1 : 0;
    out.display_attached = gpu_.display_attached.value_or(false) ? 1 : 0;
    GPUSLICE_CHECK(addressing(out));
    GPUSLICE_CHECK(display(all, dynamic));
    if (!gpu_.mig) return {};
    const auto on = mig::step(kept, dynamic.mig, {}, mig::SetMode{true});
    if (!on)
      return fail(ErrorKind::usage, object(),
                  "cannot have MIG mode on: this board or its display mode does not support MIG");
    dynamic.mig = on->state;
    return {};
  }

  Result<void> addressing(sim::GpuConfig& out) const {
    if (!gpu_.addressing_mode || *gpu_.addressing_mode == "None") return {};
    if (*gpu_.addressing_mode != "HMM" && *gpu_.addressing_mode != "ATS")
      return fail(ErrorKind::usage, object(), "addressing_mode must be None, HMM or ATS");
    out.addressing_mode = *gpu_.addressing_mode == "HMM" ? 1 : 2;
    return {};
  }

  Result<void> display(const mig::Capability& can, sim::GpuDynamic& dynamic) const {
    if (gpu_.display_mode && !can.mode.needs_compute_display)
      return fail(ErrorKind::usage, object(), "has no display modes: only RTX PRO workstation boards have them");
    if (!can.mode.needs_compute_display) return {};
    const auto* facts = sim::find_display_mode(gpu_.display_mode.value_or("compute"));
    if (facts == nullptr)
      return fail(ErrorKind::usage, object(), "has no display mode \"" + *gpu_.display_mode + "\"",
                  "display_mode: compute");
    dynamic.display_mode = dynamic.display_mode_pending = facts->mode;
    dynamic.mig.compute_display = sim::allows_mig(facts->mode);
    return {};
  }

  const NodeSpec& spec_;
  const GpuSpec& gpu_;
  Blueprint& blueprint_;
  std::uint64_t key_;
  const catalog::Product* product_{};
  const catalog::BoardFacts* board_{};
  std::uint32_t index_{};
};

// Sets the position of each GPU. Called once all GPUs are known.
Result<void> place(const NodeSpec& spec, sim::NodeConfig& node) {
  const auto shape = shape_of(node);
  node.nvswitch = spec.nvswitch.value_or(shape.nvswitch) ? 1 : 0;
  if (node.nvswitch != 0) {
    node.nvswitches = shape.switches;
    node.nvswitch_bus = shape.switch_bus;
    node.nvswitch_device = shape.switch_device;
  }
  std::uint32_t index = 0;
  for (const auto& wanted : spec.gpus)
    for (unsigned i = 0; i < wanted.count; ++i, ++index) {
      auto& gpu = node.gpus[index];
      gpu.pci_bus = shape.slots[index].bus;
      gpu.numa_node = wanted.numa_node.value_or(shape.slots[index].numa_node);
      // If there are several GPUs, each is in its own group.
      if (wanted.iommu_group) gpu.iommu_group = *wanted.iommu_group + static_cast<std::int32_t>(i);
      if (wanted.sriov_vfs) gpu.sriov_vfs = {*wanted.sriov_vfs, 1};
      if (wanted.pci_bus_id) GPUSLICE_CHECK(place_on_bus(*wanted.pci_bus_id, gpu));
      for (std::uint32_t other = 0; other < index; ++other) {
        const auto& o = node.gpus[other];
        if (o.pci_domain == gpu.pci_domain && o.pci_bus == gpu.pci_bus && o.pci_device == gpu.pci_device)
          return fail(ErrorKind::usage, "GPU " + std::to_string(index) + " (" + wanted.product + ")",
                      "has the PCI address of GPU " + std::to_string(other));
      }
    }
  return {};
}

// Chooses majors as the kernel assigns dynamic ones to a host's drivers, in the same order, and skips those that the
// host uses.
void choose_majors(const NodeSpec& spec, const std::vector<std::uint32_t>& host, sim::NodeConfig& node) {
  const auto free = [&](std::uint32_t wanted, std::initializer_list<std::uint32_t> others) {
    const auto taken = [&](std::uint32_t major) {
      return std::find(others.begin(), others.end(), major) != others.end() ||
             std::find(host.begin(), host.end(), major) != host.end();
    };
    for (auto major = wanted; major >= 234; --major)
      if (!taken(major)) return major;
    for (std::uint32_t major = 511; major >= 384; --major)
      if (!taken(major)) return major;
    return wanted;
  };
  node.caps_major = spec.caps_major.value_or(free(node.caps_major, {}));
  node.uvm_major = spec.uvm_major.value_or(free(node.uvm_major, {node.caps_major}));
  node.nvswitch_major = free(node.nvswitch_major, {node.caps_major, node.uvm_major});
}

Result<void> copy_into(const std::string& from, const fs::path& to) {
  if (const auto error = copy_plain_file(from, to); error)
    return fail(ErrorKind::io, to.string(), "cannot copy " + from + ": " + error.message());
  return {};
}

// As on a real host: NAME.580.126.09, which container tools look for, and a link NAME.1, which the loader looks for.
// Also a link NAME, which compilers and dlopen("libnvidia-ml.so") look for: NVIDIA's installer creates it, but some
// distributions have it only in a development package.
Result<void> put_library(const std::string& from, const fs::path& directory, const std::string& name,
                         const sim::NodeConfig& node, bool unversioned) {
  const auto whole = name + "." + std::string(node.driver.view());
  GPUSLICE_CHECK(copy_into(from, directory / whole));
  std::error_code error;
  fs::create_symlink(whole, directory / (name + ".1"), error);
  if (!error && unversioned) fs::create_symlink(name + ".1", directory / name, error);
  if (error) return fail(ErrorKind::io, (directory / name).string(), "cannot create the link: " + error.message());
  return {};
}

Result<void> write_file(const fs::path& path, std::string_view content, unsigned mode) {
  const int fd = open_file(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
  if (fd < 0) return fail_errno(path.string(), "cannot create the file", errno);
  int why = write_all(fd, content);
  if (::fchmod(fd, mode) != 0 && why == 0) why = errno;
  if (::close(fd) != 0 && why == 0) why = errno;
  if (why != 0) return fail_errno(path.string(), "cannot write the file", why);
  return {};
}

// A node's programs besides nvidia-smi. The programs that stop a host are included to hide the host's own: inside a
// node, these would reach the host, directly or through its init.
constexpr std::array node_programs = {
    "displaymodeselector", "nvidia-modprobe", "reboot", "shutdown", "systemctl", "halt", "poweroff", "telinit"};

Result<void> fill(const fs::path& directory, const Blueprint& blueprint, const NodeParts& parts, bool unversioned) {
  std::error_code error;
  for (const char* part : {"", "bin", "boot.d", "lib", "space"}) {
    fs::create_directories(directory / part, error);
    if (error)
      return fail(ErrorKind::io, (directory / part).string(), "cannot create the directory: " + error.message());
  }
  auto start = blueprint.start;
  for (auto& gpu : start.gpus) gpu.usage.until_us = parts.now_us;
  GPUSLICE_CHECK(sim::StateFile::create((directory / "state").string(), blueprint.config, start));
  GPUSLICE_CHECK(write_file(directory / "clients", std::string(sim::max_clients, '\0'), 0600));
  GPUSLICE_CHECK(sim::LiveTree(directory.string()).make(blueprint.config, blueprint.start));
  GPUSLICE_CHECK(put_library(parts.library, directory / "lib", "libnvidia-ml.so", blueprint.config, unversioned));
  if (!parts.cuda.empty())
    GPUSLICE_CHECK(put_library(parts.cuda, directory / "lib", "libcuda.so", blueprint.config, unversioned));
  GPUSLICE_CHECK(copy_into(parts.program, directory / "bin/nvidia-smi"));
  // The same program under all its names.
  for (const auto* name : node_programs) {
    fs::create_symlink("nvidia-smi", directory / "bin" / name, error);
    if (error)
      return fail(ErrorKind::io, (directory / "bin" / name).string(), "cannot create the link: " + error.message());
  }
  return {};
}

}  // namespace

Result<Blueprint> blueprint_of(const std::string& name, const NodeSpec& spec) {
  GPUSLICE_CHECK(check_driver(spec.driver));
  Blueprint blueprint;
  blueprint.config.name.set(name);
  blueprint.config.driver.set(spec.driver);
  blueprint.config.cuda_version = GPUSLICE_TRY(cuda_version(spec));
  blueprint.config.seed = spec.seed;
  const auto key = sim::mix(text_key(name) ^ sim::mix(spec.seed));
  for (const auto& gpu : spec.gpus)
    for (unsigned i = 0; i < gpu.count; ++i) GPUSLICE_CHECK(GpuPlan(spec, gpu, blueprint, key).add(i == 0));
  GPUSLICE_CHECK(place(spec, blueprint.config));
  for (const auto& view : unreproduced_views(spec.driver))
    blueprint.notes.push_back("driver " + spec.driver + " differs from NVIDIA's: " + view);
  return blueprint;
}

Result<CreatedNode> create_node(const std::string& nodes, const std::string& name, const NodeSpec& spec,
                                const NodeParts& parts) {
  GPUSLICE_CHECK(sim::check_node_name(name));
  auto blueprint = GPUSLICE_TRY(blueprint_of(name, spec));
  choose_majors(spec, sim::registered_majors(parts.host_devices), blueprint.config);
  const fs::path target = fs::path(nodes) / name;
  const OwnerWrites modes;
  std::error_code error;
  fs::create_directories(nodes, error);
  if (error)
    return fail(ErrorKind::io, nodes, "cannot create the directory of the nodes: " + error.message(),
                "export GPUSLICE_SIM_DIR=/a/directory/of/yours");
  if (fs::exists(target, error))
    return fail(ErrorKind::exists, "node " + name, "already exists, in " + target.string(),
                Hint::gpuslice({"sim", "list"}));
  // Built in a hidden directory and renamed, so that a partial node is never visible.
  auto draft = GPUSLICE_TRY(Draft::make(target));
  GPUSLICE_CHECK(fill(draft.path(), blueprint, parts, spec.unversioned_library));
  if (auto done = draft.keep(); !done) {
    auto& why = done.error();
    if (why.kind == ErrorKind::exists)
      why = {ErrorKind::exists, "node " + name, why.what, Hint::gpuslice({"sim", "list"})};
    return std::unexpected(why);
  }
  return CreatedNode{target.string(), blueprint.notes};
}

Result<void> delete_node(const std::string& nodes, const std::string& name) {
  const auto directory = GPUSLICE_TRY(sim::find_own_node(nodes, name));
  const auto driver = sim::Driver::open(directory, directory);
  if (driver) {
    for (std::uint32_t gpu = 0; gpu < (*driver)->gpu_count(); ++gpu) {
      const auto clients = (*driver)->clients(gpu);
      if (clients.empty()) continue;
      return fail(ErrorKind::busy, "node " + name,
                  "GPU " + std::to_string(gpu) + " is held by process " + std::to_string(clients[0].pid) + " (" +
                      std::string(clients[0].name.view()) + ")",
                  "end that process first");
    }
  }
  auto changing = store::NodeStore(directory + "/store").lock("sim delete");
  if (!changing && changing.error().kind == ErrorKind::busy) {
    auto& error = changing.error();
    error.object = "node " + name;
    return std::unexpected(error);
  }
  // Other failures to lock (a full disk, a damaged store) must not prevent the deletion.
  return GPUSLICE_TRY(Draft::take_away(directory)).remove();
}

}  // namespace gpuslice::simhost
