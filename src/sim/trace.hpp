// The trace of a node's driver calls: NODE/trace, one line per call.
//
// Each line is appended by a single write, so the order of lines is the order in which calls ended, over all processes,
// and a killed process does not damage other lines. The file is opened and closed for each line: a client that closes
// all its descriptors and then reuses the numbers must not get a trace line into a file of its own. It stops growing at
// 64 MiB (some 600,000 calls).
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
  std::optional<std::uint32_t> gpu, gi, ci;  // the object of the call
  CallEnd end{};
  std::uint32_t code{};   // what it returned, or would have; not written for a call killed before
  std::uint32_t fault{};  // the number of the fault that affected it; 0: none
  std::string arguments;  // of mutating calls: "profile=9 start=0 size=4"
  friend bool operator==(const TracedCall&, const TracedCall&) = default;
};

// Tabs, line ends and other control characters in text fields become blanks.
[[nodiscard]] std::string trace_line(const TracedCall& call);
[[nodiscard]] std::optional<TracedCall> parse_trace_line(std::string_view line);

// Creates the file, empty, unless it exists.
[[nodiscard]] Result<void> open_trace(const std::string& node_directory);
// Does nothing when there is no file, when it may not be written, or when it is full: a call never fails because of its
// trace.
void append_trace(const std::string& node_directory, const TracedCall& call) noexcept;
[[nodiscard]] Result<void> clear_trace(const std::string& node_directory);

struct Trace {
  struct Line {
    std::uint64_t number{};  // from 1, since the trace was cleared
    TracedCall call;
  };
  std::vector<Line> lines;
  std::uint64_t unreadable{};  // lines that are not calls
  bool full{};
};
// Without a file: no lines.
[[nodiscard]] Result<Trace> read_trace(const std::string& node_directory);

}  // namespace gpuslice::sim
