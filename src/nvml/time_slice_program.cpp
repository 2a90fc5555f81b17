#include "nvml/time_slice_program.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "nvml/run_program.hpp"

namespace gpuslice::nvml {
namespace {

constexpr std::array<std::string_view, 4> policies = {"Default", "Short", "Medium", "Long"};

node::Answer<std::string> compute_policy(GpuIndex gpu, const std::string& what) {
  auto ended = run_program({"nvidia-smi", "compute-policy", "-i", std::to_string(gpu.value), what}, true);
  if (!ended) return std::unexpected(ended.error());
  if (ended->status == 0) return std::move(ended->out);
  // The last line reads "Failed to ... requested devices : Not Supported".
  const auto end = ended->out.find_last_not_of('\n');
  const auto text = ended->out.substr(0, end == std::string::npos ? 0 : end + 1);
  const auto colon = text.rfind(" : ");
  return std::unexpected(node::DriverError{
      ended->status == 255 ? node::err_unknown : ended->status,
      colon != std::string::npos ? text.substr(colon + 3)
                                 : "nvidia-smi compute-policy ended with status " + std::to_string(ended->status)});
}

}  // namespace

node::Answer<std::uint32_t> time_slice_by_program(GpuIndex gpu) {
  const auto table = compute_policy(gpu, "--list");
  if (!table) return std::unexpected(table.error());
  std::istringstream words(*table);
  for (std::string word; words >> word;) {
    if (word != "Timeslice" || !(words >> word)) continue;
    const auto policy = std::ranges::find(policies, word);
    if (policy != policies.end()) return static_cast<std::uint32_t>(policy - policies.begin());
  }
  return std::unexpected(
      node::DriverError{node::err_unknown, "nvidia-smi compute-policy --list shows no known time slice"});
}

node::Answer<void> set_time_slice_by_program(GpuIndex gpu, std::uint32_t policy) {
  const auto said = compute_policy(gpu, "--set-timeslice=" + std::to_string(policy));
  if (!said) return std::unexpected(said.error());
  return {};
}

}  // namespace gpuslice::nvml
