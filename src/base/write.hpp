// Writes or copies a whole text to a descriptor and returns the reason for a failure. A full disk is reported (ENOSPC,
// EFBIG) only in the errno of the failed write, which streams and std::filesystem::copy_file lose.
#pragma once

#include <string_view>

namespace gpuslice {

// Writes all of `text`; returns 0, or the errno of the failed write.
[[nodiscard]] int write_all(int fd, std::string_view text) noexcept;

// Copies the rest of `from` to `to`; returns 0, or the errno of the failed call.
[[nodiscard]] int copy_all(int from, int to) noexcept;

}  // namespace gpuslice
