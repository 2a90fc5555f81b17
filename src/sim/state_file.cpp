#include "sim/state_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>

#include "base/checksum.hpp"
#include "base/descriptor.hpp"
#include "sim/faults.hpp"
#include "sim/wake_word.hpp"

namespace gpuslice::sim {
namespace {

constexpr std::array<char, 8> magic = {'g', 'p', 'u', 's', 'l', 'i', 'c', 'e'};
constexpr std::uint32_t layout_version = 6;

struct Header {
  std::array<char, 8> magic{};
  std::uint32_t layout{};
  std::uint32_t config_bytes{};  // sizes of the parts: another build's layout is refused, not misread
  std::uint32_t dynamic_bytes{};
  std::uint32_t reserved{};
  std::uint64_t config_sum{};
  std::uint64_t sum{};  // of what is above
  alignas(64) std::uint64_t generation{};
  std::uint64_t watch{};  // see StateFile::watch
  std::uint32_t wakes{};  // see StateFile::wake_word
  std::array<char, 44> pad{};
};
static_assert(sizeof(Header) % 64 == 0);
constexpr std::size_t header_fixed_bytes = offsetof(Header, sum);

// Behind each snapshot.
struct Seal {
  std::uint64_t generation{};  // in which it is the current one
  std::uint64_t sum{};         // of the snapshot
};

constexpr std::size_t config_at = sizeof(Header);
constexpr std::size_t ring_at = config_at + sizeof(NodeConfig);
constexpr std::size_t snapshot_at = ring_at + sizeof(EventRing);
constexpr std::size_t slot_bytes = sizeof(NodeDynamic) + sizeof(Seal);
constexpr std::size_t file_bytes = snapshot_at + 2 * slot_bytes;
constexpr std::size_t slot_at(std::uint64_t generation) { return snapshot_at + (generation & 1) * slot_bytes; }
static_assert(config_at % 8 == 0 && ring_at % 8 == 0 && snapshot_at % 8 == 0);

// The generation is one word, so that it is counted up at once: the count, and a check of it in the upper bits, which
// tells the word of the generation before from one that lost a bit.
constexpr unsigned count_bits = 48;
constexpr std::uint64_t count_of(std::uint64_t generation) {
  return generation & ((std::uint64_t{1} << count_bits) - 1);
}
constexpr std::uint64_t generation_word(std::uint64_t count) {
  return count | count * checksum_detail::odd >> count_bits << count_bits;
}
constexpr bool is_generation(std::uint64_t word) { return word == generation_word(count_of(word)); }
static_assert(generation_word(0) == 0 && count_of(generation_word(77)) == 77);

std::atomic_ref<std::uint64_t> generation_of(std::byte* map) {
  return std::atomic_ref(reinterpret_cast<Header*>(map)->generation);
}

EventRing& ring_of(std::byte* map) { return *reinterpret_cast<EventRing*>(map + ring_at); }
std::uint32_t& wakes_of(std::byte* map) { return reinterpret_cast<Header*>(map)->wakes; }

using Word = std::uint64_t;  // every part is a whole number of them

// Word-wise and atomic, because another process may write the same bytes meanwhile; the generation tells whether it
// did.
void copy_out(void* into, const std::byte* from, std::size_t bytes) {
  auto* words = static_cast<std::byte*>(into);
  for (std::size_t at = 0; at < bytes; at += sizeof(Word)) {
    auto* source = const_cast<std::byte*>(from + at);
    const Word word = std::atomic_ref(*reinterpret_cast<Word*>(source)).load(std::memory_order_relaxed);
    std::memcpy(words + at, &word, sizeof word);
  }
}
void copy_in(std::byte* into, const void* from, std::size_t bytes) {
  const auto* words = static_cast<const std::byte*>(from);
  for (std::size_t at = 0; at < bytes; at += sizeof(Word)) {
    Word word{};
    std::memcpy(&word, words + at, sizeof word);
    std::atomic_ref(*reinterpret_cast<Word*>(into + at)).store(word, std::memory_order_relaxed);
  }
}

// One mutex for all state files of the process: transactions are short, and fork must be able to wait for all of them.
std::mutex& transaction_mutex() {
  static std::mutex mutex;
  return mutex;
}
// How often this process was born by fork since the library came up: flock belongs to the open file, which a child
// shares with its parent, so a child must open its own before it locks.
std::atomic<unsigned> births{0};

void register_fork_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::pthread_atfork([] { transaction_mutex().lock(); }, [] { transaction_mutex().unlock(); },
                     [] {
                       births.fetch_add(1, std::memory_order_relaxed);
                       transaction_mutex().unlock();
                     });
  });
}

