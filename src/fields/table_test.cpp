// Properties of the table on which the views rely.
#include "fields/table.hpp"

#include <set>

#include <gtest/gtest.h>

namespace gpuslice::fields {
namespace {

TEST(Table, EachRowIsOneLevelBelowItsSection) {
  std::size_t deepest_open = 0;
  for (const auto& row : rows()) {
    if (row.label.empty() && row.tag.empty()) continue;  // the row is only in --query-gpu
    EXPECT_LE(row.depth, deepest_open + 1) << row.label << row.tag;
    deepest_open = row.kind == Kind::section ? row.depth : std::min<std::size_t>(deepest_open, row.depth);
    if (row.kind != Kind::section && row.depth <= deepest_open) deepest_open = row.depth - 1U;
  }
}

TEST(Table, ShowsEachRowSomewhere) {
  for (const auto& row : rows()) {
    EXPECT_FALSE(row.label.empty() && row.tag.empty() && row.query.name.empty());
    EXPECT_EQ(row.kind == Kind::list, row.list != List::none) << row.label;
    EXPECT_TRUE(row.until == 0 || row.since < row.until) << row.label;
    const bool told_by_rule = row.rule == Rule::absent || row.rule == Rule::deprecated || row.rule == Rule::of_the_run;
    EXPECT_TRUE(row.kind != Kind::leaf || (row.reading == Reading::none) == told_by_rule)
        << row.label << row.query.name;
  }
}

TEST(Table, FindsAFieldOnlyByItsNameOrAlias) {
  std::set<std::string_view> names;
  for (const auto* row : query_rows()) {
    EXPECT_TRUE(names.insert(row->query.name).second) << row->query.name;
    EXPECT_EQ(find_query(row->query.name), row);
    EXPECT_FALSE(row->query.about.empty()) << row->query.name;
    if (row->query.alias.empty() || row->query.alias == row->query.name) continue;
    EXPECT_TRUE(names.insert(row->query.alias).second) << row->query.alias;
    EXPECT_EQ(find_query(row->query.alias), row);
  }
  EXPECT_EQ(find_query("clocks.sm"), find_query("clocks.current.sm"));
  EXPECT_EQ(find_query(""), nullptr);
  EXPECT_EQ(find_query("bogus"), nullptr);
}

TEST(Table, AGroupIncludesTheRowsOfItsSections) {
  std::size_t in_power_group = 0;
  for (const auto& row : rows()) {
    EXPECT_TRUE(row.label != "Min Power Limit" || row.groups == in_power);
    if ((row.groups & in_power) != 0) ++in_power_group;
  }
  EXPECT_GT(in_power_group, 20U);
  for (const auto& group : group_names()) {
    if (group.group == in_voltage) continue;  // no board of these drivers reports a voltage
    bool any = false;
    for (const auto& row : rows()) any = any || (row.groups & group.group) != 0;
    EXPECT_TRUE(any) << group.name;
  }
}

TEST(Shown, CodesWithoutANameHaveNoText) {
  EXPECT_EQ(shown(Show::recovery, Value(std::uint64_t{1})), "Reset");
  EXPECT_EQ(shown(Show::recovery, Value(std::uint64_t{7})), "");
  EXPECT_EQ(shown(Show::brand, Value(std::uint64_t{17})), "Unknown");
  EXPECT_EQ(shown(Show::hex4, Value(std::uint64_t{0x1c})), "0x001C");
  EXPECT_EQ(shown(Show::hex4, Value(std::uint64_t{0x1c}), Form::xml), "001C");
  EXPECT_EQ(shown(Show::mib_up, Value(std::uint64_t{3145729})), "4");
  EXPECT_EQ(shown(Show::mib_down, Value(std::uint64_t{5242881})), "5");
  EXPECT_EQ(shown(Show::watts_drawn, Value(std::uint64_t{7})), "1.00");
  EXPECT_EQ(shown(Show::moment, Value(std::uint64_t{1708607369459000}), Form::report, 3600), "2024/02/22 14:09:29.459");
}

}  // namespace
}  // namespace gpuslice::fields
