// The process that is changing a node, as that process describes itself in the file `changing` of the store. Other
// processes read the file without taking a lock.
#pragma once

#include <optional>
#include <string>

namespace gpuslice::store {

struct Holder {
  int pid{};            // 0: unknown, because earlier versions wrote nothing into the file
  std::string command;  // "apply"
  std::string user;     // empty: unknown
  std::string since;    // "2026-11-21T04:17:21Z", when it acquired the lock; empty: unknown

  friend bool operator==(const Holder&, const Holder&) = default;
};

// JSON on one line.
[[nodiscard]] std::string write_holder(const Holder& holder);
// Nullopt for any other text.
[[nodiscard]] std::optional<Holder> read_holder(const std::string& text);

}  // namespace gpuslice::store
