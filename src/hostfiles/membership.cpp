#include "hostfiles/membership.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "base/number.hpp"
#include "base/split.hpp"

namespace gpuslice::hostfiles {
namespace {

using Names = std::vector<std::string>;  // of the directories of a path, outermost first

constexpr std::size_t id_digits = 64;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Removes `ending` from the end of `name`; whether it was there.
bool strip(std::string_view& name, std::string_view ending) {
  if (!name.ends_with(ending)) return false;
  name.remove_suffix(ending.size());
  return true;
}

// The names of a path. What names no directory of this host is left out: "..", and the mark of a removed one.
Names names_of(std::string_view path) {
  strip(path, " (deleted)");
  Names names;
  for (auto& name : split(path, '/')) {
    if (name.empty() || name == "..") continue;
    // "SLICE:cri-containerd:ID", as a runtime gets it from the CRI plugin and not every one translates it.
    const auto parts = split(name, ':');
    if (parts.size() == 3 && parts[0].ends_with(".slice")) {
      names.push_back(parts[0]);
      names.push_back(parts[1] + "-" + parts[2]);
    } else {
      names.push_back(std::move(name));
    }
  }
  return names;
}

bool is_slice(std::string_view name) { return name.ends_with(".slice") && name != ".slice"; }
// Units that have processes.
bool is_unit(std::string_view name) {
  constexpr std::array<std::string_view, 5> endings = {".service", ".scope", ".socket", ".mount", ".swap"};
  return std::ranges::any_of(
      endings, [name](std::string_view ending) { return name.ends_with(ending) && name.size() > ending.size(); });
}
std::string unescaped(std::string_view name) {
  if (name.starts_with('_')) name.remove_prefix(1);
  return std::string(name);
}

// The unit in which a path is, looking from the name at `from`: the first one behind slices. `from` is moved behind
// it. Empty: the path leaves the tree of systemd before there is a unit.
std::string first_unit(const Names& names, std::size_t& from) {
  while (from < names.size() && is_slice(names[from])) ++from;
  return from < names.size() && is_unit(names[from]) ? unescaped(names[from++]) : std::string{};
}

void find_units(const Names& names, Membership& found) {
  std::size_t at = 0;
  found.unit = first_unit(names, at);
  if (found.unit.starts_with("user@")) found.user_unit = first_unit(names, at);
  // A process that is in a slice itself, as cgroup v1 allows.
  if (found.unit.empty() && at > 0 && at == names.size()) found.unit = unescaped(names.back());
}

struct Prefix {
  std::string_view text;
  Engine engine;
};
// Of the name of a container's directory, before the id. The monitors of containers (libpod-conmon-ID,
// crio-conmon-ID) are not in them, and match none.
constexpr std::array<Prefix, 6> prefixes = {{{"docker-", Engine::docker},
                                             {"libpod-", Engine::podman},
                                             {"libpod-payload-", Engine::podman},
                                             {"cri-containerd-", Engine::containerd},
                                             {"nerdctl-", Engine::containerd},
                                             {"crio-", Engine::cri_o}}};

// The container whose directory has this name, if there is one.
bool by_id(std::string_view name, std::string_view parent, std::optional<Container>& found) {
  strip(name, ".scope");
  if (name.size() < id_digits) return false;
  const auto id = name.substr(name.size() - id_digits);
  name.remove_suffix(id_digits);
  if (!is_hex(id)) return false;
  std::optional<Engine> engine;
  if (!name.empty()) {
    const auto* known = std::ranges::find(prefixes, name, &Prefix::text);
    if (known == prefixes.end()) return false;
    engine = known->engine;
  } else if (parent == "docker") {  // the cgroupfs driver of Docker
    engine = Engine::docker;
  } else if (parent == "cri-containerd") {  // a runtime that makes directories of "SLICE:cri-containerd:ID"
    engine = Engine::containerd;
  }
  found.emplace();
  found->engine = engine;
  found->id = id;
  return true;
}

bool of_lxc(std::string_view name, std::string_view parent, std::optional<Container>& found) {
  constexpr std::string_view payload = "lxc.payload.";
  if (name.starts_with(payload))
    name.remove_prefix(payload.size());
  else if (parent != "lxc" && parent != "lxc.payload")
    return false;
  if (name.empty()) return false;
  found.emplace();
  found->engine = Engine::lxc;
  found->id = name;
  return true;
}

void find_container(const Names& names, std::optional<Container>& found) {
  for (std::size_t i = names.size(); i-- > 0;) {
    const std::string_view parent = i > 0 ? std::string_view(names[i - 1]) : std::string_view{};
    if (by_id(names[i], parent, found) || of_lxc(names[i], parent, found)) return;
  }
}

// Whether Kubernetes writes a uid like this: a UUID, with "_" for "-" in the names of slices, or the hash of a static
// pod.
bool is_pod_uid(std::string_view text) {
  constexpr std::size_t uuid = 36, hash = 32;
  if (text.size() == hash) return is_hex(text);
  if (text.size() != uuid) return false;
  for (std::size_t i = 0; i < uuid; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' && text[i] != '_' : !is_hex(text.substr(i, 1))) return false;
  }
  return true;
}

// The UID of the pod that a group is named after: "kubepods-burstable-podUID.slice" or "podUID". Empty for other names.
std::string_view behind_pod(std::string_view name) {
  constexpr std::string_view pod = "pod", root = "kubepods-";
  if (!strip(name, ".slice")) return name.starts_with(pod) ? name.substr(pod.size()) : std::string_view{};
  const auto below = name.find(root);
  const auto at = below == std::string_view::npos ? below : name.find(pod, below + root.size());
  return at == std::string_view::npos ? std::string_view{} : name.substr(at + pod.size());
}

void find_pod(const Names& names, std::string& found) {
  for (const auto& name : names) {
    const auto uid = behind_pod(name);
    if (!is_pod_uid(uid)) continue;
    found = uid;
    std::ranges::replace(found, '_', '-');
  }
}

// "0" of "step_0"; empty for other names.
std::string_view after(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view{};
}

std::optional<SlurmJob> job_of(const Names& names) {
  bool in_slurm = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& name = names[i];
    // With several slurmd on a host, their names: "slurm_NODE" and "NODE_slurmstepd.scope".
    if (name == "slurm" || name.starts_with("slurm_") || name.ends_with("slurmstepd.scope")) in_slurm = true;
    if (!in_slurm) continue;
    const auto job = parse_number<std::uint64_t>(after(name, "job_"));
    if (!job) continue;
    const bool more = i + 1 < names.size();
    return SlurmJob{*job, more ? std::string(after(names[i + 1], "step_")) : std::string{}};
  }
  return std::nullopt;
}

}  // namespace

