#include "sim/clients.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/descriptor.hpp"
#include "base/permission_hint.hpp"
#include "sim/usage.hpp"

namespace gpuslice::sim {
namespace {

struct flock byte_lock(std::size_t slot, short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(slot);
  lock.l_len = 1;
  return lock;
}

std::string clients_path(const std::string& node_directory) { return node_directory + "/clients"; }

// Whether the kernel's list of locks has a write lock on that byte of that file. On some file systems (btrfs, overlay)
// the list identifies the file system differently from stat, so files are told apart by inode alone.
bool is_listed(std::uint64_t inode, std::size_t byte) {
  std::ifstream list("/proc/locks");
  if (!list) return true;
  // "12: OFDLCK ADVISORY  WRITE -1 fd:01:1234 5 5"; a waiting one has "->" after its number.
  for (std::string line; std::getline(list, line);) {
    std::istringstream words(line);
    std::string number, kind, advisory, access, process, file, first, last;
    if (!(words >> number >> kind >> advisory >> access >> process >> file >> first >> last)) continue;
    if (kind == "OFDLCK" && access == "WRITE" && first == std::to_string(byte) && last == first &&
        file.ends_with(":" + std::to_string(inode)))
      return true;
  }
  return false;
}

}  // namespace

Result<Clients> Clients::open(const std::string& node_directory) {
  const auto path = clients_path(node_directory);
  // The node may belong to another user: do not follow a link or block on a pipe.
  const int fd = open_file(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  const int why = errno;
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || (fd < 0 && why != EACCES)) {
    if (fd >= 0) ::close(fd);
    return fail_errno(path, "cannot read which processes use the GPUs of the node", fd < 0 ? why : ENOENT);
  }
  return Clients(fd, info.st_ino);
}

Clients::Clients(Clients&& other) noexcept : fd_(std::exchange(other.fd_, -1)), file_(other.file_) {}
Clients::~Clients() {
  if (fd_ >= 0) ::close(fd_);
}

bool Clients::held(std::size_t slot) const {
  if (fd_ < 0) return is_listed(file_, slot);
  // A read lock, because this descriptor may be read-only; the client's is a write lock, so they conflict.
  auto lock = byte_lock(slot, F_RDLCK);
  if (::fcntl(fd_, F_OFD_GETLK, &lock) != 0) return true;
  return lock.l_type != F_UNLCK;
}

std::vector<Clients::Live> Clients::live(const std::array<Client, max_clients>& records, std::uint64_t boot) const {
  std::vector<Live> found;
  for (std::size_t slot = 0; slot < records.size(); ++slot)
    if (records[slot].used != 0 && records[slot].boot == boot && held(slot)) found.push_back({slot, records[slot]});
  return found;
}

void Clients::sweep(NodeDynamic& state) const { sweep({}, state, 0); }

void Clients::sweep(const NodeConfig& node, NodeDynamic& state, std::uint64_t now_us) const {
  for (std::size_t slot = 0; slot < state.clients.size(); ++slot) {
    const auto& record = state.clients[slot];
    if (record.used != 0 && (record.boot != state.boot || !held(slot))) retire_client(node, state, slot, now_us);
  }
}

Result<int> hold(StateFile& state, const std::string& node_directory, const Client& wanted) {
  const auto path = clients_path(node_directory);
  // Not close-on-exec: the command that becomes the client keeps it.
  const int fd = open_file(path.c_str(), O_RDWR | O_NOFOLLOW);
  if (fd < 0) {
    const int reason = errno;
    return fail_errno(path, "cannot become a client of the node", reason,
                      permission_hint(reason, path, "run it as the user who created the node"));
  }
  static_cast<void>(::fchmod(fd, 0600));  // in a node created by an older version, other users can read it
  Error why{ErrorKind::busy, node_directory, "all client slots are taken", "end some clients of the node"};
  const auto done = state.transact([&](NodeDynamic& draft) {
    const auto gpu = std::size_t{wanted.gpu};
    const auto& dynamic = draft.gpus[gpu];
    const auto object = "GPU " + std::to_string(wanted.gpu);
    const auto name = node_directory.substr(node_directory.rfind('/') + 1);
    const auto set_default =
        Hint::gpuslice({{"node", "sim:" + name}, "smi", "-i", std::to_string(wanted.gpu), "-c", "0"});
    if (wanted.gi >= 0) {
      const auto* gi = dynamic.mig.partition.find(mig::GiId{static_cast<std::uint32_t>(wanted.gi)});
      if (gi == nullptr || gi->find(mig::CiId{static_cast<std::uint32_t>(wanted.ci)}) == nullptr) {
        why = {ErrorKind::not_found, object,
               "has no compute instance " + std::to_string(wanted.ci) + " in GPU instance " + std::to_string(wanted.gi),
               Hint::gpuslice({{"node", "sim:" + name}, "list"})};
        return false;
      }
    }
    if (dynamic.compute_mode == 2 && (wanted.kinds & 1U) != 0) {
      why = {ErrorKind::refused, object, "is in compute mode Prohibited: no compute client may start", set_default};
      return false;
    }
    std::size_t free_slot = max_clients;
    for (std::size_t slot = 0; slot < max_clients; ++slot) {
      auto lock = byte_lock(slot, F_WRLCK);
      auto& record = draft.clients[slot];
      const bool held = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
      if (!held) retire_client(state.config(), draft, slot, wanted.started_us);
      if (held && record.used != 0 && record.boot == draft.boot && record.gpu == wanted.gpu &&
          dynamic.compute_mode == 3 && (wanted.kinds & record.kinds & 1U) != 0 && record.gi == wanted.gi &&
          record.ci == wanted.ci) {
        why = {ErrorKind::refused, object,
               "is in compute mode Exclusive_Process and held by process " + std::to_string(record.pid),
               Hint::gpuslice({{"node", "sim:" + name}, "list"})};
        return false;
      }
      if (!held && free_slot == max_clients) free_slot = slot;
    }
    if (free_slot == max_clients) return false;
    auto lock = byte_lock(free_slot, F_WRLCK);
    if (::fcntl(fd, F_OFD_SETLK, &lock) != 0) return false;
    settle_usage(state.config(), draft, wanted.gpu, wanted.started_us);
    draft.clients[free_slot] = wanted;
    draft.clients[free_slot].used = 1;
    draft.clients[free_slot].boot = draft.boot;
    return true;
  });
  if (!done || !*done) {
    ::close(fd);
    if (!done) return std::unexpected(done.error());
    return std::unexpected(why);
  }
  return fd;
}

}  // namespace gpuslice::sim
