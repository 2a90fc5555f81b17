#include "simhost/enter_node.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/number.hpp"
#include "base/permission_hint.hpp"
#include "base/size_limit.hpp"
#include "sim/driver.hpp"
#include "sim/live_tree.hpp"
#include "sim/node_dir.hpp"
#include "sim/tree_files.hpp"
#include "sim/trees.hpp"
#include "sim/uuid.hpp"
#include "simhost/draft.hpp"
#include "simhost/node_space.hpp"

namespace gpuslice::simhost {
namespace {

namespace fs = std::filesystem;

void put_first(const char* variable, const std::string& directory) {
  const char* old = std::getenv(variable);
  const auto value = old != nullptr && *old != '\0' ? directory + ":" + old : directory;
  ::setenv(variable, value.c_str(), 1);
}

// The devices that a container was given: capabilities of MIG devices, and GPUs.
struct Given {
  std::set<unsigned> caps;  // capability minors
  std::set<std::uint32_t> gpus;
};
Result<Given> find_given(const sim::Driver& driver, const std::vector<std::string>& uuids) {
  Given given;
  for (const auto& text : uuids) {
    const auto wanted = sim::parse_uuid(text);
    bool found = false;
    for (std::uint32_t gpu = 0; wanted && gpu < driver.gpu_count(); ++gpu) {
      if (text.starts_with("GPU-") && driver.config(gpu).uuid == *wanted) {
        given.gpus.insert(gpu);
        found = true;
      }
      for (const auto& device : driver.mig_devices(gpu, driver.gpu(gpu))) {
        if (driver.mig_uuid(device) != *wanted) continue;
        given.caps.insert(sim::cap_minor(driver.config(gpu).minor, device.gi));
        given.caps.insert(sim::cap_minor(driver.config(gpu).minor, device.gi, device.ci));
        given.gpus.insert(gpu);
        found = true;
      }
    }
    if (!found)
      return fail(ErrorKind::not_found, "device " + text,
                  wanted && (text.starts_with("MIG-") || text.starts_with("GPU-"))
                      ? "is not on this node"
                      : "is not a UUID (MIG-... or GPU-...)",
                  Hint::gpuslice({"sim", "exec", "NODE", "--", "nvidia-smi", "-L"}));
  }
  return given;
}

// Whether a container runtime puts this file of the node into a container that is given some MIG devices: their
// capabilities, their GPUs and the driver's own files; no other capability, and never the monitor.
bool is_given(const sim::TreeEntry& entry, const Given& given, const sim::Driver& driver) {
  const std::string caps = "/proc/driver/nvidia/capabilities/", gpus = "/proc/driver/nvidia/gpus/";
  const auto& path = entry.path;
  if (path.starts_with("/sys/") || path.starts_with("/dev/nvidia-nvswitch")) return false;
  if (path.starts_with("/dev/nvidia-caps/")) return given.caps.contains(entry.minor);
  const auto of_given_gpu = [&](auto name_of) {
    return std::any_of(given.gpus.begin(), given.gpus.end(), [&](std::uint32_t gpu) {
      const auto name = name_of(driver.config(gpu));
      return path == name || path.starts_with(name + "/");
    });
  };
  if (entry.kind == sim::TreeEntry::Kind::character_device && entry.major == 195 && entry.minor != 255)
    return of_given_gpu([](const sim::GpuConfig& gpu) { return "/dev/nvidia" + std::to_string(gpu.minor); });
  if (path.starts_with(gpus)) return of_given_gpu([&](const auto& gpu) { return gpus + sim::pci_address(gpu); });
  if (!path.starts_with(caps)) return true;
  // Directories are created for the entries that are shown in them.
  if (entry.kind == sim::TreeEntry::Kind::directory) return false;
  return path.ends_with("/access") && std::any_of(given.caps.begin(), given.caps.end(), [&](unsigned minor) {
           return entry.content == sim::capability_text(minor, 0444);
         });
}

// The view is stored in the node, one for each set of devices, and deleted with the node. Its devices are links to
// those of the node.
Result<std::string> make_view(sim::Driver& driver, std::vector<std::string> uuids) {
  const auto given = GPUSLICE_TRY(find_given(driver, uuids));
  std::sort(uuids.begin(), uuids.end());
  std::uint64_t key = 0;
  for (const auto& uuid : uuids)
    for (const char c : uuid) key = sim::mix(key ^ static_cast<unsigned char>(c));
  const auto path = driver.directory() + "/views/" + std::to_string(key);
  std::error_code error;
  if (fs::exists(path, error)) return path;
  const OwnerWrites modes;
  fs::create_directories(driver.directory() + "/views", error);
  if (error)
    return fail(ErrorKind::io, path, "cannot create the container's view: " + error.message(),
                permission_hint(error.value(), path, "run it as the user who created the node"));
  auto made = GPUSLICE_TRY(Draft::make(path));
  const auto draft = made.path().string();
  auto entries = sim::trees(driver.config(), driver.state().read(), sim::host_processors());
  std::erase_if(entries, [&](const auto& entry) { return !is_given(entry, given, driver); });
  auto devices = entries;
  const auto is_device = [](const auto& entry) { return entry.kind == sim::TreeEntry::Kind::character_device; };
  std::erase_if(entries, is_device);
  std::erase_if(devices, [&](const auto& entry) { return !is_device(entry); });
  GPUSLICE_CHECK(sim::put_trees(draft, entries));
  for (const auto& device : devices)
    if (::link((driver.directory() + device.path).c_str(), (draft + device.path).c_str()) != 0)
      return fail_errno(draft + device.path, "cannot be linked", errno);
  if (const auto done = made.keep(); !done && !fs::exists(path, error)) return std::unexpected(done.error());
  return path;
}

Result<void> become_client(sim::Driver& driver, const ClientWish& wish, const std::string& command) {
  const auto object = "GPU " + std::to_string(wish.gpu);
  if (wish.gpu >= driver.gpu_count())
    return fail(ErrorKind::not_found, object,
                "is not on this node; GPUs on the node: " + std::to_string(driver.gpu_count()));
  if (wish.gi.has_value() != wish.ci.has_value())
    return fail(ErrorKind::usage, object, "a client of a MIG device needs both --gi and --ci");
  const auto dynamic = driver.gpu(wish.gpu);
  if (dynamic.mig.mode && !wish.gi && (wish.kinds & 1U) != 0)
    return fail(ErrorKind::refused, object,
                "has MIG mode on: a compute client runs on a compute instance, not on the GPU",
                "--gi GI --ci CI; see nvidia-smi mig -lci");
  const auto memory = wish.gi ? driver.memory(wish.gpu, mig::GiId{*wish.gi}) : std::optional(driver.memory(wish.gpu));
  if (memory && wish.memory_bytes + wish.hidden_bytes > memory->free)
    return fail(ErrorKind::refused, object,
                "has " + std::to_string(memory->free / sim::mib) + " MiB free, less than the client requests",
                "request less with --memory");
  sim::Client client;
  client.gpu = wish.gpu;
  client.gi = wish.gi ? static_cast<std::int32_t>(*wish.gi) : -1;
  client.ci = wish.ci ? static_cast<std::int32_t>(*wish.ci) : -1;
  client.kinds = wish.kinds;
  client.pid = static_cast<std::uint32_t>(::getpid());
  client.memory_bytes = wish.memory_bytes;
  client.hidden_bytes = wish.hidden_bytes;
  client.load = wish.load;
  client.started_us = driver.now_us();
  client.name.set(wish.name.empty() ? command : wish.name);
  GPUSLICE_CHECK(sim::hold(driver.state(), driver.directory(), client));  // the lock stays with the command
  return {};
}

// A client of a GPU has its device files open, so that programs that search /proc/*/fd find it. They are opened with
// O_PATH, which gives no access, and stay open in the command.
void hold_devices(const sim::Driver& driver, const ClientWish& wish, const std::string& root) {
  const auto minor = driver.config(wish.gpu).minor;
  std::vector<std::string> devices = {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia" + std::to_string(minor)};
  const auto cap = [&](unsigned number) { devices.push_back("/dev/nvidia-caps/nvidia-cap" + std::to_string(number)); };
  if (wish.gi) {
    cap(sim::cap_minor(minor, mig::GiId{*wish.gi}));
    cap(sim::cap_minor(minor, mig::GiId{*wish.gi}, mig::CiId{*wish.ci}));
  }
  for (const auto& device : devices) static_cast<void>(open_file((root + device).c_str(), O_PATH));
}

std::vector<std::string> programs_of(const std::string& node) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(node + "/bin", error)) names.push_back(entry.path().filename());
  return names;
}

bool host_has_devices() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/dev", error))
    if (entry.path().filename().string().starts_with("nvidia")) return true;
  return false;
}

