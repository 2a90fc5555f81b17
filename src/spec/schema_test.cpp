#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "spec/file.hpp"
#include "spec/keys.hpp"

namespace gpuslice::spec {
namespace {

using Json = nlohmann::json;

// Implements the part of JSON Schema that schema_json() uses; an unknown keyword fails the test.
class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  bool valid(const Json& value, const Json& schema) const {
    return std::all_of(schema.items().begin(), schema.items().end(),
                       [&](const auto& item) { return keyword(value, schema, item.key(), item.value()); });
  }

 private:
  bool keyword(const Json& value, const Json& schema, const std::string& word, const Json& said) const {
    static const std::set<std::string> silent = {"$schema", "$id", "$defs", "$comment", "title", "description", "then"};
    if (silent.contains(word)) return true;
    const auto all = [&](const Json& schemas) {
      return std::count_if(schemas.begin(), schemas.end(), [&](const Json& one) { return valid(value, one); });
    };
    if (word == "$ref") return valid(value, root_.at(Json::json_pointer(said.get<std::string>().substr(1))));
    if (word == "type") return type(value, said);
    if (word == "enum") return std::find(said.begin(), said.end(), value) != said.end();
    if (word == "const") return value == said;
    if (word == "allOf") return all(said) == static_cast<std::ptrdiff_t>(said.size());
    if (word == "anyOf") return all(said) > 0;
    if (word == "oneOf") return all(said) == 1;
    if (word == "if") return !valid(value, said) || valid(value, schema.at("then"));
    if (word == "minimum") return !value.is_number() || value >= said;
    if (word == "maximum") return !value.is_number() || value <= said;
    if (word == "minLength") return !value.is_string() || value.get<std::string>().size() >= said;
    if (word == "maxLength") return !value.is_string() || value.get<std::string>().size() <= said;
    if (word == "pattern") {
      // std::regex works on bytes, where this range has no meaning; no text of this test has such a character.
      auto pattern = said.get<std::string>();
      if (const auto at = pattern.find("-\\u009f"); at != std::string::npos) pattern.erase(at, 7);
      return !value.is_string() || std::regex_search(value.get<std::string>(), std::regex(pattern));
    }
    if (word == "items")
      return !value.is_array() ||
             std::all_of(value.begin(), value.end(), [&](const Json& v) { return valid(v, said); });
    if (word == "minItems") return !value.is_array() || value.size() >= said;
    if (word == "maxItems") return !value.is_array() || value.size() <= said;
    if (word == "minProperties") return !value.is_object() || value.size() >= said;
    if (!value.is_object()) return true;
    if (word == "required")
      return std::all_of(said.begin(), said.end(),
                         [&](const Json& key) { return value.contains(key.get<std::string>()); });
    if (word == "dependentRequired") {
      for (const auto& [key, needs] : said.items())
        for (const auto& need : needs)
          if (value.contains(key) && !value.contains(need.get<std::string>())) return false;
      return true;
    }
    if (word == "properties") {
      for (const auto& [key, of] : said.items())
        if (value.contains(key) && !valid(value[key], of)) return false;
      return true;
    }
    if (word == "propertyNames")
      return std::all_of(value.items().begin(), value.items().end(),
                         [&](const auto& item) { return valid(item.key(), said); });
    if (word == "additionalProperties") {
      for (const auto& [key, one] : value.items()) {
        if (schema.contains("properties") && schema["properties"].contains(key)) continue;
        if (said.is_boolean() || !valid(one, said)) return false;
      }
      return true;
    }
    ADD_FAILURE() << "this test does not know the word " << word;
    return false;
  }
  static bool type(const Json& value, const Json& said) {
    if (said == "object") return value.is_object();
    if (said == "array") return value.is_array();
    if (said == "string") return value.is_string();
    if (said == "boolean") return value.is_boolean();
    if (said == "integer") return value.is_number_integer();
    ADD_FAILURE() << "this test does not know the type " << said;
    return false;
  }

