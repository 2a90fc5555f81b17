#include "sim/trace.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "base/descriptor.hpp"
#include "base/number.hpp"

namespace gpuslice::sim {
namespace {

constexpr std::string_view killed_before_word = "killed-before";
constexpr std::string_view killed_after_word = "killed-after:";  // followed by the code that it would have returned

std::string trace_path(const std::string& node_directory) { return node_directory + "/trace"; }

std::string one_line(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  return text;
}

std::string id_word(const std::optional<std::uint32_t>& id) { return id ? std::to_string(*id) : "-"; }

template <class T>
bool number_of(std::string_view word, T& into) {
  const auto value = parse_number<T>(word);
  into = value.value_or(T{});
  return value.has_value();
}

bool id_of(std::string_view word, std::optional<std::uint32_t>& into) {
  if (word == "-") return true;
  return number_of(word, into.emplace());
}

}  // namespace

std::string trace_line(const TracedCall& call) {
  const auto code = std::to_string(call.code);
  const auto answer = call.end == CallEnd::answered        ? code
                      : call.end == CallEnd::killed_before ? std::string(killed_before_word)
                                                           : std::string(killed_after_word) + code;
  return std::to_string(call.time_us) + '\t' + std::to_string(call.duration_us) + '\t' + std::to_string(call.pid) +
         '\t' + one_line(call.program) + '\t' + one_line(call.function) + '\t' + (call.mutating ? "1" : "0") + '\t' +
         id_word(call.gpu) + '\t' + id_word(call.gi) + '\t' + id_word(call.ci) + '\t' + answer + '\t' +
         std::to_string(call.fault) + '\t' + one_line(call.arguments) + '\n';
}

std::optional<TracedCall> parse_trace_line(std::string_view line) {
  std::array<std::string_view, 12> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto tab = line.find('\t');
    if ((tab == std::string_view::npos) != (i + 1 == words.size())) return std::nullopt;
    words[i] = line.substr(0, tab);
    if (tab != std::string_view::npos) line.remove_prefix(tab + 1);
  }
  TracedCall call;
  if (!number_of(words[0], call.time_us) || !number_of(words[1], call.duration_us) || !number_of(words[2], call.pid))
    return std::nullopt;
  call.program = words[3];
  call.function = words[4];
  if (words[5] != "0" && words[5] != "1") return std::nullopt;
  call.mutating = words[5] == "1";
  if (!id_of(words[6], call.gpu) || !id_of(words[7], call.gi) || !id_of(words[8], call.ci)) return std::nullopt;
  auto answer = words[9];
  if (answer.starts_with(killed_after_word)) {
    call.end = CallEnd::killed_after;
    answer.remove_prefix(killed_after_word.size());
  } else if (answer == killed_before_word) {
    call.end = CallEnd::killed_before;
  }
  if (call.end != CallEnd::killed_before && !number_of(answer, call.code)) return std::nullopt;
  if (!number_of(words[10], call.fault)) return std::nullopt;
  call.arguments = words[11];
  return call;
}

Result<void> open_trace(const std::string& node_directory) {
  const auto path = trace_path(node_directory);
  const int fd = open_file(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0) return fail_errno(path, "cannot create the trace of the node", errno);
  ::close(fd);
  return {};
}

void append_trace(const std::string& node_directory, const TracedCall& call) noexcept {
  const int before = errno;
  try {
    const auto line = trace_line(call);
    const int fd =
        open_file(trace_path(node_directory).c_str(), O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0) {
      const auto size = ::lseek(fd, 0, SEEK_END);
      if (size >= 0 && static_cast<std::uint64_t>(size) + line.size() <= trace_limit_bytes)
        while (::write(fd, line.data(), line.size()) < 0 && errno == EINTR) {
        }
      ::close(fd);
    }
  } catch (...) {  // NOLINT(bugprone-empty-catch) out of memory: drop the line, not the call
  }
  errno = before;
}

Result<void> clear_trace(const std::string& node_directory) {
  const auto path = trace_path(node_directory);
  const int fd = open_file(path.c_str(), O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno != ENOENT) return fail_errno(path, "cannot clear the trace of the node", errno);
  if (fd >= 0) ::close(fd);
  return {};
}

// Without streams, which would double the size of the driver library.
Result<Trace> read_trace(const std::string& node_directory) {
  const auto path = trace_path(node_directory);
  const int fd = open_file(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return Trace{};
  if (fd < 0) return fail_errno(path, "cannot read the trace of the node", errno);
  std::string text;
  std::array<char, 65536> part;
  for (;;) {
    const auto bytes = ::read(fd, part.data(), part.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) {
      const int why = errno;
      ::close(fd);
      return fail_errno(path, "cannot read the trace of the node", why);
    }
    if (bytes == 0) break;
    text.append(part.data(), static_cast<std::size_t>(bytes));
  }
  ::close(fd);
  Trace trace;
  trace.full = text.size() + 1024 > trace_limit_bytes;  // the next line might not fit: no line is longer than this
  std::uint64_t number = 0;
  for (std::string_view left = text; !left.empty();) {
    const auto end = std::min(left.find('\n'), left.size());
    ++number;
    if (auto call = parse_trace_line(left.substr(0, end)))
      trace.lines.push_back({number, std::move(*call)});
    else
      ++trace.unreadable;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return trace;
}

}  // namespace gpuslice::sim
