#include "spec/config_map.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "model/layout.hpp"

namespace gpuslice::spec {
namespace {

constexpr std::string_view usual_key = "config.yaml";
constexpr std::string_view example = "data: {config.yaml: |...}";

std::string key_list(const Value& map) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < map.members.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + map.members[i].key;
  if (map.members.size() > most) text += fmt::format(" and {} more", map.members.size() - most);
  return text;
}

}  // namespace

Result<Value> unwrap_config_map(Value root, const std::string& file) {
  const auto* kind = root.find("kind");
  if (kind == nullptr || (kind->text != "ConfigMap" && root.find("apiVersion") == nullptr)) return root;
  const auto bad = [&](int line, const std::string& what, const std::string& hint = {}) {
    return fail(ErrorKind::usage, model::Origin{file, line}.text(), what, hint);
  };
  if (kind->text != "ConfigMap")
    return bad(kind->line, fmt::format("is a Kubernetes object of kind {}; only a ConfigMap can contain a layout file",
                                       kind->scalar() ? kind->text : "unknown"));
  const auto* data = root.find("data");
  if (data == nullptr || data->kind == Value::Kind::null)
    return bad(root.line, "the ConfigMap has no data", std::string(example));
  if (data->kind != Value::Kind::map) return bad(data->line, "data: must be a map of keys", std::string(example));
  if (data->members.empty()) return bad(data->line, "data: the ConfigMap has no keys", std::string(example));
  const auto* inner = data->find(usual_key);
  if (inner == nullptr && data->members.size() > 1)
    return bad(data->line,
               fmt::format("data: the ConfigMap has {} keys and none is {}: {}", data->members.size(), usual_key,
                           key_list(*data)),
               fmt::format("rename the key of the layout file to {}", usual_key));
  const auto& key = inner == nullptr ? data->members.front().key : std::string(usual_key);
  if (inner == nullptr) inner = &data->members.front().value;
  if (inner->kind != Value::Kind::text)
    return bad(inner->line, fmt::format("{}: must be the text of a layout file", key), fmt::format("{}: |", key));
  const Lines lines{inner->line, inner->literal ? 0 : inner->line};
  return parse_tree(inner->text, file, "a layout file", lines);
}

}  // namespace gpuslice::spec
