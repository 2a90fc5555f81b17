// Writes whole state files: creates one, or replaces one that this program cannot use as it is.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/descriptor.hpp"
#include "base/write.hpp"
#include "sim/faults.hpp"
#include "sim/generation.hpp"
#include "sim/state_file.hpp"
#include "sim/wake_word.hpp"

namespace gpuslice::sim {
namespace {

Result<void> write_image(int fd, const std::string& path, const std::vector<std::byte>& image) {
  const std::string_view text(reinterpret_cast<const char*>(image.data()), image.size());
  if (const int why = write_all(fd, text); why != 0) return fail_errno(path, "cannot write the state of the node", why);
  return {};
}

// Writes a file with the owner and mode of `like`. If that fails, no file is left behind.
Result<void> write_beside(const std::string& path, const struct stat& like, const std::vector<std::byte>& image) {
  const int fd = open_file(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return fail_errno(path, "cannot create the state of the node", errno);
  auto done = write_image(fd, path, image);
  if (done && ::fchmod(fd, like.st_mode & 07777U) != 0) done = fail_errno(path, "cannot set its mode", errno);
  if (done && like.st_uid != ::geteuid() && ::fchown(fd, like.st_uid, like.st_gid) != 0)
    done = fail_errno(path, "cannot set its owner", errno);
  // close reports errors that write did not (a full disk on some file systems).
  if (::close(fd) != 0 && done) done = fail_errno(path, "cannot write the state of the node", errno);
  if (!done) ::unlink(path.c_str());
  return done;
}

}  // namespace

Result<void> StateFile::create(const std::string& path, const Contents& contents) {
  const int fd = open_file(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
  if (fd < 0) return fail_errno(path, "cannot create the state of the node", errno);
  auto done = write_image(fd, path, state_image(sections_of(contents), watch_of(*contents.state)).bytes);
  if (::close(fd) != 0 && done) done = fail_errno(path, "cannot write the state of the node", errno);
  if (done) done = StateLock::make(path);
  if (!done) ::unlink(path.c_str());
  return done;
}

Result<void> StateFile::create(const std::string& path, const NodeConfig& config, const NodeDynamic& start) {
  Contents contents;
  *contents.config = config;
  *contents.state = start;
  return create(path, contents);
}

Result<void> StateFile::rewrite(const std::string& path, const Sections& others) {
  // Check again under the lock: another process may have rewritten the file meanwhile.
  const int named = open_file(path.c_str(), O_RDWR | O_CLOEXEC);
  if (named < 0) return fail_errno(path, "cannot open the state of the node", errno);
  auto lock_made = StateLock::open(path, named);
  ::close(named);
  auto lock = GPUSLICE_TRY(std::move(lock_made));
  GPUSLICE_CHECK(lock.lock());
  const StateUnlock unlock(lock);
  const auto file = GPUSLICE_TRY(map(path, Access::read_write));
  auto contents = GPUSLICE_TRY(file->contents());
  bool is_short = file->is_outdated();
  for (const auto& other : others) {
    const auto same_name = [&](const Section& one) { return one.shape.name.view() == other.shape.name.view(); };
    const auto there = std::find_if(contents.others.begin(), contents.others.end(), same_name);
    if (there == contents.others.end()) {
      // A constant section must have its content from the start.
      const bool constant = other.shape.storage == Storage::constant;
      contents.others.push_back({other.shape, constant ? other.bytes : std::vector<std::byte>(other.shape.bytes())});
      is_short = true;
    } else if (!(there->shape == other.shape)) {
      return fail(ErrorKind::unsupported, path,
                  "has a section " + std::string(other.shape.name.view()) + " with a different version or size");
    }
  }
  if (!is_short) return {};

  auto& header = header_of(file->map_);  // the words that change are at the same offsets in both layouts
  struct stat info{};
  if (::fstat(file->fd_, &info) != 0) return fail_errno(path, "cannot read the state of the node", errno);
  const auto watch = watch_of(*contents.state) | (std::atomic_ref(header.watch).load() & watch_tree);
  const auto beside = path + ".new";
  GPUSLICE_CHECK(write_beside(beside, info, state_image(sections_of(contents), watch).bytes));
  // The old file is retired before the new file gets its name: a writer that gets the old file's lock after this must
  // find it retired.
  const auto generation = generation_of(file->map_);
  if (const auto word = generation.load(std::memory_order_relaxed); !is_retired(word))
    generation.store(word ^ retired_bit, std::memory_order_release);
  if (::rename(beside.c_str(), path.c_str()) != 0)
    return fail_errno(path, "cannot be replaced by the rewritten file", errno);
  wake_all(header.wakes);
  return {};
}

Result<bool> StateFile::needs_rewrite(const std::string& path) {
  return GPUSLICE_TRY(map(path, Access::read_only))->is_outdated();
}

Result<void> StateFile::make_room(const std::string& path, const Sections& others) {
  return others.empty() ? Result<void>{} : rewrite(path, others);
}

Result<void> StateFile::convert() {
  const auto all = GPUSLICE_TRY(contents());
  auto image = state_image(sections_of(all), watch_of(*all.state));
  void* map = ::mmap(nullptr, image.bytes.size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) return fail_errno(path_, "cannot map the state of the node", errno);
  ::munmap(map_, map_bytes_);
  map_ = static_cast<std::byte*>(map);
  map_bytes_ = image.bytes.size();
  std::memcpy(map_, image.bytes.data(), map_bytes_);
  use_layout(std::move(image.layout));
  return {};
}

}  // namespace gpuslice::sim
