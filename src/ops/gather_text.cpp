#include "ops/gather_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/number.hpp"
#include "base/split.hpp"

namespace gpuslice::ops {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// "580.126.09" or "580.95": numbers with dots, of at least two parts.
bool is_version(std::string_view word) {
  if (word.empty() || !digit(word.front()) || !digit(word.back())) return false;
  return word.find('.') != std::string_view::npos && word.find("..") == std::string_view::npos &&
         std::ranges::all_of(word, [](char c) { return digit(c) || c == '.'; });
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.ends_with(',')) text.remove_suffix(1);
  text = trimmed(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  return text;
}

void add_xid(doctor::KernelLog& log, std::string_view after) {
  // "PCI:0000:10:1c GPU-I:02): 79, pid=..."
  const auto close = after.find(')');
  if (!after.starts_with("PCI:") || close == std::string_view::npos) return;
  auto pci = after.substr(4, close - 4);
  pci = pci.substr(0, pci.find(' '));
  auto rest = after.substr(close + 1);
  if (!rest.starts_with(": ")) return;
  rest.remove_prefix(2);
  const auto comma = rest.find(',');
  const auto number = parse_number<std::uint32_t>(trimmed(rest.substr(0, comma)));
  if (!number) return;
  const auto text = comma == std::string_view::npos ? std::string_view{} : trimmed(rest.substr(comma + 1));
  const auto found =
      std::ranges::find_if(log.xids, [&](const doctor::Xid& one) { return one.pci == pci && one.number == *number; });
  if (found == log.xids.end()) {
    log.xids.push_back({std::string(pci), *number, 1, std::string(text)});
    return;
  }
  ++found->count;
  found->last = text;
}

}  // namespace

std::string version_in(std::string_view text) {
  for (const auto& line : split(text.substr(0, text.find('\n')), '\n'))
    for (const auto& word : split(line, ' '))
      if (is_version(word)) return word;
  return {};
}

std::string library_version(std::string_view path) {
  const auto so = path.rfind(".so.");
  if (so == std::string_view::npos) return {};
  const auto version = path.substr(so + 4);
  return is_version(version) ? std::string(version) : std::string{};
}

doctor::KernelLog kernel_log_of(std::string_view text) {
  doctor::KernelLog log;
  std::set<std::string> failed;
  constexpr std::string_view xid = "NVRM: Xid (", gpu = "NVRM: GPU ";
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (const auto at = line.find(xid); at != std::string_view::npos) {
      add_xid(log, line.substr(at + xid.size()));
    } else if (const auto where = line.find(gpu);
               where != std::string_view::npos && line.find("RmInitAdapter failed!") != std::string_view::npos) {
      auto pci = line.substr(where + gpu.size());
      pci = pci.substr(0, pci.find(": "));
      if (failed.emplace(pci).second) log.failed_init.emplace_back(pci);
    }
  }
  std::ranges::sort(
      log.xids, [](const auto& a, const auto& b) { return std::pair(a.pci, a.number) < std::pair(b.pci, b.number); });
  return log;
}

namespace {

// A JSON specification, whatever its line ends.
void collect(const nlohmann::json& value, doctor::CdiSpec& spec, std::string& kind, std::set<std::string>& versions) {
  if (value.is_object())
    for (const auto& [key, inner] : value.items()) {
      if (!inner.is_string()) continue;
      const auto& text = inner.get_ref<const std::string&>();
      if (key == "kind") kind = text;
      if (key == "name") spec.devices.push_back(text);
      if (key == "path" && text.starts_with("/dev/")) spec.nodes.push_back(text);
      if (auto version = library_version(text); !version.empty()) versions.insert(std::move(version));
    }
  for (const auto& inner : value)
    if (inner.is_structured()) collect(inner, spec, kind, versions);
}

}  // namespace

std::optional<doctor::CdiSpec> cdi_spec_of(const std::string& path, std::string_view text) {
  doctor::CdiSpec spec;
  spec.path = path;
  std::string kind;
  std::set<std::string> nodes, versions;
  if (trimmed(text).starts_with('{')) {
    const auto document = nlohmann::json::parse(text, nullptr, false);
    if (document.is_discarded()) return std::nullopt;
    collect(document, spec, kind, versions);
  }
  // nvidia-ctk writes YAML in block style: one key per line.
  for (const auto& whole : kind.empty() ? split(text, '\n') : std::vector<std::string>{}) {
    auto line = trimmed(whole);
    while (line.starts_with("- ")) line = trimmed(line.substr(2));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) {
      if (auto version = library_version(unquoted(line)); !version.empty()) versions.insert(std::move(version));
      continue;
    }
    const auto key = unquoted(line.substr(0, colon));
    const std::string value(unquoted(line.substr(colon + 2)));
    if (key == "kind") kind = value;
    if (key == "name") spec.devices.push_back(value);
    if (key == "path" && value.starts_with("/dev/")) spec.nodes.push_back(value);
    if (auto version = library_version(value); !version.empty()) versions.insert(std::move(version));
  }
  if (!kind.starts_with("nvidia.com/")) return std::nullopt;
  nodes.insert(spec.nodes.begin(), spec.nodes.end());
  spec.nodes.assign(nodes.begin(), nodes.end());
  spec.versions.assign(versions.begin(), versions.end());
  return spec;
}

bool sets_mig(std::string_view unit) {
  for (const auto& whole : split(unit, '\n')) {
    const auto line = trimmed(whole);
    if (!line.starts_with("Exec")) continue;
    const auto has = [&](std::string_view word) { return line.find(word) != std::string_view::npos; };
    if (has("nvidia-mig-parted") || has("nvidia-mig-manager") || has("mig-parted")) return true;
    if (has("nvidia-smi") && (has(" mig ") || has(" -mig ") || has("--multi-instance-gpu"))) return true;
    if (has("gpuslice") && (has(" restore") || has(" apply") || has(" enable") || has(" create"))) return true;
  }
  return false;
}

std::optional<std::vector<std::string>> kubelet_devices(const std::string& text) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) return std::nullopt;
  const auto data = document.find("Data");
  if (data == document.end() || !data->is_object()) return std::nullopt;
  const auto registered = data->find("RegisteredDevices");
  std::set<std::string> uuids;
  if (registered != data->end() && registered->is_object())
    for (const auto& [resource, devices] : registered->items()) {
      if (!resource.starts_with("nvidia.com/") || !devices.is_array()) continue;
      for (const auto& one : devices) {
        if (!one.is_string()) continue;
        const auto& id = one.get_ref<const std::string&>();
        uuids.insert(id.substr(0, id.find("::")));
      }
    }
  return std::vector<std::string>(uuids.begin(), uuids.end());
}

std::optional<std::uint32_t> capability_minor(std::string_view text) {
  for (const auto& line : split(text, '\n'))
    if (line.starts_with("DeviceFileMinor:"))
      return parse_number<std::uint32_t>(trimmed(std::string_view(line).substr(16)));
  return std::nullopt;
}

std::optional<std::uint32_t> major_in(std::string_view devices, std::string_view name) {
  for (const auto& whole : split(devices, '\n')) {
    const auto line = trimmed(whole);
    if (line.starts_with("Block devices")) break;
    const auto blank = line.find(' ');
    if (blank != std::string_view::npos && trimmed(line.substr(blank)) == name)
      return parse_number<std::uint32_t>(line.substr(0, blank));
  }
  return std::nullopt;
}

}  // namespace gpuslice::ops
