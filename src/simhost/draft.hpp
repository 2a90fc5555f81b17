// A directory that is made beside its place under a name that nobody takes for it, `.NAME.PID`, and renamed when it is
// whole. What a killed process left of one goes with the next command (sweep_drafts): a draft is locked while somebody
// works on it, so that one that can be locked is nobody's.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace gpuslice::simhost {

// While it lives, what this process makes is written by its own user only. Not for a process with other threads.
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
  // Makes the empty directory. `target`'s parent must be there. Errors: io, permission.
  [[nodiscard]] static Result<Draft> make(const std::filesystem::path& target);
  // Moves what is at `path` aside, so that it is no more under its name, to be removed. Errors: io, permission.
  [[nodiscard]] static Result<Draft> take_away(const std::filesystem::path& path);
  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  // Removes what is in it, unless it was kept.
  ~Draft();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Puts it in its place. Errors: exists when something is there, io.
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

// Removes the drafts of this user in `directory` that nobody works on.
void sweep_drafts(const std::filesystem::path& directory);
// Those in a node: of snapshots, and of containers' views.
void sweep_node(const std::filesystem::path& node);

}  // namespace gpuslice::simhost
