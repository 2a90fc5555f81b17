#include "handover/forms.hpp"

#include <fmt/format.h>

#include "handover/cdi.hpp"

namespace gpuslice::handover {
namespace {

std::string mig_path(const Device& device) {
  if (device.whole() || device.gpu_uuid.empty()) return {};
  return fmt::format("MIG-{}/{}/{}", device.gpu_uuid, device.gi->value, device.ci->value);
}

std::string container_toolkit(const Device& device) {
  if (device.whole()) return fmt::format("{}", device.gpu.value);
  return device.mig_index ? fmt::format("{}:{}", device.gpu.value, *device.mig_index) : std::string{};
}

std::string with_uuid(const Device& device, const char* pattern) {
  return device.uuid.empty() ? std::string{} : fmt::format(fmt::runtime(pattern), device.uuid);
}

std::string gres_conf(const Device& device) {
  if (!device.nodes || device.nodes->empty()) return {};
  if (device.whole()) return "Name=gpu File=" + device.nodes->front().path;
  std::string paths;
  for (const auto& one : *device.nodes) paths += (paths.empty() ? "" : ",") + one.path;
  const auto profile = profile_text(device);
  return profile.empty() ? std::string{} : fmt::format("Name=gpu Type={} MultipleFiles={}", profile, paths);
}

std::string srun(const Device& device) {
  if (device.whole()) return "srun --gres=gpu:1";
  const auto profile = profile_text(device);
  return profile.empty() ? std::string{} : fmt::format("srun --gres=gpu:{}:1", profile);
}

}  // namespace

std::string profile_text(const Device& device) {
  if (device.gi_profile.empty() || device.ci_profile.empty()) return {};
  // "3g.20gb" has three compute slices. Only a compute instance of fewer is in the name.
  const auto slices = [](std::string_view text, char unit) { return text.substr(0, text.find(unit)); };
  if (slices(device.gi_profile, 'g') == slices(device.ci_profile, 'c')) return device.gi_profile;
  return device.ci_profile + "." + device.gi_profile;
}

const std::string& cuda_visible_devices(const Device& device) { return device.uuid; }

std::vector<Form> forms(const Device& device) {
  const auto cdi = cdi_qualified(device);
  return {
      {"cuda_visible_devices", "CUDA_VISIBLE_DEVICES", cuda_visible_devices(device)},
      {"mig_path", "drivers before 470", mig_path(device)},
      {"nvidia_visible_devices", "NVIDIA_VISIBLE_DEVICES", container_toolkit(device)},
      {"cdi", "CDI", cdi},
      {"docker", "docker", with_uuid(device, "docker run --gpus device={}")},
      {"podman", "podman", cdi.empty() ? std::string{} : "podman run --device " + cdi},
      {"gres_conf", "Slurm gres.conf", gres_conf(device)},
      {"srun", "Slurm job", srun(device)},
  };
}

}  // namespace gpuslice::handover
