// File descriptors that are never 0, 1 or 2.
//
// A program may be started, and a client of the driver library may run, with standard descriptors closed. The next file
// opened would become standard output, and whatever is printed would be written into it. So every file opened here gets
// a descriptor of 3 or above, and programs open the missing ones of 0 to 2 when they start.
#pragma once

#include <sys/types.h>

#include <array>

namespace gpuslice {

// Opens those of the descriptors 0, 1 and 2 that are closed, on /dev/null. Programs call this first.
void open_standard_descriptors() noexcept;

// Like open(2), but never returns 0 to 2. Returns -1 and sets errno on failure.
[[nodiscard]] int open_file(const char* path, int flags, mode_t mode = 0) noexcept;

// While an object of this class exists, none of 0 to 2 is free. So no file that is opened in the meantime, for example
// to list a directory, can become one of them.
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