Result<void> enter(const Entry& entry, const std::optional<ClientWish>& client, const std::vector<std::string>& command,
                   const Note& note) {
  GPUSLICE_CHECK(sim::check_owner(entry.node));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(entry.node, entry.node));
  std::error_code ignored;
  fs::create_directory(entry.node + "/cdi", ignored);  // earlier versions created nodes without it
  NodeSpace space{entry.node, entry.node, programs_of(entry.node)};
  ::unsetenv("GPUSLICE_SIM_VIEW");  // it may belong to another node
  ::unsetenv("GPUSLICE_NODE");      // inside, the default node is the one that is entered
  if (!entry.only.empty()) {
    space.tree = GPUSLICE_TRY(make_view(*driver, entry.only));
    ::setenv("GPUSLICE_SIM_VIEW", space.tree.c_str(), 1);
  }
  if (client) GPUSLICE_CHECK(become_client(*driver, *client, command[0]));
  ::setenv("GPUSLICE_SIM_NODE", entry.node.c_str(), 1);
  ::setenv("GPUSLICE_LOCAL", "readonly", 1);
  put_first("PATH", entry.node + "/bin");
  put_first("LD_LIBRARY_PATH", entry.node + "/lib");
  put_first("LIBRARY_PATH", entry.node + "/lib");  // where compilers look for -lnvidia-ml
  static_cast<void>(sim::LiveTree(entry.node).become_files());
  const auto entered = enter_space(space);
  if (!entered && entered.error().kind != ErrorKind::permission) return std::unexpected(entered.error());
  if (!entered)
    note(entered.error().message() +
         "; only PATH and LD_LIBRARY_PATH lead into the node, absolute paths show the host" +
         (host_has_devices() ? ", whose NVIDIA devices stay visible" : ""));
  if (entered && entry.tell_missing)
    for (const auto& what : *entered) note("not shown inside: " + what);
  // If a process changed an instance while the namespace was being created, it did not find this namespace yet.
  if (entered) driver->settle_inside();
  if (client) hold_devices(*driver, *client, entered ? "" : entry.node);
  return {};
}

}  // namespace

