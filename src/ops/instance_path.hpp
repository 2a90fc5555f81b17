// "GPU:GI/CI": a GPU, a GPU instance or a compute instance named by its ids. This is the only parser of that form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "mig/capability.hpp"

namespace gpuslice::ops {

struct InstancePath {
  GpuIndex gpu{};
  std::optional<mig::GiId> gi;  // absent: the whole GPU
  std::optional<mig::CiId> ci;  // absent: all of the GPU instance; present only with `gi`
  friend bool operator==(const InstancePath&, const InstancePath&) = default;
};

// Parses "0", "0:2" or "0:2/0" in decimal digits; nothing for any other text. Does not check that the instance exists.
[[nodiscard]] std::optional<InstancePath> parse_instance_path(std::string_view text);

// "GPU 0", for errors and events.
[[nodiscard]] std::string gpu_text(GpuIndex gpu);

// The inverse: "0:2/0".
[[nodiscard]] std::string path_text(const InstancePath& path);

}  // namespace gpuslice::ops
