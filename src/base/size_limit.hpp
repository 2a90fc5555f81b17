// A limit on the size of files (RLIMIT_FSIZE) answers a write with a signal that ends the process, in the middle of
// whatever it was doing. Ignored, the write fails with EFBIG and is handled as a full disk is. What a program starts
// gets the signal back as it is by default.
#pragma once

#include <spawn.h>

namespace gpuslice {

void ignore_size_limit_signal() noexcept;
// Before exec in the same process.
void restore_size_limit_signal() noexcept;

// Attributes for posix_spawn with which a child has the signal as it is by default.
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