Error run_in_node(const Entry& entry, const std::optional<ClientWish>& client, const std::vector<std::string>& command,
                  const Note& note) {
  if (const auto entered = enter(entry, client, command, note); !entered) {
    auto why = entered.error();
    if (why.kind == ErrorKind::not_found || why.kind == ErrorKind::permission)
      why.kind = ErrorKind::refused;  // gpuslice's own error, not the command's
    return why;
  }
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  restore_size_limit_signal();
  ::execvp(words[0], words.data());
  const int why = errno;
  ignore_size_limit_signal();
  Error error;
  error.kind = why == ENOENT ? ErrorKind::not_found : ErrorKind::permission;
  error.object = command[0];
  error.what = std::string("cannot be run: ") + std::generic_category().message(why);
  return error;
}

Result<std::vector<BootHook>> run_boot_hooks(const std::string& node, const BootListener& listener) {
  constexpr const char* booting = "GPUSLICE_SIM_BOOTING";
  if (std::getenv(booting) != nullptr)
    return std::vector<BootHook>{};  // a program in boot.d may reboot the node: do not run them again
  GPUSLICE_CHECK(sim::check_owner(node));
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(node + "/boot.d", error))
    if (entry.is_regular_file(error) && ::access(entry.path().c_str(), X_OK) == 0) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<BootHook> run;
  for (const auto& path : paths) {
    const auto child = ::fork();
    if (child < 0) return fail_errno(path, "cannot be started", errno);
    if (child == 0) {
      ::setenv(booting, "1", 1);
      const auto why = run_in_node({node, {}, false}, std::nullopt, {path}, listener.note);
      listener.not_run(why);
      ::_exit(why.kind == ErrorKind::not_found ? 127 : why.kind == ErrorKind::permission ? 126 : 125);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    run.push_back(
        {fs::path(path).filename().string(), WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)});
  }
  return run;
}

Result<std::uint64_t> parse_size(const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const double number = std::strtod(text.c_str(), &end);
  const std::string unit = end;
  double scale = 0;
  if (unit.empty() || unit == "B") scale = 1;
  if (unit == "KiB" || unit == "K") scale = 1024.0;
  if (unit == "MiB" || unit == "M") scale = 1024.0 * 1024;
  if (unit == "GiB" || unit == "G") scale = 1024.0 * 1024 * 1024;
  if (end == text.c_str() || scale == 0 || errno != 0 || !std::isfinite(number) || number < 0 || number * scale > 9e15)
    return fail(ErrorKind::usage, "size \"" + text + "\"", "is not a number with an optional KiB, MiB or GiB",
                "--memory 2GiB");
  return static_cast<std::uint64_t>(number * scale);
}

Result<sim::Load> parse_load(const std::string& text) {
  constexpr std::uint32_t sim::Load::* units[] = {&sim::Load::sm,      &sim::Load::memory, &sim::Load::encoder,
                                                  &sim::Load::decoder, &sim::Load::jpeg,   &sim::Load::ofa};
  const auto bad = fail(ErrorKind::usage, "load \"" + text + "\"",
                        "must be up to six percentages: SM, memory, encoder, decoder, JPEG, OFA", "--load 75,40");
  sim::Load load;
  std::size_t at = 0;
  for (const auto unit : units) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto percent = parse_number<std::uint32_t>(std::string_view(text).substr(at, end - at));
    if (!percent || *percent > 100) return bad;
    load.*unit = *percent;
    if (end == text.size()) return load;
    at = end + 1;
  }
  return bad;
}

Result<unsigned> parse_kinds(const std::string& text) {
  if (text == "C") return 1U;
  if (text == "G") return 2U;
  if (text == "C+G") return 3U;
  if (text == "M+C") return 5U;
  if (text == "M+C+G") return 7U;
  return fail(ErrorKind::usage, "type \"" + text + "\"", "must be C, G, C+G, M+C or M+C+G", "--type C");
}

}  // namespace gpuslice::simhost
