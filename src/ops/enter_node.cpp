#include "ops/enter_node.hpp"

#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "sim/driver.hpp"
#include "sim/uuid.hpp"

namespace gpuslice::ops {
namespace {

namespace fs = std::filesystem;

void put_first(const char* variable, const std::string& directory) {
  const char* old = std::getenv(variable);
  const auto value = old != nullptr && *old != '\0' ? directory + ":" + old : directory;
  ::setenv(variable, value.c_str(), 1);
}

std::vector<std::string> real_devices() {
  std::vector<std::string> found;
  for (const char* pattern : {"/dev/nvidia*", "/dev/nvidia-caps/*"}) {
    glob_t matches{};
    if (::glob(pattern, 0, nullptr, &matches) == 0)
      for (std::size_t i = 0; i < matches.gl_pathc; ++i) {
        struct stat info{};
        if (::stat(matches.gl_pathv[i], &info) == 0 && S_ISCHR(info.st_mode)) found.emplace_back(matches.gl_pathv[i]);
      }
    ::globfree(&matches);
  }
  return found;
}

bool write_text(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(fd);
  return done;
}

// Covers the host's NVIDIA devices with an ordinary file in a mount namespace of our own. False when that is not
// allowed.
bool cover(const std::vector<std::string>& devices, const std::string& with) {
  const auto uid = ::geteuid();
  const auto gid = ::getegid();
  if (uid == 0) {
    if (::unshare(CLONE_NEWNS) != 0) return false;
  } else {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    write_text("/proc/self/setgroups", "deny");
    if (!write_text("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1") ||
        !write_text("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1"))
      return false;
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  for (const auto& device : devices)
    if (::mount(with.c_str(), device.c_str(), nullptr, MS_BIND, nullptr) != 0) return false;
  return true;
}

// The view of a container that was given some MIG devices: their capability files and no monitor's. It stands in the
// node, one for each set of devices, and goes with it.
Result<std::string> make_view(const sim::Driver& driver, std::vector<std::string> uuids) {
  std::sort(uuids.begin(), uuids.end());
  std::uint64_t key = 0;
  for (const auto& uuid : uuids)
    for (const char c : uuid) key = sim::mix(key ^ static_cast<unsigned char>(c));
  auto path = driver.directory() + "/views/" + std::to_string(key);
  const fs::path caps = fs::path(path) / "dev/nvidia-caps";
  std::error_code error;
  fs::create_directories(caps, error);
  if (error)
    return fail(ErrorKind::io, caps.string(), "cannot make the container's view: " + error.message(),
                "run it as the user who made the node");
  const auto touch = [&](unsigned minor) {
    const auto file = (caps / ("nvidia-cap" + std::to_string(minor))).string();
    const int fd = ::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
    if (fd >= 0) ::close(fd);
  };
  for (const auto& text : uuids) {
    const auto wanted = sim::parse_uuid(text);
    bool found = false;
    for (std::uint32_t gpu = 0; wanted && gpu < driver.gpu_count(); ++gpu)
      for (const auto& device : driver.mig_devices(gpu, driver.gpu(gpu))) {
        if (driver.mig_uuid(device) != *wanted) continue;
        touch(sim::cap_minor(driver.config(gpu).minor, device.gi));
        touch(sim::cap_minor(driver.config(gpu).minor, device.gi, device.ci));
        found = true;
      }
    if (!found) {
      return fail(ErrorKind::not_found, "MIG device " + text, "is not on this node",
                  "gpuslice sim exec NODE -- nvidia-smi -L");
    }
  }
  return path;
}

Result<void> become_client(sim::Driver& driver, const ClientWish& wish, const std::string& command) {
  const auto object = "GPU " + std::to_string(wish.gpu);
  if (wish.gpu >= driver.gpu_count())
    return fail(ErrorKind::not_found, object, "is not on this node, which has " + std::to_string(driver.gpu_count()));
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
                "has " + std::to_string(memory->free / sim::mib) + " MiB free, less than the client wants",
                "ask for less with --memory");
  sim::Client client;
  client.gpu = wish.gpu;
  client.gi = wish.gi ? static_cast<std::int32_t>(*wish.gi) : -1;
  client.ci = wish.ci ? static_cast<std::int32_t>(*wish.ci) : -1;
  client.kinds = wish.kinds;
  client.pid = static_cast<std::uint32_t>(::getpid());
  client.memory_bytes = wish.memory_bytes;
  client.hidden_bytes = wish.hidden_bytes;
  client.name.set(wish.name.empty() ? command : wish.name);
  GPUSLICE_CHECK(sim::hold(driver.state(), driver.directory(), client));  // the lock stays with the command
  return {};
}

Result<void> enter(const Entry& entry, const std::optional<ClientWish>& client,
                   const std::vector<std::string>& command) {
  const auto driver = GPUSLICE_TRY(sim::Driver::open(entry.node, entry.node));
  if (!entry.only.empty()) {
    const auto view = GPUSLICE_TRY(make_view(*driver, entry.only));
    ::setenv("GPUSLICE_SIM_VIEW", view.c_str(), 1);
  }
  if (client) GPUSLICE_CHECK(become_client(*driver, *client, command[0]));
  ::setenv("GPUSLICE_SIM_NODE", entry.node.c_str(), 1);
  ::setenv("GPUSLICE_LOCAL", "readonly", 1);
  put_first("PATH", entry.node + "/bin");
  put_first("LD_LIBRARY_PATH", entry.node + "/lib");
  const auto devices = real_devices();
  if (!devices.empty() && !cover(devices, entry.node + "/clients"))
    std::fprintf(stderr,
                 "gpuslice: this host has NVIDIA devices and namespaces are not allowed here: they stay visible inside "
                 "the node; "
                 "only the environment leads to the simulated driver\n");
  return {};
}

}  // namespace

Error run_in_node(const Entry& entry, const std::optional<ClientWish>& client,
                  const std::vector<std::string>& command) {
  if (const auto entered = enter(entry, client, command); !entered) {
    auto why = entered.error();
    if (why.kind == ErrorKind::not_found || why.kind == ErrorKind::permission) why.kind = ErrorKind::refused;  // ours
    return why;
  }
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  const int why = errno;
  Error error;
  error.kind = why == ENOENT ? ErrorKind::not_found : ErrorKind::permission;
  error.object = command[0];
  error.what = std::string("cannot be run: ") + std::generic_category().message(why);
  return error;
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
    return fail(ErrorKind::usage, "size \"" + text + "\"", "is not a number with KiB, MiB, GiB or nothing behind it",
                "--memory 2GiB");
  return static_cast<std::uint64_t>(number * scale);
}

Result<unsigned> parse_kinds(const std::string& text) {
  if (text == "C") return 1U;
  if (text == "G") return 2U;
  if (text == "C+G") return 3U;
  if (text == "M+C") return 5U;
  if (text == "M+C+G") return 7U;
  return fail(ErrorKind::usage, "type \"" + text + "\"", "must be C, G, C+G, M+C or M+C+G", "--type C");
}

}  // namespace gpuslice::ops
