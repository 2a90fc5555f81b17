// A write beyond the limit on file sizes (RLIMIT_FSIZE) raises a signal (SIGXFSZ) that ends the process in the middle
// of its work. With the signal ignored, the write fails with EFBIG and is handled like a full disk. Programs that are
// started get the default action back.
#pragma once

#include <spawn.h>

namespace gpuslice {

void ignore_size_limit_signal() noexcept;
// Call it before exec in the same process.
void restore_size_limit_signal() noexcept;

// Attributes for posix_spawn that give a child the signal's default action.
class SpawnAttributes {
 public:
  SpawnAttributes() noexcept;
  ~SpawnAttributes();
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace gpuslice
