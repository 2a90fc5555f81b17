// Every figure has a name, and no two have the same name under one driver.
#include "fields/names.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace gpuslice::fields {
namespace {

std::vector<std::string> names_of(const std::vector<const Named*>& found) {
  std::vector<std::string> names;
  for (const auto* named : found) names.push_back(named->name);
  return names;
}

TEST(Names, AreUniqueUnderEachDriverAndCondition) {
  for (const int driver : {450, 510, 525, 530, 535, 545, 550, 560, 570, 575, 580, 590}) {
    std::map<std::pair<std::string, When>, int> seen;
    for (const auto& named : named_rows()) {
      const auto& row = *named.row;
      if (named.of_report && ((row.since != 0 && driver < row.since) || (row.until != 0 && driver >= row.until)))
        continue;
      const auto count = ++seen[{named.name, row.when}];
      EXPECT_EQ(count, 1) << named.name << " under " << driver;
    }
  }
}

TEST(Names, AreThoseOfNvidiaSmiIfItHasOne) {
  for (const auto* row : query_rows()) {
    const auto found = find_named(row->query.name);
    ASSERT_EQ(found.size(), 1U) << row->query.name;
    EXPECT_EQ(found[0]->row, row);
  }
  EXPECT_EQ(find_named("temperature.gpu").at(0)->unit, "C");  // csv omits the unit
  EXPECT_EQ(find_named("power.draw").at(0)->unit, "W");
  EXPECT_EQ(find_named("clocks_throttle_reasons.active"), find_named("clocks_event_reasons.active"));
}

TEST(Names, AreOtherwiseThePathInTheReport) {
  const auto slow = find_named("temperature.gpu_temp_slow_tlimit_threshold");
  ASSERT_EQ(slow.size(), 1U);
  EXPECT_EQ(slow[0]->row->reading, Reading::temperature_slowdown_margin);
  EXPECT_EQ(slow[0]->unit, "C");
  EXPECT_EQ(slow[0]->about, "nvidia-smi -q, Temperature, GPU Slowdown T.Limit Temp");
  EXPECT_EQ(find_named("gsp_firmware_version").size(), 2U);  // its position in the report has changed between drivers
}

TEST(Names, OfASectionFindAllRowsInIt) {
  EXPECT_EQ(names_of(find_named("mig.mode")), (std::vector<std::string>{"mig.mode.current", "mig.mode.pending"}));
  const auto bar1 = names_of(find_named("bar1_memory_usage"));
  EXPECT_EQ(bar1,
            (std::vector<std::string>{"bar1_memory_usage.total", "bar1_memory_usage.used", "bar1_memory_usage.free"}));
  EXPECT_TRUE(find_named("mig.mod").empty());
  EXPECT_TRUE(find_named("").empty());
  EXPECT_TRUE(find_named("bogus").empty());
}

// Every reading that -q shows of a GPU can be queried, by the row itself or by a query field with the same reading.
TEST(Names, CoverEveryReadingOfTheReport) {
  std::set<Reading> named;
  for (const auto& one : named_rows()) named.insert(one.row->reading);
  for (const auto& row : rows())
    EXPECT_TRUE(row.kind != Kind::leaf || row.reading == Reading::none || named.contains(row.reading))
        << row.label << " " << row.tag;
}

TEST(Types, DistinguishNumbersFlagsAndText) {
  EXPECT_EQ(type_of(Show::watts), Type::number);
  EXPECT_EQ(type_of(Show::enabled), Type::flag);
  EXPECT_EQ(type_of(Show::compute_mode), Type::words);
  for (const auto show : {Show::enabled, Show::enabled_any, Show::yes, Show::yes_any, Show::on_off, Show::active,
                          Show::supported, Show::egm}) {
    const auto one = Value(std::uint64_t{1}), none = Value(std::uint64_t{0});
    EXPECT_TRUE(flag_of(show, one));
    EXPECT_FALSE(flag_of(show, none));
    EXPECT_NE(shown(show, one), shown(show, none));
  }
  EXPECT_FALSE(flag_of(Show::enabled, Value(std::uint64_t{2})));
  EXPECT_TRUE(flag_of(Show::on_off, Value(std::uint64_t{2})));
}

}  // namespace
}  // namespace gpuslice::fields
