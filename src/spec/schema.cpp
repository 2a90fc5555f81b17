#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "mig/instance_name.hpp"
#include "spec/keys.hpp"

namespace gpuslice::spec {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array own_objects = {Object::file,  Object::configuration, Object::gpu,    Object::select,
                                    Object::share, Object::instance,      Object::compute};

std::string definition(Object object) {
  switch (object) {
    case Object::configuration:
      return "configuration";
    case Object::gpu:
      return "gpu";
    case Object::select:
      return "select";
    case Object::share:
      return "share";
    case Object::instance:
      return "instance";
    case Object::compute:
      return "compute";
    case Object::file:
    case Object::mig_parted_file:
    case Object::mig_parted_entry:
      break;
  }
  return {};
}
Json reference(Object object) { return {{"$ref", "#/$defs/" + definition(object)}}; }

Json text() {
  return {{"type", "string"},
          {"minLength", 1},
          {"maxLength", max_text},
          {"pattern", "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"}};
}
Json number(std::uint64_t least, std::uint64_t most) {
  return {{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}
Json either(const Json& a, const Json& b) { return {{"anyOf", Json::array({a, b})}}; }
Json one_or_list(const Json& one) { return either(one, {{"type", "array"}, {"items", one}, {"minItems", 1}}); }

// The schema of a value. Types that exist only in mig-parted's format do not occur.
Json type_of(const Key& key) {
  constexpr auto byte = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  constexpr auto byte_above_0 = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]?)";
  switch (key.type) {
    case Type::text:
      return text();
    case Type::name:
      return {{"type", "string"}, {"maxLength", mig::max_name}, {"pattern", mig::name_pattern}};
    case Type::yes_no:
      return {{"type", "boolean"}};
    case Type::number:
      return number(key.least, key.most);
    case Type::word:
      return {{"enum", key.words}};
    case Type::texts:
      return one_or_list(text());
    case Type::numbers:
      return one_or_list(number(key.least, key.most));
    case Type::device_ids:
      return one_or_list(
          either({{"type", "string"}, {"pattern", "^0[xX]0*[0-9a-fA-F]{1,8}$"}}, number(key.least, key.most)));
    case Type::profile:
      return either(text(), {{"type", "integer"}, {"minimum", 0}});
    case Type::placement:
      return either({{"type", "string"}, {"pattern", fmt::format("^{}(:{})?$", byte, byte_above_0)}},
                    number(key.least, key.most));
    case Type::selector:
      return either({{"enum", key.words}}, reference(key.of));
    case Type::map:
      return reference(key.of);
    case Type::list:
      return {{"type", "array"}, {"items", reference(key.of)}};
    case Type::named:
      return {{"type", "object"},
              {"minProperties", 1},
              {"propertyNames", text()},
              {"additionalProperties", reference(key.of)}};
    case Type::lists:
    case Type::devices:
    case Type::counts:
      break;
  }
  return {};
}

// The rule as a schema of its map; null if JSON Schema cannot express it.
Json rule_of(const Rule& rule) {
  const std::string first(rule.keys[0]);
  const std::string second(rule.keys[1]);
  const auto standing = [](const std::string& key) { return Json{{"required", Json::array({key})}}; };
  Json each = Json::array();
  for (const auto key : rule.keys) each.push_back(standing(std::string(key)));
  const auto when = [&](bool value) {
    return Json{{"required", Json::array({first})}, {"properties", {{first, {{"const", value}}}}}};
  };
  switch (rule.kind) {
    case RuleKind::one_of:
      return {{"oneOf", each}};
    case RuleKind::any_of:
      return {{"anyOf", each}};
    case RuleKind::only_with:
      return {{"dependentRequired", {{first, Json::array({second})}}}};
    case RuleKind::single:
      return {{"if", standing(second)}, {"then", {{"properties", {{first, {{"const", 1}}}}}}}};
    case RuleKind::empty_if_off:
      return {{"if", when(false)}, {"then", {{"properties", {{second, {{"maxItems", 0}}}}}}}};
    case RuleKind::needed_if_on:
      return {{"if", when(true)}, {"then", standing(second)}};
    case RuleKind::names_differ:
    case RuleKind::names_entries:
      break;
  }
  return {};
}

Json schema_of(Object object) {
  Json made = {{"description", words_of(object).description}, {"type", "object"}};
  auto required = Json::array();
  for (const auto& key : keys_of(object)) {
    Json type = {{"description", key.description}};
    type.update(type_of(key));
    made["properties"][std::string(key.name)] = type;
    if (key.required) required.push_back(key.name);
  }
  if (!required.empty()) made["required"] = required;
  made["additionalProperties"] = false;
  std::string beyond;
  for (const auto& rule : rules()) {
    if (rule.in != object) continue;
    if (auto said = rule_of(rule); !said.is_null())
      made["allOf"].push_back(said);
    else
      beyond += (beyond.empty() ? "" : "; ") + rule_text(rule);
  }
  if (!beyond.empty()) made["$comment"] = "Also checked by gpuslice: " + beyond;
  return made;
}

}  // namespace

std::string schema_json() {
  Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
               {"$id", "urn:gpuslice:layout:v1"},
               {"title", "gpuslice layout file, gpuslice/v1"}};
  root.update(schema_of(Object::file));
  for (const auto object : own_objects)
    if (object != Object::file) root["$defs"][definition(object)] = schema_of(object);
  return root.dump(2) + "\n";
}

}  // namespace gpuslice::spec
