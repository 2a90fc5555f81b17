// The calls of a node's driver, written down: NODE/trace, a line for each call.
//
// A line is appended by one write, so the order of lines is the order in which calls ended, over all processes, and a
// killed one leaves its neighbours' lines whole. The file is opened and closed for each line: a client that closes all
// its descriptors must not find ours reused. It stops growing at 64 MiB (some 600,000 calls).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::sim {

inline constexpr std::uint64_t trace_limit_bytes = std::uint64_t{64} << 20;

enum class CallEnd : std::uint8_t { answered, killed_before, killed_after };

struct TracedCall {
  std::uint64_t time_us{};  // when it began, since 1970
  std::uint64_t duration_us{};
  std::uint32_t pid{};
  std::string program;
  std::string function;
  bool mutating{};
  std::optional<std::uint32_t> gpu, gi, ci;  // what it was called on
  CallEnd end{};
  std::uint32_t code{};   // what it answered, or would have; nothing for one killed before
  std::uint32_t fault{};  // the number of the fault that it met; 0: none
  std::string arguments;  // of mutating calls: "profile=9 start=0 size=4"
  friend bool operator==(const TracedCall&, const TracedCall&) = default;
};

// Tabs, line ends and other control characters in words become blanks.
[[nodiscard]] std::string trace_line(const TracedCall& call);
[[nodiscard]] std::optional<TracedCall> parse_trace_line(std::string_view line);

// Makes the file, empty unless it is there.
[[nodiscard]] Result<void> open_trace(const std::string& node_directory);
// Nothing happens where there is no file, it may not be written, or it is full: a call never fails because of its
// trace.
void append_trace(const std::string& node_directory, const TracedCall& call) noexcept;
[[nodiscard]] Result<void> clear_trace(const std::string& node_directory);

struct Trace {
  struct Line {
    std::uint64_t number{};  // from 1, since the trace was cleared
    TracedCall call;
  };
  std::vector<Line> lines;
  std::uint64_t unreadable{};  // lines that are no calls
  bool full{};
};
// Without a file: no lines.
[[nodiscard]] Result<Trace> read_trace(const std::string& node_directory);

}  // namespace gpuslice::sim
