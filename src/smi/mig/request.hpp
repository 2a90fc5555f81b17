// The arguments of a `nvidia-smi mig` command line, except for the GPUs.
#pragma once

#include <optional>
#include <string>

namespace gpuslice::smi {

struct MigRequest {
  std::optional<std::string> gis, cis;  // -gi, -ci: lists as typed
  std::optional<std::string> profiles;  // the list of -cgi or -cci as typed; if absent, the default profile is used
  bool default_compute{};               // -C
};

}  // namespace gpuslice::smi
