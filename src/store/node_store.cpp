#include "store/node_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/number.hpp"
#include "base/permission_hint.hpp"
#include "store/document.hpp"
#include "store/files.hpp"
#include "store/lock_holder.hpp"

namespace gpuslice::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept_transactions = 50;
constexpr const char* as_whom = "run as root, or as the node's owner";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The numbers of the transactions in a history directory, ascending.
std::vector<std::uint64_t> numbers(const std::string& directory) {
  std::vector<std::uint64_t> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    if (const auto number = parse_number<std::uint64_t>(entry.path().filename().string())) found.push_back(*number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

// The highest number in use, including entries that were set aside, so that a number is never reused.
std::uint64_t last_number(const std::string& directory) {
  std::uint64_t last = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const auto name = entry.path().filename().string();
    last = std::max(last, parse_number<std::uint64_t>(name.substr(0, name.find('.'))).value_or(0));
  }
  return last;
}

// Of a file that may be missing or damaged.
std::string text_before_line_end(const Result<std::string>& text) {
  return text ? text->substr(0, text->find('\n')) : std::string{};
}

struct flock first_byte(short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_len = 1;
  return lock;
}

// Adds to an error about a damaged file the command that sets the file aside.
template <class T>
Result<T> with_hint(const std::string& name, Result<T> read) {
  if (!read && read.error().kind == ErrorKind::damaged)
    read.error().hint = Hint::gpuslice({"recover", {"set-aside", name}});
  return read;
}

Result<void> remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno(path, "cannot be removed", errno);
  return {};
}

// The text of a file, or nullopt if it does not exist.
Result<std::optional<std::string>> read_if_there(const std::string& path) {
  auto text = read_file(path);
  if (text) return std::optional(*std::move(text));
  if (text.error().kind == ErrorKind::not_found) return std::optional<std::string>{};
  return std::unexpected(text.error());
}

}  // namespace

Lock::~Lock() {
  if (shown_ >= 0) ::close(shown_);
  if (fd_ >= 0) ::close(fd_);
}

Result<Names> NodeStore::names() const {
  return with_hint("names", [&]() -> Result<Names> {
    const auto text = GPUSLICE_TRY(read_if_there(file("names")));
    if (!text) return Names{};
    return read_names(*text, file("names"));
  }());
}

Result<std::optional<Transaction>> NodeStore::journal() const {
  return with_hint("journal", [&]() -> Result<std::optional<Transaction>> {
    const auto text = GPUSLICE_TRY(read_if_there(file("journal")));
    if (!text) return std::optional<Transaction>{};
    return std::optional(GPUSLICE_TRY(read_transaction(first_line(*text), file("journal"))));
  }());
}

Result<Transaction> NodeStore::entry(std::uint64_t number) const {
  const auto name = "history/" + std::to_string(number);
  return with_hint(name, [&]() -> Result<Transaction> {
    auto read = GPUSLICE_TRY(read_transaction(GPUSLICE_TRY(read_file(file(name))), file(name)));
    if (read.number != number)
      return fail(ErrorKind::damaged, file(name), "belongs to change " + std::to_string(read.number));
    return read;
  }());
}

Result<std::vector<Transaction>> NodeStore::history() const {
  std::vector<Transaction> all;
  for (const auto number : numbers(file("history")))
    if (auto read = entry(number)) all.push_back(*std::move(read));
  return all;
}

std::optional<uid_t> NodeStore::journal_owner() const {
  struct stat info{};
  if (::lstat(file("journal").c_str(), &info) != 0) return std::nullopt;
  return info.st_uid;
}

Result<std::vector<Transaction>> NodeStore::undo_history() const {
  std::vector<Transaction> all;
  const auto past = numbers(file("history"));
  bool found = false;
  for (auto number = past.rbegin(); number != past.rend(); ++number) {
    auto read = entry(*number);
    if (!read && read.error().kind == ErrorKind::not_found) continue;  // removed in the meantime
    if (!read && !found) return std::unexpected(read.error());
    if (!read) continue;
    found = found || can_be_undone(*read);
    all.push_back(*std::move(read));
  }
  std::reverse(all.begin(), all.end());
  return all;
}

Result<void> NodeStore::check_audit() const {
  return with_hint("audit.log", [&]() -> Result<void> {
    const auto text = GPUSLICE_TRY(read_if_there(file("audit.log"))).value_or("");
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size(); ++number) {
      const auto end = std::min(text.find('\n', at), text.size());
      if (!is_sound_line(text.substr(at, end - at)))
        return fail(ErrorKind::damaged, file("audit.log"),
                    "line " + std::to_string(number + 1) + " is incomplete, damaged, or was changed by hand");
      at = end + 1;
    }
    return {};
  }());
}

std::vector<Error> NodeStore::damaged() const {
  std::vector<Error> found;
  const auto note = [&](const auto& read) {
    if (!read && read.error().kind == ErrorKind::damaged) found.push_back(read.error());
  };
  note(journal());
  note(names());
  for (const auto number : numbers(file("history"))) note(entry(number));
  note(check_audit());
  return found;
}

// Each change stores the names on its GPUs after the change.
Names NodeStore::names_of_history() const {
  Names names;
  for (const auto number : numbers(file("history")))
    if (const auto read = entry(number))
      for (const auto& gpu : read->gpus) names.set(gpu.uuid, gpu.made_after);
  return names;
}

