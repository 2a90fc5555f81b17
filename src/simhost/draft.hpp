// A directory that is created next to its target under a hidden name, `.NAME.PID`, and renamed when it is complete. A
// draft is locked while a process works on it, so a draft that can be locked is abandoned. The next command removes the
// drafts of killed processes (sweep_drafts).
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace gpuslice::simhost {

// While it exists, only the user can write to files that this process creates. Not for a process with other threads.
class OwnerWrites {
 public:
  OwnerWrites();
  OwnerWrites(const OwnerWrites&) = delete;
  OwnerWrites& operator=(const OwnerWrites&) = delete;
  ~OwnerWrites();

 private:
  mode_t before_;
};

class Draft {
 public:
  // Creates the empty directory. `target`'s parent must exist. Errors: io, permission.
  [[nodiscard]] static Result<Draft> make(const std::filesystem::path& target);
  // Renames the entry at `path` to a hidden name, so that it can be removed. Errors: io, permission.
  [[nodiscard]] static Result<Draft> take_away(const std::filesystem::path& path);
  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  // Removes the directory and its content, unless it was kept.
  ~Draft();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Renames it to the target. Errors: exists if the target exists, io.
  [[nodiscard]] Result<void> keep();
  // Removes it now. Errors: io.
  [[nodiscard]] Result<void> remove();

 private:
  Draft(std::filesystem::path target, std::filesystem::path path, int lock)
      : target_(std::move(target)), path_(std::move(path)), lock_(lock) {}
  std::filesystem::path target_, path_;
  int lock_;
  bool done_{};
};

// Removes this user's abandoned drafts in `directory`.
void sweep_drafts(const std::filesystem::path& directory);
// Removes the abandoned drafts in a node: of snapshots, and of containers' views.
void sweep_node(const std::filesystem::path& node);

}  // namespace gpuslice::simhost
