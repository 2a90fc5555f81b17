#include "nvml/device_tree.hpp"
#include "nvml/facets.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

class DriverFiles final : public node::DeviceFiles {
 public:
  DriverFiles(Calls& calls, std::string root) : calls_(calls), tree_(std::move(root)) {}

  Answer<std::vector<DeviceNode>> of_driver() override { return tree_.of_driver(); }

  Answer<std::vector<DeviceNode>> of(GpuIndex gpu, std::optional<mig::GiId> gi, std::optional<mig::CiId> ci) override {
    const auto minor = calls_.number(gpu, "nvmlDeviceGetMinorNumber");
    if (!minor) return std::unexpected(minor.error());
    std::vector<DeviceNode> nodes = {tree_.of_gpu(*minor)};
    const auto add = [&](std::optional<mig::CiId> inside) {
      const auto found = tree_.of_instance(*minor, *gi, inside);
      if (found) nodes.push_back(*found);
      return found.has_value();
    };
    if (gi && !add({})) return calls_.refusal(abi::NVML_ERROR_NOT_FOUND);
    if (gi && ci && !add(ci)) return calls_.refusal(abi::NVML_ERROR_NOT_FOUND);
    return nodes;
  }

 private:
  Calls& calls_;
  DeviceTree tree_;
};

}  // namespace

std::unique_ptr<node::DeviceFiles> device_files_of(Calls& calls, std::string root) {
  return std::make_unique<DriverFiles>(calls, std::move(root));
}

}  // namespace gpuslice::nvml
