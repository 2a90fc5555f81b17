// Finds the process that holds a lock (flock) on a file, if possible.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace gpuslice::store {

// "gpuslice (process 123: apply)" if the process that wrote `recorded` ("123: apply") into the file holds the lock;
// "process (123: flock)" if another process does; nullopt if unknown. `recorded` alone proves nothing: its writer may
// have ended long ago.
[[nodiscard]] std::optional<std::string> lock_holder(const struct stat& file, const std::string& recorded);

}  // namespace gpuslice::store
