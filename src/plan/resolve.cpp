#include "plan/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>

#include "base/nearest.hpp"
#include "base/number.hpp"
#include "catalog/product.hpp"
#include "mig/names.hpp"

namespace gpuslice::plan {
namespace {

std::string without_mig(const std::string& word) { return word.starts_with("MIG ") ? word.substr(4) : word; }

// The names that were probably meant; if none is close, all names.
template <class Names>
std::string did_you_mean(const std::string& word, const Names& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = nearest(word, views, 3);
  const auto& shown = near.empty() ? views : near;
  return shown.empty() ? "" : fmt::format("{}: {}", near.empty() ? "one of" : "nearest", fmt::join(shown, ", "));
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

struct PciAddress {
  std::uint32_t domain{}, bus{}, device{}, function{};
  friend bool operator==(const PciAddress&, const PciAddress&) = default;
};
std::optional<PciAddress> pci_address(const std::string& text) {
  // Parsed from the end: the function after the dot, then device, bus and an optional domain, separated by colons.
  const auto hex = [](std::string_view word) { return parse_number<std::uint32_t>(word, 16); };
  std::string_view rest = text;
  PciAddress address;
  if (const auto dot = rest.rfind('.'); dot != std::string_view::npos) {
    const auto function = hex(rest.substr(dot + 1));
    if (!function) return std::nullopt;
    address.function = *function;
    rest = rest.substr(0, dot);
  }
  std::array<std::uint32_t*, 3> fields = {&address.device, &address.bus, &address.domain};
  std::size_t count = 0;
  while (true) {
    const auto colon = rest.rfind(':');
    const auto value = hex(colon == std::string_view::npos ? rest : rest.substr(colon + 1));
    if (!value || count == fields.size()) return std::nullopt;
    *fields[count++] = *value;
    if (colon == std::string_view::npos) break;
    rest = rest.substr(0, colon);
  }
  if (count < 2) return std::nullopt;
  return address;
}

bool is_product(const model::Gpu& gpu, const std::string& word) {
  if (lower(gpu.name) == lower(word) || lower(gpu.product) == lower(word)) return true;
  const auto known = catalog::find(word);
  return known && (*known)->key == gpu.product;
}

template <class List, class Match>
bool any(const List& list, Match match) {
  return list.empty() || std::any_of(list.begin(), list.end(), match);
}

bool selects(const model::Selector& s, const model::Gpu& gpu) {
  return any(s.index, [&](std::uint32_t i) { return GpuIndex{i} == gpu.index; }) &&
         any(s.uuid, [&](const std::string& u) { return lower(u) == lower(gpu.uuid); }) &&
         any(s.pci, [&](const std::string& p) { return same_pci(p, gpu.pci); }) &&
         any(s.product, [&](const std::string& p) { return is_product(gpu, p); }) &&
         any(s.pci_device_ids, [&](std::uint32_t id) { return id == gpu.pci_device_id; });
}

// A selector value that no GPU matches is an error, and so is a combination of values that none matches. The exception
// is a filter on device ids: mig-parted files use it for entries that are meant for other machines.
std::optional<Error> check_selector(const model::GpuEntry& entry, const model::Inventory& inventory) {
  const auto& s = entry.selector;
  const auto missing = [&](const std::string& kind, const std::string& word, const std::vector<std::string>& have) {
    return Error{ErrorKind::not_found, entry.origin.text(), fmt::format("no GPU here has the {} {}", kind, word),
                 did_you_mean(word, have)};
  };
  std::vector<std::string> uuids, addresses, products;
  for (const auto& gpu : inventory.gpus) {
    uuids.push_back(gpu.uuid);
    addresses.push_back(gpu.pci);
    const auto& product = gpu.product.empty() ? gpu.name : gpu.product;
    if (std::find(products.begin(), products.end(), product) == products.end()) products.push_back(product);
  }
  const auto nobody = [&](auto match) { return std::none_of(inventory.gpus.begin(), inventory.gpus.end(), match); };
  for (const auto index : s.index)
    if (inventory.find(GpuIndex{index}) == nullptr)
      return Error{ErrorKind::not_found, entry.origin.text(),
                   fmt::format("no GPU has the index {}; GPUs on the node: {}", index, inventory.gpus.size()), ""};
  for (const auto& uuid : s.uuid)
    if (nobody([&](const auto& gpu) { return lower(gpu.uuid) == lower(uuid); })) return missing("UUID", uuid, uuids);
  for (const auto& pci : s.pci)
    if (nobody([&](const auto& gpu) { return same_pci(gpu.pci, pci); })) return missing("PCI address", pci, addresses);
  for (const auto& product : s.product)
    if (nobody([&](const auto& gpu) { return is_product(gpu, product); })) return missing("product", product, products);
  if (s.pci_device_ids.empty() && nobody([&](const auto& gpu) { return selects(s, gpu); }))
    return Error{ErrorKind::not_found, entry.origin.text(), "no GPU here matches all of these selectors", ""};
  return std::nullopt;
}

std::string span_text(mig::Placement p) {
  return p.size == 0 ? fmt::format("{}", p.start) : fmt::format("{}:{}", p.start, p.size);
}
template <class Sites>
std::string site_list(const Sites& sites) {
  std::string text;
  for (const auto& site : sites) text += (text.empty() ? "" : ", ") + span_text(site);
  return text;
}

// The site that the layout requests. An error lists the possible ones.
template <class Sites>
Result<std::optional<mig::Placement>> site(const std::optional<mig::Placement>& wanted, const Sites& sites,
                                           const std::string& where, const std::string& profile) {
  if (!wanted) return std::optional<mig::Placement>{};
  for (const auto& one : sites)
    if (one.start == wanted->start && (wanted->size == 0 || one.size == wanted->size))
      return std::optional<mig::Placement>{one};
  return fail(ErrorKind::usage, where, fmt::format("{} cannot be placed at {}", profile, span_text(*wanted)),
              "possible placements: " + site_list(sites));
}

Result<model::TargetGi> resolve_instance(const model::Gpu& gpu, const model::WantedGi& wanted) {
  const auto where = wanted.origin.text();
  const auto profile = find_profile(gpu.capability, wanted.profile, gpu_text(gpu));
  if (!profile) return fail(profile.error().kind, where, profile.error().message(), profile.error().hint);
  model::TargetGi target{wanted.name, (*profile)->id, {}, {}, wanted.origin};
  target.placement = GPUSLICE_TRY(site(wanted.placement, (*profile)->sites, where, std::string((*profile)->name)));
  if (!wanted.compute) {
    const auto* whole = (*profile)->default_compute();
    if (whole == nullptr)
      return fail(ErrorKind::unsupported, where,
                  fmt::format("the compute instance profiles of {} are unknown", (*profile)->name), "");
    target.compute.push_back({"", whole->id, {}});
    return target;
  }
  for (const auto& ci : *wanted.compute) {
    const auto there = ci.origin.text();
    const auto found = find_profile(**profile, ci.profile);
    if (!found) return fail(found.error().kind, there, found.error().message(), found.error().hint);
    model::TargetCi one{ci.name, (*found)->id, {}, ci.origin};
    one.placement = GPUSLICE_TRY(site(ci.placement, (*found)->sites, there, mig::compute_name(**profile, **found)));
    target.compute.push_back(one);
  }
  return target;
}

Result<model::Target> resolve_entry(const model::GpuEntry& entry, const model::Gpu& gpu) {
  model::Target target;
  target.foreign = entry.foreign;
  target.settings.compute_mode = entry.compute_mode;
  target.settings.time_slice = entry.time_slice;
  target.mig = entry.mig.value_or(!entry.instances.empty() || gpu.state.mig.mode);
  if (!target.mig && !entry.instances.empty())
    return fail(ErrorKind::usage, entry.origin.text(), "lists instances, but sets MIG mode off", "mig: true");
  if (target.mig && !gpu.capability.mode.supported)
    return fail(ErrorKind::unsupported, entry.origin.text(), gpu_text(gpu) + " does not support MIG",
                "select the others by product");
  for (const auto& wanted : entry.instances) target.instances.push_back(GPUSLICE_TRY(resolve_instance(gpu, wanted)));
  return target;
}

}  // namespace

std::vector<const model::Gpu*> selected_gpus(const model::Selector& selector, const model::Inventory& inventory) {
  std::vector<const model::Gpu*> selected;
  for (const auto& gpu : inventory.gpus)
    if (selects(selector, gpu)) selected.push_back(&gpu);
  return selected;
}

bool passes_over(const model::GpuEntry& entry, const model::Gpu& gpu, const model::Inventory& inventory) {
  if (!entry.selector.all() || gpu.capability.mode.supported || !entry.mig.value_or(!entry.instances.empty()))
    return false;
  return std::any_of(inventory.gpus.begin(), inventory.gpus.end(),
                     [](const model::Gpu& one) { return one.capability.mode.supported; });
}

bool same_pci(const std::string& a, const std::string& b) {
  const auto one = pci_address(a);
  const auto other = pci_address(b);
  return one && other && *one == *other;
}

std::string gpu_text(const model::Gpu& gpu) { return fmt::format("GPU {} ({})", gpu.index.value, gpu.name); }

Result<const mig::GiProfile*> find_profile(const mig::Capability& capability, const std::string& word,
                                           const std::string& owner) {
  if (const auto* named = capability.find(std::string_view(word))) return named;
  if (const auto id = parse_number<std::uint32_t>(word))
    if (const auto* found = capability.find(mig::GiProfileId{*id})) return found;
  const auto bare = without_mig(word);
  if (bare.size() >= 2 && bare.back() == 'g') {
    const mig::GiProfile* least = nullptr;
    for (const auto& profile : capability.profiles) {
      if (parse_number<std::uint32_t>(std::string_view(bare).substr(0, bare.size() - 1)) != profile.slices) continue;
      if (profile.base_name() != profile.name || profile.graphics) continue;
      if (least == nullptr || profile.memory_mib.value_or(~0U) < least->memory_mib.value_or(~0U)) least = &profile;
    }
    if (least != nullptr) return least;
  }
  // "1c.3g.20gb" is the name that nvidia-smi and mig-parted use for a compute instance.
  if (const auto dot = bare.find("c.");
      dot != std::string::npos && parse_number<std::uint32_t>(std::string_view(bare).substr(0, dot))) {
    const auto share = bare.substr(0, dot + 1), parent = bare.substr(dot + 2);
    if (capability.find(std::string_view(parent)) != nullptr)
      return fail(ErrorKind::usage, "profile " + word,
                  "is a profile of a compute instance, which needs a GPU instance " + parent,
                  parent + " with " + Hint::option("compute") +
                      fmt::format(" {1}; in a layout {{profile: {0}, compute: [{{profile: {1}}}]}}", parent, share));
  }
  std::vector<std::string> names;
  for (const auto& profile : capability.profiles) names.emplace_back(profile.name);
  return fail(ErrorKind::usage, "profile " + word, owner + " has no such GPU instance profile",
              did_you_mean(bare, names));
}

Result<const mig::CiProfile*> find_profile(const mig::GiProfile& parent, const std::string& word) {
  const auto bare = without_mig(word);
  // If two profiles use the whole GPU instance, its name means the one that the driver creates by default.
  for (const auto& profile : parent.compute)
    if (profile.is_default && (bare == parent.name || bare == parent.base_name())) return &profile;
  for (const auto& profile : parent.compute) {
    const auto name = without_mig(mig::compute_name(parent, profile));
    if (name == bare || fmt::format("{}c", profile.slices) == bare) return &profile;
  }
  if (const auto id = parse_number<std::uint32_t>(word))
    if (const auto* found = parent.find(mig::CiProfileId{*id})) return found;
  std::vector<std::string> names;
  for (const auto& profile : parent.compute) names.push_back(without_mig(mig::compute_name(parent, profile)));
  return fail(ErrorKind::usage, "profile " + word, fmt::format("{} has no such compute instance profile", parent.name),
              did_you_mean(bare, names));
}

Result<std::vector<model::GpuTarget>> resolve(const model::Layout& layout, const model::Inventory& inventory) {
  std::map<GpuIndex, const model::GpuEntry*> chosen;
  for (const auto& entry : layout.gpus) {
    if (auto error = check_selector(entry, inventory)) return std::unexpected(*error);
    for (const auto& gpu : inventory.gpus) {
      if (!selects(entry.selector, gpu)) continue;
      if (gpu.problem.empty() && passes_over(entry, gpu, inventory)) continue;
      if (!gpu.problem.empty())
        return fail(ErrorKind::unknown, fmt::format("GPU {}", gpu.index.value), gpu.problem,
                    "leave it out: select the other GPUs by index");
      auto& mine = chosen[gpu.index];
      if (mine != nullptr && !layout.later_wins)
        return fail(ErrorKind::usage, entry.origin.text(),
                    fmt::format("GPU {} is selected here and at {} too", gpu.index.value, mine->origin.text()),
                    "select each GPU only once");
      mine = &entry;
    }
  }
  if (chosen.empty())
    return fail(ErrorKind::not_found, layout.origin.text(), "selects no GPU of this node", Hint::gpuslice({"list"}));
  std::vector<model::GpuTarget> targets;
  targets.reserve(chosen.size());
  for (const auto& [index, entry] : chosen)
    targets.push_back({index, GPUSLICE_TRY(resolve_entry(*entry, *inventory.find(index)))});
  return targets;
}

}  // namespace gpuslice::plan
