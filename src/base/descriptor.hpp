// File descriptors that are never 0, 1 or 2.
//
// A program may be started, and a client of the driver library may run, with standard descriptors closed. The next file
// that is opened would become standard output, and what is printed would be written into it. So everything that is
// opened here gets a descriptor from 3 on, and programs open what is missing of 0 to 2 when they start.
#pragma once

#include <sys/types.h>

#include <array>

namespace gpuslice {

// Opens 0, 1 and 2 on /dev/null where they are closed. The first thing that a program does.
void open_standard_descriptors() noexcept;

// As open(2), but never below 3: -1 with errno where it fails.
[[nodiscard]] int open_file(const char* path, int flags, mode_t mode = 0) noexcept;

// While one lives, none of 0 to 2 is free, so that nothing opened meanwhile (a directory that is listed) can become one
// of them.
class StandardDescriptorsTaken {
 public:
  StandardDescriptorsTaken() noexcept;
  ~StandardDescriptorsTaken();
  StandardDescriptorsTaken(const StandardDescriptorsTaken&) = delete;
  StandardDescriptorsTaken& operator=(const StandardDescriptorsTaken&) = delete;

 private:
  std::array<bool, 3> ours_{};
};

}  // namespace gpuslice