  const Json& root_;
};

// Documents that differ from a valid one in one place; schema and loader must agree on each.
std::vector<Json> documents() {
  const auto good =
      Json::parse(R"({"version": "gpuslice/v1", "default": "a", "configs": {"a": {"later-wins": true, "gpus": [
    {"select": {"index": [0, 1], "uuid": "GPU-1", "pci": ["0000:10:1c.0"], "product": "a30", "pci-device-id": ["0x20B010DE"]},
     "mig": true, "compute-mode": "prohibited", "share": {"time-slice": "medium"}, "foreign": "keep",
     "instances": [{"name": "n", "profile": "3g.20gb", "placement": "0:4", "count": 1,
                    "compute": [{"name": "n", "profile": "1c", "placement": 2, "count": 1}]}]}]}}})");
  std::vector<Json> all = {
      good,
      Json::parse(R"({"version": "gpuslice/v1", "later-wins": false, "gpus": []})"),
      Json::parse(R"({"version": "gpuslice/v1", "gpus": [], "configs": {"a": {"gpus": []}}})"),
      Json::parse(R"({"version": "gpuslice/v1", "gpus": [], "default": "a"})"),
      Json::parse(R"({"version": "gpuslice/v1", "later-wins": true, "configs": {"a": {"gpus": []}}})"),
      Json::parse(R"({"version": "gpuslice/v1"})"),
      Json::parse("[]"),
      Json::parse("7")};
  const auto values = Json::parse(
      R"([null, true, false, 0, 1, 2, 8, 9, 255, 256, 4294967295, 4294967296, -1, 1.5, "", "all", "keep", "remove", "default", "long", {"time-slice": "short"}, {"time-slice": 0},
    "a", "1", "0:4", "255:255", "256:1", "0:0", "1:", ":1", "0:4:1", "01", "0x20B010DE", "0X1", "0x123456789", "0x", "gpuslice/v1", "v2", "\u0001", [], [0],
    ["a"], [[]], [null], ["0x1", 7], {}, {"a": 1}, {"index": 0}, {"index": []}, {"gpus": []}, [{"select": "all"}], [{"profile": "1c"}],
    [{"profile": 7}], [{"profile": "1c", "count": 2}], [{"profile": "1c", "count": 2, "name": "x"}],
    [{"profile": "1c", "count": 2, "placement": 0}], [{"select": "all", "mig": false, "instances": []}],
    [{"select": "all", "mig": false, "instances": [{"profile": "1c"}]}], {"a": {"gpus": []}}, {"": {"gpus": []}}])");
  const auto flat = good.flatten();
  std::set<std::string> places;
  for (const auto& [place, value] : flat.items())
    for (auto at = place; !at.empty(); at = at.substr(0, at.rfind('/'))) places.insert(at);
  for (const auto& place : places) {
    const Json::json_pointer pointer(place);
    for (const auto& value : values) {
      auto changed = good;
      changed[pointer] = value;
      all.push_back(changed);
    }
    auto without = good;
    if (without[pointer.parent_pointer()].is_object()) {
      without[pointer.parent_pointer()].erase(pointer.back());
      all.push_back(without);
    }
    if (!good[pointer].is_object()) continue;
    auto more = good;
    more[pointer]["nonsense"] = 1;
    all.push_back(more);
  }
  return all;
}

TEST(Schema, AgreesWithTheLoader) {
  const auto schema = Json::parse(schema_json());
  const Validator validator(schema);
  int good = 0;
  for (const auto& document : documents()) {
    const auto text = document.dump();
    const auto loaded = load(text, "document");
    // Only the loader checks these rules, as the schema's comments say.
    if (!loaded && (loaded.error().what.find("is not a name in configs") != std::string::npos)) continue;
    good += loaded ? 1 : 0;
    EXPECT_EQ(validator.valid(document, schema), loaded.has_value())
        << text << (loaded ? "" : loaded.error().message());
  }
  EXPECT_GT(good, 100);
}

TEST(Schema, HasEveryKeyWithItsDescription) {
  const auto schema = Json::parse(schema_json());
  EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  const auto described = [&](Object object, const Json& map) {
    EXPECT_EQ(map.at("properties").size(), keys_of(object).size());
    for (const auto& key : keys_of(object))
      EXPECT_EQ(map.at("properties").at(std::string(key.name)).at("description"), key.description);
  };
  described(Object::file, schema);
  described(Object::configuration, schema.at("$defs").at("configuration"));
  described(Object::gpu, schema.at("$defs").at("gpu"));
  described(Object::select, schema.at("$defs").at("select"));
  described(Object::instance, schema.at("$defs").at("instance"));
  described(Object::compute, schema.at("$defs").at("compute"));
}

}  // namespace
}  // namespace gpuslice::spec
