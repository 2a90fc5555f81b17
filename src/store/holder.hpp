// The process that is changing a node, as it describes itself in the file `changing` of the store: for other processes,
// which may read that file without a lock of their own.
#pragma once

#include <optional>
#include <string>

namespace gpuslice::store {

struct Holder {
  int pid{};            // 0: the process does not say, as versions before this file had a text
  std::string command;  // "apply"
  std::string user;     // empty: not known
  std::string since;    // "2026-11-21T04:17:21Z", when it took the lock; empty: not known

  friend bool operator==(const Holder&, const Holder&) = default;
};

// JSON on one line.
[[nodiscard]] std::string write_holder(const Holder& holder);
// None for a text that is not one of these.
[[nodiscard]] std::optional<Holder> read_holder(const std::string& text);

}  // namespace gpuslice::store
