// JSON Schemas of program output: a few builders, and the schema of a table, generated from its columns. Every object
// lists all of its keys and allows no others; a value that may be absent is null.
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
// A whole number of at least 0.
[[nodiscard]] Json count();
[[nodiscard]] Json flag();
[[nodiscard]] Json constant(const std::string& word);
[[nodiscard]] Json words(const std::vector<std::string>& words);
// Refers to a definition under "$defs" of the document.
[[nodiscard]] Json reference(const std::string& name);
// Allows null too.
[[nodiscard]] Json nullable(Json schema);

// The schema of the rows that json() writes.
[[nodiscard]] Json rows(const std::vector<Sheet::Head>& heads);

}  // namespace gpuslice::report::schema
