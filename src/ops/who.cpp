#include "ops/who.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/number.hpp"
#include "base/user_name.hpp"
#include "ops/instance_path.hpp"
#include "ops/select.hpp"

namespace gpuslice::ops {
namespace {

// A part of a node. What is empty restricts nothing.
struct Part {
  std::optional<std::uint32_t> pid;
  std::optional<SelectedGpus> gpus;
  std::optional<SelectedInstance> instance;

  [[nodiscard]] bool has(const model::Gpu& gpu, const model::Client& client) const {
    if (pid && client.pid != *pid) return false;
    if (gpus && std::ranges::find(*gpus, &gpu) == gpus->end()) return false;
    if (!instance) return true;
    return instance->gpu == &gpu && client.gi == instance->gi && (!instance->ci || client.ci == instance->ci);
  }
};

// A path such as 0:2 has no dot, a PCI address such as 0000:10:1c.0 has one.
bool names_gpu(const std::string& word) {
  return word.starts_with("GPU-") || (word.find(':') != std::string::npos && word.find('.') != std::string::npos);
}

Result<Part> part_of(const model::Inventory& inventory, const WhoFilter& filter) {
  Part part;
  if (!filter.gpus.empty()) part.gpus = GPUSLICE_TRY(select_gpus(inventory, filter.gpus));
  if (filter.word.empty()) return part;
  part.pid = parse_number<std::uint32_t>(filter.word);
  if (part.pid) return part;
  if (names_gpu(filter.word))
    part.gpus = GPUSLICE_TRY(select_gpus(inventory, {filter.word}));
  else
    part.instance = GPUSLICE_TRY(select_instance(inventory, filter.word));
  return part;
}

// The name of the instance in which a client is, as select_instance accepts it.
std::string slice_of(const model::Gpu& gpu, const model::Client& client) {
  const auto* gi = client.gi ? gpu.state.mig.partition.find(*client.gi) : nullptr;
  const auto* made = gi != nullptr ? model::entry_of(gpu.made, *gi) : nullptr;
  if (made == nullptr) return {};
  const auto* ci = client.ci ? gi->find(*client.ci) : nullptr;
  const auto* inner = ci != nullptr ? model::entry_of(made->compute, *ci) : nullptr;
  if (inner == nullptr || inner->name.empty()) return made->name;
  return made->name.empty() ? inner->name : made->name + "/" + inner->name;
}

std::string uuid_of(const model::Gpu& gpu, const model::Client& client) {
  if (!client.gi) return gpu.uuid;
  for (const auto& device : gpu.devices)
    if (device.gi == client.gi && device.ci == client.ci) return device.uuid;
  return {};
}

bool is_of(const hostfiles::Process& process, const std::string& user) {
  return user == user_name_or_id(process.uid) || user == std::to_string(process.uid);
}

std::unexpected<Error> no_such_process(const model::Inventory& inventory, std::uint32_t pid) {
  const auto object = fmt::format("process {}", pid);
  for (const auto& gpu : inventory.gpus)
    if (!gpu.problem.empty())
      return fail(ErrorKind::unknown, object,
                  fmt::format("uses no GPU that can be read; {}: {}", gpu_text(gpu.index), gpu.problem),
                  Hint::gpuslice({"list"}));
  // A small number may be meant as a GPU.
  const bool is_index = inventory.find(GpuIndex{pid}) != nullptr;
  return fail(ErrorKind::not_found, object, "no such process uses a GPU here",
              is_index ? Hint::gpuslice({"who", {"gpu", std::to_string(pid)}}) : Hint::gpuslice({"who"}));
}

}  // namespace

Result<Uses> who(const model::Inventory& inventory, const WhoFilter& filter, const std::string& root) {
  const auto part = GPUSLICE_TRY(part_of(inventory, filter));
  Uses uses;
  std::map<std::uint32_t, Result<hostfiles::Process>> read;
  for (const auto& gpu : inventory.gpus)
    for (const auto& client : gpu.clients) {
      if (!part.has(gpu, client)) continue;
      auto known = read.find(client.pid);
      if (known == read.end()) known = read.emplace(client.pid, hostfiles::read_process(root, client.pid)).first;
      const auto& process = known->second;
      if (!filter.user.empty()) {
        const bool user_known = process || !client.user.empty();
        if (!user_known) ++uses.without_known_user;
        if (!user_known || !(process ? is_of(*process, filter.user) : client.user == filter.user)) continue;
      }
      Use use{&gpu, &client, slice_of(gpu, client), uuid_of(gpu, client), {}, {}, process, {}};
      use.user = process ? user_name_or_id(process->uid) : client.user;
      use.command = process && !process->command.empty() ? process->command : client.command;
      if (process && process->membership) use.pod = hostfiles::pod_name(root, process->membership->pod_uid);
      uses.all.push_back(std::move(use));
    }
  if (uses.all.empty() && part.pid && uses.without_known_user == 0) return no_such_process(inventory, *part.pid);
  std::ranges::stable_sort(uses.all, {}, [](const Use& use) {
    return std::tuple(use.gpu->index, use.client->gi, use.client->ci, use.client->pid);
  });
  return uses;
}

}  // namespace gpuslice::ops
