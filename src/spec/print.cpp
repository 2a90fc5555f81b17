#include "spec/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "spec/keys.hpp"
#include "spec/setting_words.hpp"

namespace gpuslice::spec {
namespace {

using Json = nlohmann::ordered_json;

// A list with one item is written as the item.
Json one_or_list(const Json& list) { return list.size() == 1 ? list[0] : list; }

Json placement(mig::Placement p) {
  if (p.size == 0) return p.start;
  return fmt::format("{}:{}", p.start, p.size);
}

Json selector(const model::Selector& s) {
  if (s.all()) return "all";
  Json map;
  if (!s.index.empty()) map["index"] = one_or_list(s.index);
  if (!s.uuid.empty()) map["uuid"] = one_or_list(s.uuid);
  if (!s.pci.empty()) map["pci"] = one_or_list(s.pci);
  if (!s.product.empty()) map["product"] = one_or_list(s.product);
  Json ids = Json::array();
  for (const auto id : s.pci_device_ids) ids.push_back(fmt::format("0x{:08X}", id));
  if (!ids.empty()) map["pci-device-id"] = one_or_list(ids);
  return map;
}

Json wanted(const model::WantedCi& ci);
Json wanted(const model::WantedGi& gi);

// Equal neighbours without a placement or a name are written once, with their count.
template <class Wanted>
Json wanted_list(const std::vector<Wanted>& all, Object object) {
  Json list = Json::array();
  const auto most = find_key(object, "count")->most;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t count = 1;
    if (all[i].name.empty() && !all[i].placement)
      while (i + count < all.size() && count < most && all[i + count] == all[i]) ++count;
    auto map = wanted(all[i]);
    if (count > 1) map["count"] = count;
    // `compute` is written after `count`.
    if (map.contains("compute")) {
      auto compute = map["compute"];
      map.erase("compute");
      map["compute"] = compute;
    }
    list.push_back(map);
    i += count;
  }
  return list;
}

template <class Wanted>
Json words(const Wanted& one) {
  Json map;
  if (!one.name.empty()) map["name"] = one.name;
  map["profile"] = one.profile;
  if (one.placement) map["placement"] = placement(*one.placement);
  return map;
}
Json wanted(const model::WantedCi& ci) { return words(ci); }
Json wanted(const model::WantedGi& gi) {
  auto map = words(gi);
  if (gi.compute) map["compute"] = wanted_list(*gi.compute, Object::compute);
  return map;
}

Json configuration(const model::Layout& layout) {
  Json map;
  Json gpus = Json::array();
  for (const auto& entry : layout.gpus) {
    Json one;
    one["select"] = selector(entry.selector);
    if (entry.mig) one["mig"] = *entry.mig;
    if (entry.compute_mode) one["compute-mode"] = word_of(*entry.compute_mode);
    if (entry.time_slice) one["share"] = {{"time-slice", word_of(*entry.time_slice)}};
    if (entry.foreign == model::Foreign::remove) one["foreign"] = "remove";
    if (!entry.instances.empty()) one["instances"] = wanted_list(entry.instances, Object::instance);
    gpus.push_back(one);
  }
  if (layout.later_wins) map["later-wins"] = true;
  map["gpus"] = gpus;
  return map;
}

Json document(const File& file) {
  Json root;
  root["version"] = version_own;
  if (file.configurations.size() == 1 && file.configurations[0].name.empty() && file.default_name.empty()) {
    root.update(configuration(file.configurations[0]));
    return root;
  }
  if (!file.default_name.empty()) root["default"] = file.default_name;
  root["configs"] = Json::object();
  for (const auto& layout : file.configurations) root["configs"][layout.name] = configuration(layout);
  return root;
}

std::string flow(const Json& value) {
  if (value.is_string()) return yaml_word(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, item] : value.items()) {
    if (!text.empty()) text += ", ";
    if (value.is_object()) text += yaml_word(key) + ": ";
    text += flow(item);
  }
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

// Each instance is written on one line, and so is every other value below an entry.
void write_entry(const Json& entry, const std::string& indent, std::string& out) {
  auto before = "- ";
  for (const auto& [key, value] : entry.items()) {
    out.append(indent).append(before).append(key).append(":");
    before = "  ";
    if (key != "instances") {
      out += " " + flow(value) + "\n";
      continue;
    }
    out += '\n';
    for (const auto& instance : value) out += indent + "    - " + flow(instance) + "\n";
  }
}

// A configuration, or the whole file if it has only one without a name.
void write_configuration(const Json& map, const std::string& indent, std::string& out) {
  for (const auto& [key, value] : map.items()) {
    if (key == "configs") continue;
    out += indent + key + ":";
    if (key != "gpus" || value.empty()) {
      out += " " + flow(value) + "\n";
      continue;
    }
    out += '\n';
    for (const auto& entry : value) write_entry(entry, indent + "  ", out);
  }
}

}  // namespace

std::string print(const File& file) {
  const auto root = document(file);
  std::string out;
  write_configuration(root, "", out);
  if (!root.contains("configs")) return out;
  out += "configs:\n";
  for (const auto& [name, map] : root["configs"].items()) {
    out += "  " + yaml_word(name) + ":\n";
    write_configuration(map, "    ", out);
  }
  return out;
}

std::string print_json(const File& file) {
  return document(file).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gpuslice::spec
