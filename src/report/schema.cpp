#include "report/schema.hpp"

#include <utility>

namespace gpuslice::report::schema {
namespace {

Json typed(const char* type) { return {{"type", type}}; }

Json span() { return object({{"start", count()}, {"size", count()}}); }

Json type_of(const Sheet::Head& head) {
  switch (head.type) {
    case Type::text:
      return text();
    case Type::number:
      return typed("integer");
    case Type::decimal:
      return number();
    case Type::flag:
      return flag();
    case Type::list:
      return list_of(text());
    case Type::numbers:
      return list_of(typed("integer"));
    case Type::span:
      return span();
    case Type::spans:
      return list_of(span());
  }
  return {};
}

}  // namespace

Json object(const std::vector<Property>& properties) {
  Json made = typed("object");
  made["properties"] = Json::object();
  auto required = Json::array();
  for (const auto& one : properties) {
    Json value = one.description.empty() ? Json::object() : Json{{"description", one.description}};
    value.update(one.schema);
    made["properties"][one.key] = std::move(value);
    if (one.required) required.push_back(one.key);
  }
  made["required"] = std::move(required);
  made["additionalProperties"] = false;
  return made;
}

Json list_of(Json items) {
  auto made = typed("array");
  made["items"] = std::move(items);
  return made;
}

Json text() { return typed("string"); }
Json number() { return typed("number"); }
Json count() { return {{"type", "integer"}, {"minimum", 0}}; }
Json flag() { return typed("boolean"); }
Json constant(const std::string& word) { return {{"const", word}}; }
Json words(const std::vector<std::string>& words) { return {{"enum", words}}; }
Json reference(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }

Json nullable(Json schema) {
  if (schema.contains("type")) {
    schema["type"] = Json::array({schema["type"], "null"});
    return schema;
  }
  if (schema.contains("enum")) {
    schema["enum"].push_back(nullptr);
    return schema;
  }
  return {{"anyOf", Json::array({std::move(schema), typed("null")})}};
}

Json rows(const std::vector<Sheet::Head>& heads) {
  std::vector<Property> properties;
  for (const auto& head : heads) {
    if (head.shown == Shown::table_only) continue;
    auto type = type_of(head);
    properties.push_back(
        {head.key, head.known == Known::always ? std::move(type) : nullable(std::move(type)), head.help});
  }
  Json reasons = typed("object");
  reasons["additionalProperties"] = nullable(text());
  properties.push_back({"unknown", std::move(reasons),
                        "the keys that are null because they are unknown, with the reason or null", false});
  return list_of(object(properties));
}

}  // namespace gpuslice::report::schema
