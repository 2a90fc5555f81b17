// What a word that names a GPU or MIG device means on a node now, or what it meant before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ops/change.hpp"
#include "ops/devices.hpp"
#include "ops/past.hpp"

namespace gpuslice::ops {

struct Resolved {
  std::string word;
  // All devices that the word names: several for a GPU instance with several compute instances. With device nodes.
  std::vector<UsableDevice> devices;
  // Set if there is none: not_found; unknown if a GPU that may have it cannot be read; usage for a word that is no name
  // of a device, or that names several devices that do not belong together.
  std::optional<Error> error;
  std::optional<Past> past;  // with not_found: what the recorded changes tell about it
};

// One result for each word, in their order. Reads only. Errors: unknown when the node does not answer at all.
[[nodiscard]] Result<std::vector<Resolved>> resolve(const Subject& subject, const std::vector<std::string>& words);

// The one device that a process gets. Errors: as above; refused for a GPU that is divided by MIG, for a GPU instance
// with several compute instances, and for a device without UUID, with the devices to choose from.
[[nodiscard]] Result<UsableDevice> device_for_process(const Subject& subject, const std::string& word);

}  // namespace gpuslice::ops
