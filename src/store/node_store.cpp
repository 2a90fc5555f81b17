#include "store/node_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "store/files.hpp"

namespace gpuslice::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept_transactions = 50;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The numbers of the transactions in a history directory, ascending.
std::vector<std::uint64_t> numbers(const std::string& directory) {
  std::vector<std::uint64_t> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const auto name = entry.path().filename().string();
    std::uint64_t number{};
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size()) found.push_back(number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<void> remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno(path, "cannot be removed", errno);
  return {};
}

// A file's text, or none when it is not there.
Result<std::optional<std::string>> read_if_there(const std::string& path) {
  auto text = read_file(path);
  if (text) return std::optional(*std::move(text));
  if (text.error().kind == ErrorKind::not_found) return std::optional<std::string>{};
  return std::unexpected(text.error());
}

}  // namespace

Lock::~Lock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Names> NodeStore::names() const {
  const auto text = GPUSLICE_TRY(read_if_there(file("names")));
  if (!text) return Names{};
  return read_names(*text, file("names"));
}

Result<std::optional<Transaction>> NodeStore::journal() const {
  const auto text = GPUSLICE_TRY(read_if_there(file("journal")));
  if (!text) return std::optional<Transaction>{};
  auto transaction = read_transaction(first_line(*text), file("journal"));
  if (!transaction) {
    // Never a kill's doing: the file is replaced as a whole.
    auto error = transaction.error();
    error.hint = "move the file away, then see what stands: gpuslice list";
    return std::unexpected(error);
  }
  return std::optional(*std::move(transaction));
}

Result<std::vector<Transaction>> NodeStore::history() const {
  std::vector<Transaction> all;
  for (const auto number : numbers(file("history"))) {
    const auto path = file("history/" + std::to_string(number));
    const auto text = GPUSLICE_TRY(read_if_there(path));
    if (text) all.push_back(GPUSLICE_TRY(read_transaction(*text, path)));
  }
  return all;
}

std::optional<uid_t> NodeStore::journal_owner() const {
  struct stat info{};
  if (::lstat(file("journal").c_str(), &info) != 0) return std::nullopt;
  return info.st_uid;
}

bool NodeStore::locked() const {
  const int fd = ::open(file("lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return held;
}

Result<Lock> NodeStore::lock(const std::string& verb) const {
  std::error_code error;
  fs::create_directories(fs::path(directory_).parent_path(), error);
  // For its user to write to, whatever the umask.
  for (const auto& part : {directory_, file("history")})
    if (!error && ::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) error.assign(errno, std::generic_category());
  if (error) return fail_errno(directory_, "cannot be made", error.value(), "run as root, or as the node's owner");
  const auto path = file("lock");
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0) return fail_errno(path, "cannot be opened", errno, "run as root, or as the node's owner");
  Lock made(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno(path, "cannot be locked", errno);
    const auto holder = read_file(path);
    return fail(ErrorKind::busy, "node",
                "is being changed by another gpuslice" +
                    (holder && !holder->empty() ? " (process " + first_line(*holder) + ")" : std::string{}),
                "wait for it to end, then type the same again");
  }
  const auto who = std::to_string(::getpid()) + ": " + verb + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, who.data(), who.size(), 0) < 0)
    return fail_errno(path, "cannot be written", errno);
  return made;
}

Result<void> NodeStore::begin(Transaction& transaction) const {
  const auto past = numbers(file("history"));
  transaction.number = past.empty() ? 1 : past.back() + 1;
  transaction.outcome = Outcome::open;
  return replace_file(file("journal"), write_transaction(transaction) + "\n");
}

Result<void> NodeStore::note_step(const std::string& text) const { return append_line(file("journal"), text); }

Result<void> NodeStore::finish(Transaction transaction) const {
  auto known = GPUSLICE_TRY(names());
  for (const auto& gpu : transaction.gpus) known.set(gpu.uuid, gpu.made_after);
  GPUSLICE_CHECK(save_names(known));
  transaction.outcome = Outcome::done;
  GPUSLICE_CHECK(
      replace_file(file("history/" + std::to_string(transaction.number)), write_transaction(transaction) + "\n"));
  if (transaction.undoes != 0) GPUSLICE_CHECK(mark_undone(transaction.undoes));
  GPUSLICE_CHECK(abandon());
  auto past = numbers(file("history"));
  for (; past.size() > kept_transactions; past.erase(past.begin()))
    GPUSLICE_CHECK(remove(file("history/" + std::to_string(past.front()))));
  return {};
}

Result<void> NodeStore::abandon() const {
  GPUSLICE_CHECK(remove(file("journal")));
  return sync_directory(directory_);
}

Result<void> NodeStore::mark_undone(std::uint64_t number) const {
  const auto path = file("history/" + std::to_string(number));
  const auto text = GPUSLICE_TRY(read_if_there(path));
  if (!text) return {};  // so long ago that it is not kept
  auto transaction = GPUSLICE_TRY(read_transaction(*text, path));
  transaction.outcome = Outcome::undone;
  return replace_file(path, write_transaction(transaction) + "\n");
}

Result<void> NodeStore::save_names(const Names& names) const { return replace_file(file("names"), write_names(names)); }

Result<void> NodeStore::audit(const std::string& line) const { return append_line(file("audit.log"), line); }

}  // namespace gpuslice::store
