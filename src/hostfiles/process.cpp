#include "hostfiles/process.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include "base/number.hpp"
#include "base/split.hpp"
#include "hostfiles/text_file.hpp"

namespace gpuslice::hostfiles {
namespace {

// More than any of these files has; a command line can have megabytes, of which nobody reads more.
constexpr std::size_t most = 65'536;

// The rest of the first line that begins with `key`: "\t1000\t1000…" for "Uid:". Empty if there is no such line.
std::string_view line_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    if (line.starts_with(key)) return line.substr(key.size());
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

// The word at place `index`, from 0, of those that blanks and tabs separate.
std::string_view word_at(std::string_view text, std::size_t index) {
  constexpr std::string_view blanks = " \t\n";
  for (;; --index) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    const auto found = text.substr(0, text.find_first_of(blanks));
    if (index == 0) return found;
    text.remove_prefix(found.size());
    if (text.empty()) return {};
  }
}

// proc(5), status: "Uid:" has the real, effective, saved and file system id.
std::optional<std::uint32_t> uid_in(std::string_view status) {
  return parse_number<std::uint32_t>(word_at(line_of(status, "Uid:"), 1));
}

// proc(5), stat: field 22 is the start in clock ticks since boot. Field 2 is the name in brackets, which may contain
// anything, brackets too.
std::optional<std::int64_t> start_ticks(std::string_view stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  constexpr std::size_t start = 22, first_behind_name = 3;
  return parse_number<std::int64_t>(word_at(stat.substr(name_end + 1), start - first_behind_name));
}

std::optional<std::int64_t> start_of(const std::string& root, const std::string& directory) {
  const auto stat = read_text(directory + "/stat", most);
  const auto host = read_text(root + "/proc/stat", most * 16);  // has a line for each processor
  if (!stat || !host) return std::nullopt;
  const auto ticks = start_ticks(*stat);
  const auto boot = parse_number<std::int64_t>(word_at(line_of(*host, "btime"), 0));
  const auto per_second = ::sysconf(_SC_CLK_TCK);
  if (!ticks || !boot || per_second <= 0) return std::nullopt;
  return *boot + *ticks / per_second;
}

// proc(5), cmdline: each argument ends with a zero byte.
std::string command_in(std::string text) {
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::ranges::replace(text, '\0', ' ');
  return text;
}

}  // namespace

Result<Process> read_process(const std::string& root, std::uint32_t pid) {
  const auto object = "process " + std::to_string(pid);
  const auto directory = root + "/proc/" + std::to_string(pid);
  const auto status = read_text(directory + "/status", most);
  if (!status) {
    if (status.error().kind == ErrorKind::not_found)
      return fail(ErrorKind::not_found, object, "has ended, or is hidden from this user");
    if (status.error().kind == ErrorKind::permission)
      return fail(ErrorKind::permission, object, "belongs to another user, and this host hides it (proc(5), hidepid)");
    return fail(status.error().kind, object, status.error().message());
  }
  const auto uid = uid_in(*status);
  if (!uid) return fail(ErrorKind::damaged, object, directory + "/status has no user id");
  Process process;
  process.uid = *uid;
  process.command = command_in(read_text(directory + "/cmdline", most).value_or(""));
  process.started = start_of(root, directory);
  if (const auto groups = read_text(directory + "/cgroup", most)) process.membership = membership_of(*groups);
  return process;
}

std::string utc_text(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace gpuslice::hostfiles
