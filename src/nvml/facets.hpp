// The facets of the node port over a driver library, each in its own file. They return the driver's answers. If the
// driver was opened read-only, changes return NO_PERMISSION with the reason, and the driver is not called. A facet must
// not outlive `calls`.
#pragma once

#include <memory>
#include <string>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] std::unique_ptr<node::Identity> identity_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Readings> readings_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Mig> mig_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Processes> processes_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Modes> modes_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Topology> topology_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Links> links_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Monitoring> monitoring_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Tuning> tuning_of(Calls& calls);
[[nodiscard]] std::unique_ptr<node::Reset> reset_of(Calls& calls);
// `root`: the directory that contains proc and dev; empty: this host.
[[nodiscard]] std::unique_ptr<node::DeviceFiles> device_files_of(Calls& calls, std::string root);

}  // namespace gpuslice::nvml
