#include "simhost/restore.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/descriptor.hpp"
#include "sim/driver.hpp"
#include "sim/tree_files.hpp"
#include "simhost/copy_tree.hpp"
#include "simhost/denial_error.hpp"
#include "simhost/draft.hpp"
#include "store/node_store.hpp"

namespace gpuslice::simhost {
namespace {

namespace fs = std::filesystem;

fs::path note_of(const std::string& node) { return fs::path(node) / ".restore"; }
fs::path draft_note(const std::string& node) { return fs::path(node) / ".restore.note"; }
fs::path new_store(const std::string& node) { return fs::path(node) / ".restore.new"; }
fs::path old_store(const std::string& node) { return fs::path(node) / ".restore.old"; }

bool is_there(const fs::path& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0;
}

std::uint64_t inode(const fs::path& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

Result<void> clear(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return fail_errno(path.string(), "cannot be removed", error.value());
  return {};
}

Result<void> put_at(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return fail_errno(to.string(), "cannot be replaced", errno);
  return {};
}

struct Note {
  std::uint64_t boot{};   // the boot count of the state before
  std::uint64_t store{};  // inode of the new store
};

Result<void> write_note(const std::string& node, const Note& note) {
  const auto path = draft_note(node).string();
  GPUSLICE_CHECK(sim::write_file(path, std::to_string(note.boot) + ' ' + std::to_string(note.store) + '\n'));
  return put_at(path, note_of(node));
}

Result<void> swap_store(const std::string& node, const Note& note) {
  const auto store = fs::path(node) / "store";
  if (inode(store) != note.store) {
    GPUSLICE_CHECK(clear(old_store(node)));
    if (is_there(store)) GPUSLICE_CHECK(put_at(store, old_store(node)));
    GPUSLICE_CHECK(put_at(new_store(node), store));
  }
  GPUSLICE_CHECK(clear(note_of(node)));
  return clear(old_store(node));
}

Result<void> drop(const std::string& node) {
  GPUSLICE_CHECK(clear(note_of(node)));
  GPUSLICE_CHECK(clear(draft_note(node)));
  return clear(new_store(node));
}

// Call it with the lock held.
Result<void> settle_restore(const std::string& node) {
  if (is_there(note_of(node))) {
    Note note;
    std::ifstream in(note_of(node), std::ios::binary);
    if (!(in >> note.boot >> note.store))
      return fail(ErrorKind::damaged, note_of(node).string(), "does not say what was being restored",
                  "rm " + note_of(node).string());
    const auto state = GPUSLICE_TRY(sim::StateFile::open(node + "/state", sim::Access::read_only));
    if (state->read_boot() != note.boot) return swap_store(node, note);
  }
  GPUSLICE_CHECK(drop(node));
  return clear(old_store(node));
}

}  // namespace

Result<NodeLock> NodeLock::take(const std::string& node) {
  const auto path = node + "/.lock";
  const int fd = open_file(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return fail_errno(path, "cannot be opened", errno, "run it as the user who created the node");
  NodeLock made(fd);
  while (::flock(fd, LOCK_EX) != 0)
    if (errno != EINTR) return fail_errno(path, "cannot be locked", errno);
  return made;
}

NodeLock::~NodeLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> put_back_all(const std::string& node, const std::string& saved_state, const std::string& saved_store) {
  const OwnerWrites modes;
  const auto saved = GPUSLICE_TRY(sim::StateFile::open(saved_state, sim::Access::read_only));
  const auto contents = GPUSLICE_TRY(saved->contents());
  GPUSLICE_CHECK(sim::StateFile::make_room(node + "/state", contents.others));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(node, node));
  const auto lock = GPUSLICE_TRY(NodeLock::take(node));
  GPUSLICE_CHECK(settle_restore(node));
  const auto changing = GPUSLICE_TRY(store::NodeStore(node + "/store").lock("sim restore"));
  // All steps that can fail for lack of disk space come before anything is replaced.
  GPUSLICE_CHECK(copy_store(saved_store, new_store(node)));
  // The new store has the same lock file, because processes may be waiting for it.
  if (::link((node + "/store/lock").c_str(), (new_store(node) / "lock").c_str()) != 0)
    return fail_errno((new_store(node) / "lock").string(), "cannot be linked", errno);
  const Note note{driver->boot(), inode(new_store(node))};
  GPUSLICE_CHECK(write_note(node, note));
  if (const auto done = driver->put_back(contents); !done) {
    const auto refused = denial_error(done.error(), *driver, "the node");
    GPUSLICE_CHECK(drop(node));
    return std::unexpected(refused);
  }
  return swap_store(node, note);
}

Result<void> settle_node(const std::string& node) {
  struct stat info{};
  if (::stat(node.c_str(), &info) != 0 || info.st_uid != ::geteuid()) return {};
  if (!is_there(note_of(node)) && !is_there(draft_note(node)) && !is_there(new_store(node)) &&
      !is_there(old_store(node)))
    return {};
  const auto lock = GPUSLICE_TRY(NodeLock::take(node));
  return settle_restore(node);
}

}  // namespace gpuslice::simhost
