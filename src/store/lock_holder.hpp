// Finds the process that holds a lock (flock) on a file, where possible.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace gpuslice::store {

// "gpuslice (process 123: apply)" if the holder is the process that wrote `recorded` ("123: apply") into the file;
// "process (123: flock)" if it is another one; nullopt if it is not known. `recorded` alone proves nothing: its writer
// may have ended long ago.
[[nodiscard]] std::optional<std::string> lock_holder(const struct stat& file, const std::string& recorded);

}  // namespace gpuslice::store
