#include "smi/view/mig_device.hpp"

namespace gpuslice::smi {

std::optional<MigDeviceFigures> mig_device_figures(node::Node& node, node::Subject device) {
  const auto gi = node.mig().mig_gi(device);
  const auto ci = node.mig().mig_ci(device);
  const auto attributes = node.mig().mig_attributes(device);
  const auto memory = node.readings().memory(device);
  const auto bar1 = node.readings().bar1(device);
  const auto ecc = node.readings().uncorrected_ecc_errors(device);
  if (!gi || !ci || !attributes || !memory || !bar1) return std::nullopt;
  if (!ecc && ecc.error().code != node::err_not_supported) return std::nullopt;
  return MigDeviceFigures{*gi, *ci, *attributes, *memory, *bar1, ecc ? std::optional(*ecc) : std::nullopt};
}

}  // namespace gpuslice::smi