std::string_view word(Engine engine) {
  switch (engine) {
    case Engine::docker:
      return "docker";
    case Engine::podman:
      return "podman";
    case Engine::containerd:
      return "containerd";
    case Engine::cri_o:
      return "cri-o";
    case Engine::lxc:
      break;
  }
  return "lxc";
}

std::string_view short_id(const Container& container) {
  constexpr std::size_t digits = 12;
  const std::string_view id = container.id;
  return container.engine == Engine::lxc ? id : id.substr(0, digits);
}

Membership membership_of(std::string_view text) {
  // Those that systemd manages come first. Where the engine or Slurm made groups of its own, they are in the others.
  std::vector<Names> of_systemd, unified, others;
  for (const auto& line : split(text, '\n')) {
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    auto& list = controllers == "name=systemd" ? of_systemd : controllers.empty() ? unified : others;
    list.push_back(names_of(std::string_view(line).substr(second + 1)));
  }
  Membership found;
  std::vector<Names> all = std::move(of_systemd);
  std::ranges::move(unified, std::back_inserter(all));
  for (const auto& names : all)
    if (found.unit.empty()) find_units(names, found);
  std::ranges::move(others, std::back_inserter(all));
  for (const auto& names : all) {
    if (!found.container) find_container(names, found.container);
    if (found.pod_uid.empty()) find_pod(names, found.pod_uid);
    if (!found.job) found.job = job_of(names);
  }
  return found;
}

}  // namespace gpuslice::hostfiles
