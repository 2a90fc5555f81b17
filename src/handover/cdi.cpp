#include "handover/cdi.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "report/json_text.hpp"

namespace gpuslice::handover {
namespace {

using nlohmann::ordered_json;

bool is_letter_or_digit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

ordered_json node_json(const node::DeviceNode& one) { return {{"path", one.path}}; }

ordered_json mount_json(const Mount& mount) {
  ordered_json options = {mount.writable ? "rw" : "ro", "nosuid", "nodev", "rbind", "rprivate"};
  return {{"hostPath", mount.host}, {"containerPath", mount.container}, {"options", options}};
}

// Of a section of the document: nothing in it is empty, because some engines refuse an empty list.
template <class List, class Make>
void add(ordered_json& edits, const char* key, const List& list, Make make) {
  if (list.empty()) return;
  auto& array = edits[key] = ordered_json::array();
  for (const auto& one : list) array.push_back(make(one));
}

ordered_json as_it_is(const std::string& text) { return text; }

ordered_json edits_of(const std::vector<std::string>& env, const std::vector<node::DeviceNode>& nodes,
                      const std::vector<Mount>& mounts, const std::vector<Hook>& hooks) {
  ordered_json edits = ordered_json::object();
  add(edits, "env", env, as_it_is);
  add(edits, "deviceNodes", nodes, node_json);
  add(edits, "mounts", mounts, mount_json);
  add(edits, "hooks", hooks, [](const Hook& hook) {
    return ordered_json{{"hookName", "createContainer"}, {"path", hook.path}, {"args", hook.args}};
  });
  return edits;
}

// How many of the devices have this name in the specification.
std::map<std::string, int> count_names(const std::vector<Device>& devices) {
  std::map<std::string, int> count;
  for (const auto& one : devices) ++count[cdi_name(one.name)];
  return count;
}

}  // namespace

std::string cdi_name(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '/', '.');
  if (text.empty() || !is_letter_or_digit(text.front()) || !is_letter_or_digit(text.back())) return {};
  return text;
}

std::string cdi_qualified(const Device& device) {
  const auto name = cdi_name(device.name);
  const auto& shown = name.empty() ? device.uuid : name;
  return shown.empty() ? std::string{} : std::string(cdi_kind) + "=" + shown;
}

std::string cdi_spec(const Common& common, const std::vector<Device>& devices) {
  const auto names = count_names(devices);
  ordered_json document = {{"cdiVersion", cdi_version}, {"kind", cdi_kind}, {"devices", ordered_json::array()}};
  for (const auto& device : devices) {
    if (device.uuid.empty() || !device.nodes) continue;
    const auto edits = edits_of({}, *device.nodes, {}, {});
    const auto name = cdi_name(device.name);
    if (!name.empty() && names.at(name) == 1)
      document["devices"].push_back({{"name", name}, {"containerEdits", edits}});
    document["devices"].push_back({{"name", device.uuid}, {"containerEdits", edits}});
  }
  document["containerEdits"] = edits_of(common.env, common.nodes, common.mounts, common.hooks);
  return report::json_text(document, 2) + "\n";
}

Result<std::vector<CdiEntry>> read_cdi_spec(const std::string& text, const std::string& path) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  const auto wrong = [&](const char* what) { return fail(ErrorKind::damaged, path, what); };
  if (document.is_discarded()) return wrong("is not JSON");
  if (!document.is_object() || !document.contains("devices") || !document["devices"].is_array())
    return wrong("is not a CDI specification: it has no list of devices");
  std::vector<CdiEntry> entries;
  for (const auto& device : document["devices"]) {
    if (!device.is_object() || !device.contains("name") || !device["name"].is_string())
      return wrong("has a device without a name");
    CdiEntry entry{device["name"].get<std::string>(), {}};
    const auto edits = device.find("containerEdits");
    if (edits != device.end() && edits->is_object() && edits->contains("deviceNodes"))
      for (const auto& node : (*edits)["deviceNodes"])
        if (node.is_object() && node.contains("path") && node["path"].is_string())
          entry.nodes.push_back(node["path"].get<std::string>());
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace gpuslice::handover
