// JSON Schemas of what programs print: a few builders, and the schema of a table, made from its columns. Every object
// lists all of its keys and allows no other; what can be absent is null.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/table.hpp"

namespace gpuslice::report::schema {

using Json = nlohmann::ordered_json;

struct Property {
  std::string key;
  Json schema;
  std::string description{};
  bool required{true};
};
[[nodiscard]] Json object(const std::vector<Property>& properties);
[[nodiscard]] Json list_of(Json items);
[[nodiscard]] Json text();
[[nodiscard]] Json number();
// A whole number from 0 on.
[[nodiscard]] Json count();
[[nodiscard]] Json flag();
[[nodiscard]] Json constant(const std::string& word);
[[nodiscard]] Json words(const std::vector<std::string>& words);
// A value under "$defs" of the document.
[[nodiscard]] Json reference(const std::string& name);
// Or null.
[[nodiscard]] Json nullable(Json schema);

// The rows that json() writes.
[[nodiscard]] Json rows(const std::vector<Sheet::Head>& heads);

}  // namespace gpuslice::report::schema
