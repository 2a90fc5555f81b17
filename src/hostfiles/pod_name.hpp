// The name of a Kubernetes pod, from the directory of its logs: the control groups have only its uid.
//
// The kubelet writes a pod's logs into /var/log/pods/NAMESPACE_NAME_UID
// (github.com/kubernetes/kubernetes, pkg/kubelet/kuberuntime/helpers.go, BuildPodLogsDirectory). Neither a namespace
// nor a name of a pod can contain "_".
#pragma once

#include <optional>
#include <string>

namespace gpuslice::hostfiles {

struct PodName {
  std::string space;  // its namespace
  std::string name;
  friend bool operator==(const PodName&, const PodName&) = default;
};

// Looks below ROOT/var/log/pods; `root` is "" for this host. A static pod is found by the uid that its logs and its
// control group share. Absent: no pod of this uid has logs here, or this user may not list them.
[[nodiscard]] std::optional<PodName> pod_name(const std::string& root, const std::string& uid);

}  // namespace gpuslice::hostfiles
