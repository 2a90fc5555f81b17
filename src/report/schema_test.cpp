#include "report/schema.hpp"

#include <gtest/gtest.h>

namespace gpuslice::report::schema {
namespace {

TEST(Schema, AnObjectListsEveryKeyAndAllowsNoOther) {
  EXPECT_EQ(object({{"a", text(), "the first"}, {"b", nullable(count()), "", false}}), Json::parse(R"({
    "type": "object",
    "properties": {
      "a": {"description": "the first", "type": "string"},
      "b": {"type": ["integer", "null"], "minimum": 0}
    },
    "required": ["a"],
    "additionalProperties": false
  })"));
}

TEST(Schema, NullIsAddedToWordsAndReferences) {
  EXPECT_EQ(nullable(words({"x"})), Json::parse(R"({"enum": ["x", null]})"));
  EXPECT_EQ(nullable(reference("y")), Json::parse(R"({"anyOf": [{"$ref": "#/$defs/y"}, {"type": "null"}]})"));
}

TEST(Schema, OfATableComesFromItsColumns) {
  const auto made = rows({{"id", "ID", Type::number, "its id", Shown::always, Known::always},
                          {"at", "AT", Type::span, "", Shown::data_only},
                          {"note", "NOTE", Type::text, "", Shown::table_only}});
  EXPECT_EQ(made["type"], "array");
  const auto& row = made["items"];
  EXPECT_EQ(row["required"], Json::parse(R"(["id", "at"])"));
  EXPECT_EQ(row["properties"]["id"], Json::parse(R"({"description": "its id", "type": "integer"})"));
  EXPECT_EQ(row["properties"]["at"]["type"], Json::parse(R"(["object", "null"])"));
  EXPECT_FALSE(row["properties"].contains("note"));
  EXPECT_TRUE(row["properties"].contains("unknown"));
}

}  // namespace
}  // namespace gpuslice::report::schema
