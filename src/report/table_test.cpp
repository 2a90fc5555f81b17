#include "report/table.hpp"

#include <gtest/gtest.h>

namespace gpuslice::report {
namespace {

struct Fruit {
  std::string name;
  int count;
};

Sheet fruits() {
  const std::vector<Column<Fruit>> columns = {
      {"name", "NAME", [](const Fruit& f) { return Cell(f.name); }},
      {"count", "COUNT", [](const Fruit& f) { return f.count < 0 ? Cell(Unknown{}) : Cell(std::int64_t{f.count}); }},
      {"note", "NOTE", [](const Fruit& f) { return Cell(f.name + ", \"ripe\""); }, false}};
  return sheet(columns, std::vector<Fruit>{{"fig", 12}, {"quince", -1}});
}

TEST(Table, AlignsAndLeavesNoBlankAtTheEnd) {
  EXPECT_EQ(text_table(fruits()),
            "NAME      COUNT\n"
            "fig          12\n"
            "quince  unknown\n");
}

TEST(Table, JsonHasAllColumnsAndNullForUnknown) {
  EXPECT_EQ(json(fruits()),
            "[\n  {\n    \"name\": \"fig\",\n    \"count\": 12,\n    \"note\": \"fig, \\\"ripe\\\"\"\n  },\n"
            "  {\n    \"name\": \"quince\",\n    \"count\": null,\n    \"note\": \"quince, \\\"ripe\\\"\"\n  }\n]\n");
}

TEST(Table, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(csv(fruits()), "name,count,note\r\nfig,12,\"fig, \"\"ripe\"\"\"\r\nquince,unknown,\"quince, \"\"ripe\"\"\"\r\n");
}

}  // namespace
}  // namespace gpuslice::report
