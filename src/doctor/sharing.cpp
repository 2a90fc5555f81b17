#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "doctor/client_text.hpp"
#include "doctor/looks.hpp"

namespace gpuslice::doctor::looks {

// A process that uses several MIG devices, or a MIG device and a GPU besides, expects peers that MIG does not give it.
void peers(const NodeFacts& facts, Answer& answer) {
  struct Use {
    model::Client client;
    std::set<std::string> places;
    bool mig{};
  };
  std::map<std::uint32_t, Use> by_pid;
  each_gpu(facts, answer, [&](const GpuFacts& one) {
    for (const auto& client : one.gpu.clients) {
      auto& use = by_pid[client.pid];
      use.client = client;
      use.mig = use.mig || client.gi.has_value();
      use.places.insert(client.gi ? fmt::format("{}:{}", one.index.value, client.gi->value)
                                  : fmt::format("{}", one.index.value));
    }
  });
  for (const auto& [pid, use] : by_pid)
    if (use.mig && use.places.size() > 1)
      answer.advice(clients_text({use.client}), fmt::format("it uses {}", fmt::join(use.places, " and ")),
                    "there is no P2P and no NVLink between MIG devices; a job over several GPUs needs whole GPUs",
                    Hint::gpuslice({"list"}));
}

void nvlink(const NodeFacts& facts, Answer& answer) {
  const auto is_whole = [&](GpuIndex index) {
    return std::ranges::any_of(facts.gpus, [&](const GpuFacts& one) {
      return one.index == index && one.reach == GpuFacts::Reach::answers && !one.gpu.state.mig.mode;
    });
  };
  each_gpu(facts, answer, [&](const GpuFacts& one) {
    const auto& links = one.links;
    std::vector<std::size_t> down;
    for (std::size_t i = 0; i < links.active.size(); ++i)
      if (!links.active[i]) down.push_back(i);
    if (one.gpu.state.mig.mode) return;  // MIG devices use no NVLink
    if (!down.empty() && down.size() < links.active.size()) {
      answer.problem(one, fmt::format("NVLink {} {} down", fmt::join(down, ", "), down.size() == 1 ? "is" : "are"),
                     "jobs over several GPUs are slower or fail",
                     fmt::format("nvidia-smi nvlink -s -i {}", one.index.value));
      return;
    }
    std::vector<std::uint32_t> cut;
    for (const auto other : links.unreachable)
      if (is_whole(other)) cut.push_back(other.value);
    // Of a pair the lower index reports.
    if (cut.empty() || cut.back() < one.index.value) return;
    answer.problem(one,
                   fmt::format("its links are up, and it cannot reach GPU{} {} over NVLink", cut.size() == 1 ? "" : "s",
                               fmt::join(cut, ", ")),
                   "jobs over several GPUs use PCIe or fail; the fabric manager sets up the NVSwitches",
                   "systemctl status nvidia-fabricmanager");
  });
}

void mps_directory(const NodeFacts& facts, Answer& answer) {
  const auto* seen = answer.known(facts.mps);
  if (seen == nullptr || !*seen) return;
  const auto& mps = **seen;
  if (!mps.control || mps.alive) return;
  answer.problem(mps.path,
                 mps.pid ? fmt::format("the MPS control daemon (process {}) is gone and has left its socket", *mps.pid)
                         : "it has the socket of an MPS control daemon, and none runs",
                 "CUDA programs find the socket, try to use MPS and fail", fmt::format("sudo rm -r {}", mps.path));
}

void vgpu_vfs(const NodeFacts& facts, Answer& answer) {
  const auto* seen = answer.known(facts.vgpu);
  if (seen == nullptr) return;
  if (!*seen) return answer.not_applicable("this is no vGPU host");
  for (const auto& gpu : (*seen)->gpus)
    if (gpu.possible != 0 && gpu.enabled == 0)
      answer.problem("PCI device " + gpu.pci, "its virtual functions are not enabled",
                     "no vGPU can be created; they have to be enabled after every boot",
                     fmt::format("sudo /usr/lib/nvidia/sriov-manage -e {}", gpu.pci));
}

void vgpu_iommu(const NodeFacts& facts, Answer& answer) {
  const auto* seen = answer.known(facts.vgpu);
  if (seen == nullptr) return;
  if (!*seen) return answer.not_applicable("this is no vGPU host");
  if (!(*seen)->iommu)
    answer.problem("host", "the IOMMU is off",
                   "no GPU and no vGPU can be given to a virtual machine; it is a setting "
                   "of the BIOS and of the kernel's command line",
                   "sudo dmesg | grep -i -e DMAR -e IOMMU");
}

}  // namespace gpuslice::doctor::looks
