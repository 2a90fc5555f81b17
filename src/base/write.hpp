// Writing all of a text to a descriptor, and knowing why it failed: a full disk says so (ENOSPC, EFBIG) only in the
// errno of the write that failed, which streams and std::filesystem::copy_file lose.
#pragma once

#include <string_view>

namespace gpuslice {

// Writes all of `text`; 0, or the errno of the write that failed.
[[nodiscard]] int write_all(int fd, std::string_view text) noexcept;

// Copies what is left of `from` to `to`; 0, or the errno of the call that failed.
[[nodiscard]] int copy_all(int from, int to) noexcept;

}  // namespace gpuslice
