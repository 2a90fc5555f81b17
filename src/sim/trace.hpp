// The trace of a node's driver calls: NODE/trace, one line per call.
//
// Each line is appended by a single write, so the lines are in the order in which calls ended, across all processes,
// and a killed process does not damage other lines. The file is opened and closed for each line: a client may close all
// its descriptors and open its own files under the same numbers, and no trace line must get into one of those. The
// trace stops growing at 64 MiB (some 600,000 calls).
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
  // The code that it returned, or would have returned; not written for a call killed before its work.
  std::uint32_t code{};
  std::uint32_t fault{};  // the number of the fault that affected it; 0: none
  std::string arguments;  // of mutating calls: "profile=9 start=0 size=4"
  friend bool operator==(const TracedCall&, const TracedCall&) = default;
};

// One line of the trace. Tabs, line ends and other control characters in text fields become blanks.
[[nodiscard]] std::string trace_line(const TracedCall& call);
[[nodiscard]] std::optional<TracedCall> parse_trace_line(std::string_view line);

// Creates the file, empty, unless it exists.
[[nodiscard]] Result<void> open_trace(const std::string& node_directory);
// Does nothing if there is no file, or if it is not writable or full: a call never fails because of the trace.
void append_trace(const std::string& node_directory, const TracedCall& call) noexcept;
[[nodiscard]] Result<void> clear_trace(const std::string& node_directory);

struct Trace {
  struct Line {
    std::uint64_t number{};  // from 1, since the trace was cleared
    TracedCall call;
  };
  std::vector<Line> lines;
  std::uint64_t unreadable{};  // number of lines that are not calls
  bool full{};
};
// Returns no calls if there is no file.
[[nodiscard]] Result<Trace> read_trace(const std::string& node_directory);

}  // namespace gpuslice::sim
