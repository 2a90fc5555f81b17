#include "store/lock_holder.hpp"

#include <sys/sysmacros.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace gpuslice::store {
namespace {

namespace fs = std::filesystem;

// The kernel's list of locks (proc(5), /proc/locks). It identifies files by the device of their file system, which
// differs from stat's device on some file systems (overlays, btrfs), and leaves out processes of other PID namespaces.
std::optional<int> in_list_of_locks(const struct stat& file) {
  std::ifstream list("/proc/locks");
  for (std::string line; std::getline(list, line);) {
    int pid = 0;
    unsigned major = 0;
    unsigned minor = 0;
    unsigned long long inode = 0;
    // A process that waits for the lock has "->" before FLOCK.
    if (std::sscanf(line.c_str(), "%*d: FLOCK %*s %*s %d %x:%x:%llu", &pid, &major, &minor, &inode) == 4 && pid > 0 &&
        major == gnu_dev_major(file.st_dev) && minor == gnu_dev_minor(file.st_dev) && inode == file.st_ino)
      return pid;
  }
  return std::nullopt;
}

bool has_open(int pid, const struct stat& file) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd", error)) {
    struct stat open{};
    if (::stat(entry.path().c_str(), &open) == 0 && open.st_dev == file.st_dev && open.st_ino == file.st_ino)
      return true;
  }
  return false;
}

// Text of other processes, made safe for a terminal.
std::string printable(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') c = '?';
  return text;
}

std::string command_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return printable(name);
}

}  // namespace

std::optional<std::string> lock_holder(const struct stat& file, const std::string& recorded) {
  int writer = 0;
  const auto colon = recorded.find(':');
  if (colon != std::string::npos) std::from_chars(recorded.data(), recorded.data() + colon, writer);
  const auto listed = in_list_of_locks(file);
  if (writer > 0 && (listed ? *listed == writer : has_open(writer, file)))
    return "gpuslice (process " + printable(recorded) + ")";
  if (!listed) return std::nullopt;
  const auto name = command_of(*listed);
  return "process (" + std::to_string(*listed) + (name.empty() ? "" : ": " + name) + ")";
}

}  // namespace gpuslice::store
