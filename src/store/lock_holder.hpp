// Which process holds a lock (flock) on a file, where that can be known.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace gpuslice::store {

// "gpuslice (process 123: apply)" when the holder is the one that wrote `recorded` ("123: apply") into the file,
// "process, 123 (flock)" when it is another, nothing when it is not known: what a process wrote that ended long ago
// says nothing of who holds the lock now.
[[nodiscard]] std::optional<std::string> lock_holder(const struct stat& file, const std::string& recorded);

}  // namespace gpuslice::store
