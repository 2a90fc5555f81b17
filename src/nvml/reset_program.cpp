#include "nvml/reset_program.hpp"

#include "nvml/run_program.hpp"

namespace gpuslice::nvml {

node::Answer<void> reset_by_program(GpuIndex gpu) {
  const auto ended = run_program({"nvidia-smi", "--gpu-reset", "-i", std::to_string(gpu.value)}, false);
  if (!ended) return std::unexpected(ended.error());
  if (ended->status == 0) return {};
  const bool telling = ended->status == node::err_in_use || ended->status == node::err_no_permission;
  return std::unexpected(
      node::DriverError{telling ? ended->status : node::err_unknown,
                        "nvidia-smi --gpu-reset ended with status " + std::to_string(ended->status)});
}

}  // namespace gpuslice::nvml
