// What /proc says about a process: its user, command line, start, and what it belongs to.
//
// A pid names a process only while it runs. Who asks about a pid that the driver reported may get the facts of a later
// process with the same pid, or none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "hostfiles/membership.hpp"

namespace gpuslice::hostfiles {

// What cannot be read is absent: some hosts hide single files from other users.
struct Process {
  std::uint32_t uid{};  // the effective one, by which the kernel decides what the process may open
  std::string command;  // the arguments with blanks between them; empty: not known, or a process without any
  std::optional<std::int64_t> started;  // seconds since 1970
  std::optional<Membership> membership;
};

// Reads ROOT/proc/PID; `root` is "" for this host. Errors, with "process PID" as the object: not_found when there is no
// such process, or none that this user may see (proc(5), hidepid=2); permission when it must not be looked at
// (hidepid=1); io; damaged when the file is not of the form that proc(5) describes.
[[nodiscard]] Result<Process> read_process(const std::string& root, std::uint32_t pid);

// "2026-11-21T04:17:21Z".
[[nodiscard]] std::string utc_text(std::int64_t seconds);

}  // namespace gpuslice::hostfiles
