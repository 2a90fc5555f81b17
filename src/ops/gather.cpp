#include "ops/gather.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "fields/reading.hpp"
#include "ops/driver_error.hpp"

namespace gpuslice::ops {
namespace {

using doctor::Fact;
using doctor::GpuFacts;
using doctor::Missing;
using doctor::NodeFacts;
using fields::Reading;

// One part of the host's files, read by a worker of its own, so that a file system that hangs delays nothing else.
template <class T>
class Part {
 public:
  template <class Read>
  Part(Workers& readers, std::uint32_t number, const char* name, Read read)
      : name_(name),
        patience_(readers.patience()),
        pending_(readers.begin(GpuIndex{number}, [read = std::move(read)](node::Node&) {
          return gpuslice::Result<Fact<T>>(std::in_place, read());
        })) {}
  [[nodiscard]] Fact<T> get() {
    auto read = pending_.get();
    if (read) return *std::move(read);
    return std::unexpected(Missing{
        Missing::Kind::unreadable,
        fmt::format("{}: could not be read within {:g} s", name_, static_cast<double>(patience_.count()) / 1000.0)});
  }

 private:
  const char* name_;
  Workers::Patience patience_;
  Workers::Pending<Fact<T>> pending_;
};

void read_files(NodeFacts& facts, const HostFiles& files, Workers& readers) {
  std::vector<std::uint32_t> minors;
  std::vector<std::string> addresses;
  for (const auto& gpu : facts.gpus) {
    if (gpu.reach == GpuFacts::Reach::answers && gpu.minor) minors.push_back(*gpu.minor);
    if (!gpu.pci.empty()) addresses.push_back(gpu.pci);
  }
  using Devices = doctor::Devices;
  using Versions = doctor::Versions;
  std::uint32_t next = 0;
  Part<Versions> versions(readers, next++, "versions", [files] { return Fact<Versions>(read_versions(files)); });
  Part<doctor::KernelLog> log(readers, next++, "kernel log", [files] { return read_kernel_log(files); });
  Part<Devices> devices(readers, next++, "device files",
                        [files, minors] { return Fact<Devices>(read_devices(files, minors)); });
  Part<std::vector<doctor::CdiSpec>> cdi(readers, next++, "CDI", [files] { return read_cdi(files); });
  Part<std::vector<doctor::BootUnit>> boot(readers, next++, "units", [files] { return read_boot_units(files); });
  Part<std::optional<doctor::MpsDirectory>> mps(readers, next++, "MPS", [files] { return read_mps(files); });
  Part<std::optional<doctor::VgpuHost>> vgpu(readers, next++, "vGPU host",
                                             [files, addresses] { return read_vgpu_host(files, addresses); });
  Part<std::optional<std::vector<std::string>>> kubelet(readers, next++, "kubelet",
                                                        [files] { return read_kubelet(files); });
  auto seen = versions.get();
  if (seen && facts.versions) {
    seen->library = facts.versions->library;
    seen->driver = facts.versions->driver;
  }
  facts.versions = std::move(seen);
  facts.kernel_log = log.get();
  facts.devices = devices.get();
  facts.cdi = cdi.get();
  facts.boot = boot.get();
  facts.mps = mps.get();
  facts.vgpu = vgpu.get();
  facts.kubelet = kubelet.get();
}

struct Asked {
  std::string pci;
  bool lost{}, limited{};
  std::optional<std::uint32_t> minor;
  doctor::Readings readings;
  doctor::Links links;
};

std::optional<std::uint64_t> number(node::Node& node, GpuIndex gpu, Reading reading) {
  const auto value = node.readings().read({gpu, {}}, reading);
  if (!value) return std::nullopt;
  return value->number();
}
void take(std::optional<bool>& into, std::optional<std::uint64_t> value) {
  if (value) into = *value != 0;
}
void take(std::optional<std::uint32_t>& into, std::optional<std::uint64_t> value) {
  if (value) into = static_cast<std::uint32_t>(*value);
}

void read_readings(node::Node& node, GpuIndex gpu, doctor::Readings& into) {
  const auto of = [&](Reading reading) { return number(node, gpu, reading); };
  take(into.compute_mode, of(Reading::compute_mode));
  take(into.persistence, of(Reading::persistence_mode));
  take(into.ecc, of(Reading::ecc_mode_current));
  take(into.ecc_pending, of(Reading::ecc_mode_pending));
  take(into.display_active, of(Reading::display_active));
  take(into.display_attached, of(Reading::display_attached));
  take(into.virtualization, of(Reading::virtualization_mode));
  take(into.recovery_action, of(Reading::recovery_action));
  take(into.reset_required, of(Reading::reset_required));
  take(into.rows_pending, of(Reading::remapped_pending));
  take(into.rows_failed, of(Reading::remapped_failure));
  take(into.pages_pending, of(Reading::retired_pages_pending));
}

void read_links(node::Node& node, GpuIndex gpu, std::uint32_t count, doctor::Links& into) {
  bool any = false;
  for (std::uint32_t link = 0; link < node::most_links; ++link) {
    const auto state = node.links().link_figure(gpu, link, node::LinkFigure::state);
    if (!state) break;  // this GPU has no more links
    into.active.push_back(*state != 0);
    any = any || *state != 0;
  }
  if (!any) return;
  for (std::uint32_t other = 0; other < count; ++other) {
    if (other == gpu.value) continue;
    const auto status = node.topology().peer_status(gpu, GpuIndex{other}, node::PeerAccess::nvlink);
    if (status && *status != node::PeerStatus::ok && *status != node::PeerStatus::unknown)
      into.unreachable.emplace_back(other);
  }
}

// As the kernel writes addresses.
std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

gpuslice::Result<Asked> ask(node::Node& node, GpuIndex gpu, std::uint32_t count, bool answers) {
  Asked asked;
  if (const auto address = node.identity().address(gpu)) asked.pci = lower(*address);
  if (answers) {
    take(asked.minor, number(node, gpu, Reading::minor_number));
    read_readings(node, gpu, asked.readings);
    read_links(node, gpu, count, asked.links);
  }
  // A handle from before the loss is still found; a call on the GPU tells.
  const auto reachable = node.identity().reachable(gpu);
  const auto mode = node.mig().mig_mode(gpu);
  asked.lost = (!reachable && reachable.error().code == node::err_gpu_is_lost) ||
               (!mode && mode.error().code == node::err_gpu_is_lost);
  if (!answers && mode && mode->current) {
    const auto instances = node.mig().gpu_instances(gpu, mig::GiProfileId{0});
    asked.limited = !instances && instances.error().code == node::err_no_permission;
  }
  return asked;
}

void read_gpus(NodeFacts& facts, Workers& workers) {
  const auto count = static_cast<std::uint32_t>(facts.gpus.size());
  std::vector<Workers::Pending<Asked>> pending;
  for (const auto& gpu : facts.gpus)
    pending.push_back(workers.begin(gpu.index, [index = gpu.index, count, answers = gpu.problem.empty()](
                                                   node::Node& node) { return ask(node, index, count, answers); }));
  for (std::size_t i = 0; i < facts.gpus.size(); ++i) {
    auto& gpu = facts.gpus[i];
    auto asked = pending[i].get();
    if (!asked) {
      gpu.reach = GpuFacts::Reach::silent;
      if (gpu.problem.empty()) gpu.problem = asked.error().what;
      continue;
    }
    using enum GpuFacts::Reach;
    gpu.reach = asked->lost ? lost : gpu.problem.empty() ? answers : asked->limited ? limited : silent;
    gpu.pci = std::move(asked->pci);
    gpu.minor = asked->minor;
    gpu.readings = asked->readings;
    gpu.links = std::move(asked->links);
  }
  // Only GPUs whose own links are up can be expected at the other end.
  const auto linked = [&](GpuIndex index) {
    for (const auto& gpu : facts.gpus)
      if (gpu.index == index)
        for (const bool active : gpu.links.active)
          if (active) return true;
    return false;
  };
  for (auto& gpu : facts.gpus) std::erase_if(gpu.links.unreachable, [&](GpuIndex other) { return !linked(other); });
}

// "13.580.126.09" -> "580.126.09"
std::string library_version_of(const std::string& nvml) {
  const auto dot = nvml.find('.');
  return dot == std::string::npos ? std::string{} : nvml.substr(dot + 1);
}

void note_change(const Seen& seen, NodeFacts& facts) {
  if (seen.cut_off) {
    facts.interrupted = doctor::Interrupted{seen.cut_off->number, seen.cut_off->verb, seen.cut_off->user};
    for (const auto& gpu : seen.cut_off->gpus) facts.in_change.push_back(gpu.index);
  }
  if (!seen.changing) return;
  facts.changing = true;
  if (seen.changing->gpus)
    facts.in_change = *seen.changing->gpus;
  else
    for (const auto& gpu : seen.inventory.gpus) facts.in_change.push_back(gpu.index);
}

}  // namespace

NodeFacts gather(const Subject& subject, const HostFiles& files, Workers& readers) {
  auto& workers = *subject.workers;
  NodeFacts facts;
  facts.root = files.as_root;
  facts.container = files.container;
  const auto system = workers.on_node([](node::Node& node) -> gpuslice::Result<node::SystemInfo> {
    auto known = node.identity().system();
    if (!known) return std::unexpected(driver_error("node", "read the driver version", known.error()));
    return *std::move(known);
  });
  if (system) {
    facts.versions->driver = system->driver_version;
    facts.versions->library = library_version_of(system->nvml_version);
  }
  auto seen = see(subject, Ask::what_stands);
  if (!seen) {
    facts.no_driver = seen.error();
    read_files(facts, files, readers);
    return facts;
  }
  facts.store = std::move(seen->problems);
  note_change(*seen, facts);
  for (auto& gpu : seen->inventory.gpus) {
    GpuFacts one;
    one.index = gpu.index;
    one.problem = gpu.problem;
    one.gpu = std::move(gpu);
    facts.gpus.push_back(std::move(one));
  }
  read_gpus(facts, workers);
  read_files(facts, files, readers);
  return facts;
}

NodeFacts gather_without_driver(const Error& why, const HostFiles& files, Workers& readers) {
  NodeFacts facts;
  facts.no_driver = why;
  facts.root = files.as_root;
  facts.container = files.container;
  read_files(facts, files, readers);
  return facts;
}

}  // namespace gpuslice::ops