// "gpuslice sim delete NAME" for the state of a node; nothing for one that was saved.
std::string delete_hint(const std::string& path) {
  const std::filesystem::path file(path);
  const auto node = file.parent_path();
  if (file.filename() != "state" || node.parent_path().filename() == "snapshots") return {};
  return "gpuslice sim delete " + node.filename().string();
}
std::unexpected<Error> damaged(const std::string& path, const std::string& what) {
  return fail(ErrorKind::damaged, path, "is damaged: " + what, delete_hint(path));
}

// The file beside the state that writers lock. It belongs to the owner of the state, whoever makes it.
int open_lock(const std::string& state, int state_fd) {
  const auto path = state + ".lock";
  const int fd = open_file(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  struct stat own{};
  struct stat info{};
  if (fd < 0 || ::fstat(fd, &own) != 0 || ::fstat(state_fd, &info) != 0) return fd;
  if (own.st_uid != info.st_uid && ::geteuid() == 0 && ::fchown(fd, info.st_uid, info.st_gid) != 0) {
    const int why = errno;
    ::close(fd);
    errno = why;
    return -1;
  }
  return fd;
}

// With the file, by its owner: later the directory may be one that nothing can be made in.
Result<void> make_lock(const std::string& state) {
  const int fd = open_file((state + ".lock").c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return fail_errno(state + ".lock", "cannot be made", errno);
  ::close(fd);
  return {};
}

Result<void> write_all(int fd, const std::string& path, const void* data, std::size_t bytes) {
  const auto* at = static_cast<const char*>(data);
  while (bytes > 0) {
    const auto n = ::write(fd, at, bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(path, "cannot write the state of the node", errno);
    at += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return {};
}

}  // namespace

Result<void> StateFile::create(const std::string& path, const NodeConfig& config, const NodeDynamic& start) {
  const int fd = open_file(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
  if (fd < 0) return fail_errno(path, "cannot make the state of the node", errno);
  Header header;
  header.magic = magic;
  header.layout = layout_version;
  header.config_bytes = sizeof(NodeConfig);
  header.dynamic_bytes = sizeof(NodeDynamic);
  header.config_sum = checksum(&config, sizeof config);
  header.sum = checksum(&header, header_fixed_bytes);
  header.watch = watch_of(start);
  const Seal first{0, checksum(&start, sizeof start)};
  const Seal unused;
  Result<void> done = write_all(fd, path, &header, sizeof header);
  if (done) done = write_all(fd, path, &config, sizeof config);
  const EventRing none;
  if (done) done = write_all(fd, path, &none, sizeof none);
  if (done) done = write_all(fd, path, &start, sizeof start);
  if (done) done = write_all(fd, path, &first, sizeof first);
  if (done) done = write_all(fd, path, &start, sizeof start);
  if (done) done = write_all(fd, path, &unused, sizeof unused);
  // close reports what write did not (a full disk on some file systems).
  if (::close(fd) != 0 && done) done = fail_errno(path, "cannot write the state of the node", errno);
  if (done) done = make_lock(path);
  if (!done) ::unlink(path.c_str());
  return done;
}

Result<std::unique_ptr<StateFile>> StateFile::open(const std::string& path, Access access) {
  const bool writable = access == Access::read_write;
  const int fd = open_file(path.c_str(), (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (fd < 0) return fail_errno(path, "cannot open the state of the node", errno);
  std::unique_ptr<StateFile> file(new StateFile);
  file->path_ = path;
  file->fd_ = fd;
  file->access_ = access;
  struct stat info{};
  if (::fstat(fd, &info) != 0) return fail_errno(path, "cannot read the state of the node", errno);
  Header header;
  // Another version's file has a header of the same beginning. One of this size is ours, whatever its header says.
  const bool whole = info.st_size == static_cast<off_t>(file_bytes);
  const auto read = ::pread(fd, &header, sizeof header, 0);
  const bool readable = read == static_cast<ssize_t>(sizeof header);
  if (!whole && readable && header.magic == magic && header.layout != 0 && header.layout < layout_version)
    return fail(ErrorKind::unsupported, path,
                "was made by another version of gpuslice: it has layout " + std::to_string(header.layout) +
                    ", this one reads layout " + std::to_string(layout_version),
                delete_hint(path));
  if (!whole || !readable)
    return damaged(path, "its size is " + std::to_string(info.st_size) + " bytes instead of " +
                             std::to_string(file_bytes));
  if (header.magic != magic) return damaged(path, "its first bytes are wrong");
  if (checksum(&header, header_fixed_bytes) != header.sum) return damaged(path, "the checksum of its header is wrong");
  if (header.layout != layout_version || header.config_bytes != sizeof(NodeConfig) ||
      header.dynamic_bytes != sizeof(NodeDynamic))
    return fail(ErrorKind::unsupported, path, "was made by another version of gpuslice: it has another layout",
                delete_hint(path));
  if (writable) {
    file->lock_fd_ = open_lock(path, fd);
    if (file->lock_fd_ < 0) return fail_errno(path + ".lock", "cannot be opened", errno);
  }
  void* map = ::mmap(nullptr, file_bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) return fail_errno(path, "cannot map the state of the node", errno);
  file->map_ = static_cast<std::byte*>(map);
  file->watch_ = &reinterpret_cast<Header*>(file->map_)->watch;
  if (checksum(&file->config(), sizeof(NodeConfig)) != header.config_sum)
    return damaged(path, "the checksum of its configuration is wrong");
  if (file->config().gpu_count > max_gpus) return damaged(path, "it has too many GPUs");
  file->draft_ = std::make_unique<NodeDynamic>();
  GPUSLICE_CHECK(file->check());
  register_fork_handlers();
  file->births_ = births.load(std::memory_order_relaxed);
  return file;
}

StateFile::~StateFile() {
  if (map_ != nullptr) ::munmap(map_, file_bytes);
  if (fd_ >= 0) ::close(fd_);
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

// Of one moment: what a writer changes meanwhile is read again.
Result<void> StateFile::check() const {
  auto* const all = draft_.get();  // no change runs yet
  const auto generation = generation_of(map_);
  for (;;) {
    const auto before = generation.load(std::memory_order_acquire);
    if (!is_generation(before)) return damaged(path_, "its generation counter is wrong");
    Seal seal;
    copy_out(all, map_ + slot_at(before), sizeof *all);
    copy_out(&seal, map_ + slot_at(before) + sizeof *all, sizeof seal);
    // Taken before the generation is compared: until that is counted up it has what the snapshot asks for.
    const auto watch = this->watch();
    std::atomic_thread_fence(std::memory_order_acquire);
    const bool sound = ring_of(map_).sound(all->events);
    if (generation.load(std::memory_order_acquire) != before) continue;
    if (seal.generation != before) return damaged(path_, "its current snapshot is not of its current generation");
    if (seal.sum != checksum(all, sizeof *all))
      return damaged(path_, "the checksum of its current snapshot is wrong");
    if ((watch_of(*all) & ~watch) != 0) return damaged(path_, "its header lacks what its current snapshot asks for");
    if (!sound) return damaged(path_, "the checksum of an event is wrong");
    return {};
  }
}

const NodeConfig& StateFile::config() const { return *reinterpret_cast<const NodeConfig*>(map_ + config_at); }

std::uint64_t StateFile::generation() const { return count_of(generation_of(map_).load(std::memory_order_acquire)); }

bool StateFile::is_current() const {
  struct stat mine{};
  struct stat named{};
  return ::fstat(fd_, &mine) == 0 && ::stat(path_.c_str(), &named) == 0 && mine.st_dev == named.st_dev &&
         mine.st_ino == named.st_ino;
}

void StateFile::copy_consistent(void* into, std::size_t offset, std::size_t bytes) const {
  auto generation = generation_of(map_);
  for (;;) {
    const auto before = generation.load(std::memory_order_acquire);
    copy_out(into, map_ + slot_at(before) + offset, bytes);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (generation.load(std::memory_order_relaxed) == before) return;
  }
}

NodeDynamic StateFile::read() const {
  NodeDynamic all;
  copy_consistent(&all, 0, sizeof all);
  return all;
}

GpuDynamic StateFile::read_gpu(std::size_t gpu) const {
  GpuDynamic one;
  copy_consistent(&one, offsetof(NodeDynamic, gpus) + gpu * sizeof(GpuDynamic), sizeof one);
  return one;
}

std::uint64_t StateFile::read_boot() const {
  std::uint64_t boot{};
  copy_consistent(&boot, offsetof(NodeDynamic, boot), sizeof boot);
  return boot;
}

StateFile::Slots StateFile::read_slots() const {
  Slots slots;
  static_assert(offsetof(NodeDynamic, client_slots) == offsetof(NodeDynamic, boot) + sizeof slots.boot);
  copy_consistent(&slots, offsetof(NodeDynamic, boot), sizeof slots);
  return slots;
}

Orders StateFile::read_orders() const {
  Orders orders;
  copy_consistent(&orders, offsetof(NodeDynamic, orders), sizeof orders);
  return orders;
}

void StateFile::read_clients(std::array<Client, max_clients>& into) const {
  if (read_slots().clients == 0) {
    into = {};
    return;
  }
  copy_consistent(into.data(), offsetof(NodeDynamic, clients), sizeof into);
}

std::uint64_t StateFile::last_event() const {
  std::uint64_t number{};
  copy_consistent(&number, offsetof(NodeDynamic, events), sizeof number);
  return number;
}

std::optional<Event> StateFile::event(std::uint64_t number) const { return ring_of(map_).get(number); }
std::uint32_t StateFile::wake_word() const { return read_word(wakes_of(map_)); }
bool StateFile::sleep(std::uint32_t word, std::chrono::nanoseconds longest) const {
  return sleep_on(wakes_of(map_), word, longest);
}

Result<void> StateFile::lock() {
  if (access_ != Access::read_write)
    return fail(ErrorKind::permission, path_, "may only be read by this user", "sudo, or make the node as this user");
  transaction_mutex().lock();
  if (births_ != births.load(std::memory_order_relaxed)) {
    // Through /proc, so that it is the same file even if its name is gone meanwhile.
    const int own = open_file(("/proc/self/fd/" + std::to_string(lock_fd_)).c_str(), O_RDWR | O_CLOEXEC);
    if (own < 0) {
      const int why = errno;
      transaction_mutex().unlock();
      return fail_errno(path_ + ".lock", "cannot be opened after a fork", why);
    }
    ::close(lock_fd_);
    lock_fd_ = own;
    births_ = births.load(std::memory_order_relaxed);
  }
  while (::flock(lock_fd_, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const int why = errno;
    transaction_mutex().unlock();
    return fail_errno(path_, "cannot lock the state of the node", why);
  }
  return {};
}

bool StateFile::lock_if_free() {
  if (access_ != Access::read_write || births_ != births.load(std::memory_order_relaxed)) return false;
  if (!transaction_mutex().try_lock()) return false;
  if (::flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return true;
  transaction_mutex().unlock();
  return false;
}

void StateFile::unlock() {
  ::flock(lock_fd_, LOCK_UN);
  transaction_mutex().unlock();
}

Result<void> StateFile::load_current(NodeDynamic& into) const {
  const auto current = generation_of(map_).load(std::memory_order_acquire);
  if (!is_generation(current)) return damaged(path_, "its generation counter is wrong");
  Seal seal;
  copy_out(&into, map_ + slot_at(current), sizeof into);
  copy_out(&seal, map_ + slot_at(current) + sizeof into, sizeof seal);
  if (seal.generation != current) return damaged(path_, "its current snapshot is not of its current generation");
  if (seal.sum != checksum(&into, sizeof into))
    return damaged(path_, "the checksum of its current snapshot is wrong");
  return {};
}

void StateFile::commit(NodeDynamic& next) {
  static_assert(max_clients <= 64);
  next.client_slots = 0;
  for (std::size_t slot = 0; slot < max_clients; ++slot)
    if (next.clients[slot].used != 0) next.client_slots |= std::uint64_t{1} << slot;
  // Nobody asks for these numbers before the snapshot below says that they were raised.
  next.events = events_before_;
  for (const auto& event : raised_) ring_of(map_).put(++next.events, event);
  auto generation = generation_of(map_);
  const auto current = generation.load(std::memory_order_relaxed);
  // A reader that sees any of the words below must also see that the generation has moved past the snapshot it began
  // with.
  std::atomic_thread_fence(std::memory_order_release);
  const auto following = generation_word(count_of(current) + 1);
  const Seal seal{following, checksum(&next, sizeof next)};
  copy_in(map_ + slot_at(following), &next, sizeof next);
  copy_in(map_ + slot_at(following) + sizeof next, &seal, sizeof seal);
  // Bits come before what they announce and go after it: a writer killed in between leaves one too many, which the next
  // commit takes away.
  const std::atomic_ref watch(*watch_);
  const auto before = watch.load(std::memory_order_relaxed);
  const auto wanted = watch_of(next) | (before & watch_tree);
  watch.store(before | wanted, std::memory_order_release);
  generation.store(following, std::memory_order_release);
  watch.store(wanted, std::memory_order_release);
  // Last, so that whoever wakes finds what it was woken for.
  if (announced_ || !raised_.empty()) wake_all(wakes_of(map_));
}

void StateFile::mark_tree(bool unsettled) {
  const std::atomic_ref watch(*watch_);
  if (unsettled)
    watch.fetch_or(watch_tree, std::memory_order_acq_rel);
  else
    watch.fetch_and(~watch_tree, std::memory_order_acq_rel);
}

}  // namespace gpuslice::sim
