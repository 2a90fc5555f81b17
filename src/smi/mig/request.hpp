// The request of a `nvidia-smi mig` command line, apart from the GPUs.
#pragma once

#include <optional>
#include <string>

namespace gpuslice::smi {

struct MigRequest {
  std::optional<std::string> gis, cis;  // -gi, -ci: lists as typed
  std::optional<std::string> profiles;  // the list of -cgi or -cci as typed; absent: the default profile
  bool default_compute{};               // -C
};

}  // namespace gpuslice::smi
