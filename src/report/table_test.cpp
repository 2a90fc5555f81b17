#include "report/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gpuslice::report {
namespace {

struct Fruit {
  std::string name;
  int count;
  List places;
};

std::vector<Column<Fruit>> columns() {
  return {
      {"name", "NAME", Type::text, "what it is called", [](const Fruit& f) { return Cell(f.name); }},
      {"count", "COUNT", Type::number, "how many there are",
       [](const Fruit& f) { return f.count < 0 ? Cell(Unknown{}) : Cell(std::int64_t{f.count}); }},
      {"places", "PLACES", Type::list, "where it grows", [](const Fruit& f) { return Cell(f.places); }},
      {"note", "NOTE", Type::text, "", [](const Fruit& f) { return Cell(f.name + ", \"ripe\""); }, Shown::data_only}};
}
Sheet fruits() { return sheet(columns(), std::vector<Fruit>{{"fig", 12, {"Izmir", "Cos"}}, {"quince", -1, {}}}); }

TEST(Table, AlignsColumnsWithoutBlanksAtLineEnds) {
  EXPECT_EQ(text_table(fruits()),
            "NAME      COUNT  PLACES\n"
            "fig          12  Izmir, Cos\n"
            "quince  unknown\n");
}

TEST(Table, JsonHasAllColumnsAndNullForUnknown) {
  EXPECT_EQ(
      json(fruits()),
      "[\n  {\n    \"name\": \"fig\",\n    \"count\": 12,\n    \"places\": [\n      \"Izmir\",\n      \"Cos\"\n    ],\n"
      "    \"note\": \"fig, \\\"ripe\\\"\"\n  },\n"
      "  {\n    \"name\": \"quince\",\n    \"count\": null,\n    \"places\": [],\n    \"note\": \"quince, "
      "\\\"ripe\\\"\",\n    \"unknown\": {\n      \"count\": null\n    }\n  }\n]\n");
}

TEST(Table, CsvQuotesIfNecessary) {
  EXPECT_EQ(csv(fruits()),
            "name,count,places,note\nfig,12,\"Izmir, Cos\",\"fig, \"\"ripe\"\"\"\n"
            "quince,unknown,,\"quince, \"\"ripe\"\"\"\n");
}

TEST(Table, NumbersAreAlignedRightEvenIfNoneIsKnown) {
  EXPECT_EQ(text_table(sheet(columns(), std::vector<Fruit>{{"fig", -1, {"Cos"}}})),
            "NAME    COUNT  PLACES\n"
            "fig   unknown  Cos\n");
}

TEST(Table, WithoutRowsTheHeaderRemains) {
  const auto none = sheet(columns(), std::vector<Fruit>{});
  EXPECT_EQ(text_table(none), "NAME  COUNT  PLACES\n");
  EXPECT_EQ(json(none), "[]\n");
  EXPECT_EQ(csv(none), "name,count,places,note\n");
}

TEST(Table, ZeroIsAKnownNumber) {
  EXPECT_EQ(text_table(sheet(columns(), std::vector<Fruit>{{"fig", 0, {}}})), "NAME  COUNT  PLACES\nfig       0\n");
}

TEST(Table, AlignsByCharactersNotBytes) {
  EXPECT_EQ(text_table(sheet(columns(), std::vector<Fruit>{{"açaí", 7, {}}, {"fig", 12, {}}})),
            "NAME  COUNT  PLACES\n"
            "açaí      7\n"
            "fig      12\n");
}

TEST(Table, ACellCannotBreakItsLineOrControlTheTerminal) {
  EXPECT_EQ(text_table(sheet(columns(), std::vector<Fruit>{{"a\nb\x1b[31m", 1, {}}})),
            "NAME            COUNT  PLACES\n"
            "a\\x0ab\\x1b[31m      1\n");
}

TEST(Table, ARowOfCsvIsOneLine) {
  const auto text = csv(sheet(columns(), std::vector<Fruit>{{"a\nb\x1b[31m,\xff", 1, {}}}));
  EXPECT_NE(text.find("\"a\\x0ab\\x1b[31m,\\xff\",1"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Table, BytesThatAreNotUtf8ThrowNoException) {
  const std::vector<Column<std::string>> one = {
      {"name", "NAME", Type::text, "", [](const std::string& s) { return Cell(s); }}};
  EXPECT_EQ(json(sheet(one, std::vector<std::string>{"\xff"})), "[\n  {\n    \"name\": \"\xef\xbf\xbd\"\n  }\n]\n");
}

TEST(Table, ListsItsColumnsWithTheirJsonType) {
  EXPECT_EQ(column_list(heads(columns())),
            "  name    text    what it is called\n"
            "  count   number  how many there are\n"
            "  places  list    where it grows\n"
            "  note    text\n");
}

TEST(Table, ACellIsUnknownOrOfItsColumnsType) {
  EXPECT_TRUE(is_of(Cell(Unknown{}), Type::number));
  EXPECT_TRUE(is_of(Cell(std::int64_t{3}), Type::number));
  EXPECT_FALSE(is_of(Cell(std::string("3")), Type::number));
  EXPECT_FALSE(is_of(Cell(std::int64_t{3}), Type::text));
  EXPECT_FALSE(is_of(Cell(std::string("3")), Type::list));
  EXPECT_TRUE(is_of(Cell(0.5), Type::decimal));
  EXPECT_TRUE(is_of(Cell(std::int64_t{3}), Type::decimal));
  EXPECT_FALSE(is_of(Cell(0.5), Type::number)) << "a whole number";
  EXPECT_TRUE(is_of(Cell(true), Type::flag));
  EXPECT_FALSE(is_of(Cell(true), Type::number));
  EXPECT_FALSE(is_of(Cell(std::string("yes")), Type::flag));
}

TEST(Table, WritesDecimalsAndFlags) {
  const Sheet sheet{{{"a", "A", Type::decimal, "", Shown::always}, {"b", "B", Type::flag, "", Shown::always}},
                    {{Cell(57.51), Cell(true)}, {Cell(400.0), Cell(false)}}};
  EXPECT_EQ(text_table(sheet), "    A  B\n57.51  yes\n  400  no\n");
  EXPECT_EQ(csv(sheet), "a,b\n57.51,yes\n400,no\n");
  EXPECT_EQ(json(sheet),
            "[\n  {\n    \"a\": 57.51,\n    \"b\": true\n  },\n  {\n    \"a\": 400.0,\n    \"b\": false\n  }\n]\n");
}

TEST(Table, JsonSaysWhyACellIsUnknown) {
  const Sheet sheet{{{"a", "A", Type::decimal, "", Shown::always}, {"b", "B", Type::flag, "", Shown::always}},
                    {{Cell(Unknown{"GPU is lost"}), Cell(Unknown{})}}};
  EXPECT_EQ(text_table(sheet), "      A  B\nunknown  unknown\n");
  EXPECT_EQ(json(sheet),
            "[\n  {\n    \"a\": null,\n    \"b\": null,\n    \"unknown\": {\n      \"a\": \"GPU is lost\",\n      "
            "\"b\": null\n    "
            "}\n  }\n]\n");
}

TEST(Table, NoneIsEmptyInTextAndNullInJson) {
  const Sheet sheet{{{"a", "A", Type::number, "", Shown::always}, {"b", "B", Type::text, "", Shown::always}},
                    {{Cell(None{}), Cell(std::string("x"))}, {Cell(Unknown{}), Cell(None{})}}};
  EXPECT_EQ(text_table(sheet), "      A  B\n         x\nunknown\n");
  EXPECT_EQ(csv(sheet), "a,b\n,x\nunknown,\n");
  EXPECT_EQ(json(sheet),
            "[\n  {\n    \"a\": null,\n    \"b\": \"x\"\n  },\n"
            "  {\n    \"a\": null,\n    \"b\": null,\n    \"unknown\": {\n      \"a\": null\n    }\n  }\n]\n");
}

TEST(Table, SpansAndNumbersAreTextInTablesAndValuesInJson) {
  const Sheet sheet{{{"at", "AT", Type::span, "", Shown::always},
                     {"free", "FREE", Type::spans, "", Shown::always},
                     {"ids", "IDS", Type::numbers, "", Shown::always}},
                    {{Cell(Span{4, 2}), Cell(Spans{{0, 1}, {2, 1}}), Cell(Numbers{3, 5})}}};
  EXPECT_EQ(text_table(sheet), "AT   FREE      IDS\n4:2  0:1, 2:1  3, 5\n");
  EXPECT_EQ(csv(sheet), "at,free,ids\n4:2,\"0:1, 2:1\",\"3, 5\"\n");
  EXPECT_EQ(json(sheet),
            "[\n  {\n    \"at\": {\n      \"start\": 4,\n      \"size\": 2\n    },\n    \"free\": [\n      {\n"
            "        \"start\": 0,\n        \"size\": 1\n      },\n      {\n        \"start\": 2,\n"
            "        \"size\": 1\n      }\n    ],\n    \"ids\": [\n      3,\n      5\n    ]\n  }\n]\n");
}

TEST(Table, AKeyMayHaveOneColumnForTablesAndOneForData) {
  const Sheet sheet{{{"mode", "MODE", Type::text, "", Shown::table_only},
                     {"mode", "MODE", Type::number, "of work", Shown::data_only},
                     {"note", "NOTE", Type::text, "in tables only", Shown::table_only}},
                    {{Cell(std::string("three")), Cell(std::int64_t{3}), Cell(std::string("n"))}}};
  EXPECT_EQ(text_table(sheet), "MODE   NOTE\nthree  n\n");
  EXPECT_EQ(csv(sheet), "mode\n3\n");
  EXPECT_EQ(json(sheet), "[\n  {\n    \"mode\": 3\n  }\n]\n");
  EXPECT_EQ(column_list(sheet.heads), "  mode  number  of work\n  note  text    in tables only\n");
}

}  // namespace
}  // namespace gpuslice::report
