// Which process uses which slice of a node, whose it is, and what it belongs to: a unit, a container, a pod, a job.
//
// The driver says which processes use what. Everything else about them comes from /proc of this host, on which the
// clients of simulated nodes run too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hostfiles/pod_name.hpp"
#include "hostfiles/process.hpp"
#include "model/inventory.hpp"

namespace gpuslice::ops {

// What is asked for; empty: everything.
struct WhoFilter {
  // A pid; or a slice: a name that gpuslice gave, GPU:GI, GPU:GI/CI, the UUID of a GPU or MIG device, a PCI address.
  // A number is always a pid, because GPUs can be named in `gpus`.
  std::string word{};
  std::vector<std::string> gpus{};  // as for select_gpus
  std::string user{};               // a name or an id
};

// A process on a slice: a GPU, a GPU instance, or a compute instance. One that uses several slices is there for each.
struct Use {
  const model::Gpu* gpu{};
  const model::Client* client{};  // what the driver says: pid, instance, memory
  std::string slice;              // the name that gpuslice gave: "train", "train/a"; empty: none
  std::string uuid;               // of the MIG device, or of the GPU when it is used as a whole; empty: neither
  std::string user;               // its name, or its id; empty: not known
  std::string command;            // the command line, or else the name that the driver says; empty: not known
  Result<hostfiles::Process> process;
  std::optional<hostfiles::PodName> pod;  // of the pod that it belongs to; absent too when that is not known
};

struct Uses {
  std::vector<Use> all;              // by GPU, GPU instance, compute instance and pid
  std::size_t without_known_user{};  // processes that are left out because `user` was asked for and theirs is not known
};

// Points into `inventory`, which must outlive the result. `root` is where /proc and /var/log are, "" for this host.
// GPUs that cannot be read have no uses. Errors: those of select_gpus and select_instance; not_found when no process
// with that pid uses a GPU, and unknown when one might use a GPU that cannot be read.
[[nodiscard]] Result<Uses> who(const model::Inventory& inventory, const WhoFilter& filter, const std::string& root);

}  // namespace gpuslice::ops