Result<void> NodeStore::check(const std::string& name) const {
  const auto verdict = [](const auto& read) -> Result<void> {
    if (!read) return std::unexpected(read.error());
    return {};
  };
  if (name == "names") return verdict(names());
  if (name == "journal") return verdict(journal());
  if (name == "audit.log") return check_audit();
  for (const auto number : numbers(file("history")))
    if (name == "history/" + std::to_string(number)) return verdict(entry(number));
  return fail(ErrorKind::not_found, file(name), "is not a file of the store that can be set aside",
              Hint::gpuslice({"history"}));
}

Result<std::string> NodeStore::set_aside(const std::string& name) const {
  const auto state = check(name);
  if (state) return fail(ErrorKind::refused, file(name), "is not damaged, so it is not set aside");
  if (state.error().kind != ErrorKind::damaged) return std::unexpected(state.error());
  auto aside = GPUSLICE_TRY(set_file_aside(file(name)));
  if (name == "names") GPUSLICE_CHECK(save_names(names_of_history()));
  return aside;
}

std::optional<Holder> NodeStore::holder() const {
  if (!locked()) return std::nullopt;
  const auto text = read_file(file("changing"));
  return text ? read_holder(*text).value_or(Holder{}) : Holder{};
}

bool NodeStore::locked() const {
  const int fd = open_file(file("changing").c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return false;
  auto lock = first_byte(F_RDLCK);
  const bool held = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(fd);
  return held;
}

Result<Lock> NodeStore::lock(const std::string& verb, const std::string& user, const std::string& since) const {
  std::error_code error;
  fs::create_directories(fs::path(directory_).parent_path(), error);
  // Mode 0755 whatever the umask, so that its user can write to it.
  for (const auto& part : {directory_, file("history")})
    if (!error && ::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) error.assign(errno, std::generic_category());
  if (error)
    return fail_errno(directory_, "cannot be created", error.value(),
                      permission_hint(error.value(), directory_, as_whom));
  const auto path = file("lock");
  const int fd = open_file(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    const int why = errno;
    return fail_errno(path, "cannot be opened", why, permission_hint(why, path, as_whom));
  }
  // Other processes use `changing` to ask whether a change is under way. Without it, they only report that one was
  // interrupted.
  const int shown = open_file(file("changing").c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  Lock made(fd, shown);
  struct stat about{};
  if (::fstat(fd, &about) != 0) return fail_errno(path, "cannot be examined", errno);
  // Earlier versions created the file with a mode that lets everybody open it.
  if ((about.st_mode & 0077U) != 0 && ::fchmod(fd, 0600) != 0 && errno != EPERM)
    return fail_errno(path, "cannot be restricted to its owner", errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno(path, "cannot be locked", errno);
    const auto text = read_file(path);
    const auto holder = lock_holder(about, text ? first_line(*text) : std::string{});
    return fail(ErrorKind::busy, "node", "is being changed by another " + (holder ? *holder : "process"),
                "wait for it to end, then run the same command again");
  }
  // Removes incomplete files of killed writers. With the lock held, no other process uses them.
  for (const auto* name : {"names.new", "journal.new"}) GPUSLICE_CHECK(remove(file(name)));
  for (const auto& entry : fs::directory_iterator(file("history"), error))
    if (entry.path().extension() == ".new") GPUSLICE_CHECK(remove(entry.path().string()));
  // This lock is only informational, so a process that blocks it blocks no change. The holder is written before the
  // file is locked, so that it is correct as soon as the lock shows a change.
  const auto self = write_holder({::getpid(), verb, user, since}) + "\n";
  if (shown >= 0 && ::ftruncate(shown, 0) == 0)
    static_cast<void>(::pwrite(shown, self.data(), self.size(), 0) == static_cast<ssize_t>(self.size()));
  auto all = first_byte(F_WRLCK);
  if (shown >= 0) static_cast<void>(::fcntl(shown, F_OFD_SETLK, &all));
  const auto who = std::to_string(::getpid()) + ": " + verb + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, who.data(), who.size(), 0) < 0)
    return fail_errno(path, "cannot be written", errno);
  return made;
}

Result<void> NodeStore::begin(Transaction& transaction) const {
  // The file remembers numbers of changes that were rolled back, which the history does not have: a number in a log or
  // a warning never means another change later.
  const auto remembered = parse_number<std::uint64_t>(text_before_line_end(read_file(file("last-change"))));
  transaction.number = std::max(last_number(file("history")), remembered.value_or(0)) + 1;
  transaction.outcome = Outcome::open;
  GPUSLICE_CHECK(replace_file(file("journal"), write_transaction(transaction) + "\n"));
  auto noted = replace_file(file("last-change"), std::to_string(transaction.number) + "\n");
  if (!noted) static_cast<void>(abandon());
  return noted;
}

Result<void> NodeStore::note_step(const std::string& text) const {
  return append_line(file("journal"), text, Missing::fail);
}

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
  const auto synced = sync_directory(directory_);
  // The whole directory was removed, and the journal with it.
  if (!synced && synced.error().kind == ErrorKind::not_found) return {};
  return synced;
}

Result<void> NodeStore::mark_undone(std::uint64_t number) const {
  auto transaction = entry(number);
  if (!transaction && transaction.error().kind == ErrorKind::not_found) return {};  // too old: no longer kept
  if (!transaction) return std::unexpected(transaction.error());
  transaction->outcome = Outcome::undone;
  return replace_file(file("history/" + std::to_string(number)), write_transaction(*transaction) + "\n");
}

Result<void> NodeStore::save_names(const Names& names) const { return replace_file(file("names"), write_names(names)); }

Result<void> NodeStore::audit(const std::string& line) const {
  return append_line(file("audit.log"), sealed_line(line), Missing::make);
}

}  // namespace gpuslice::store
