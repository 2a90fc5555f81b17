// The forms in which options can be typed, and the messages for invalid options.
#include "smi/option_table.hpp"

#include <array>
#include <sstream>

#include <gtest/gtest.h>

namespace gpuslice::smi {
namespace {

constexpr unsigned commands = 1;
constexpr std::array options{
    Option{"-h", "--help", Takes::nothing, "This text."},
    Option{"-i", "--id", Takes::value, "GPUs."},
    Option{"", "--format", Takes::optional_value},
    Option{"-col", "--columns", Takes::value_without_dash, "", false},
    Option{.short_name = "-l", .long_name = "--list", .group = commands},
    Option{.short_name = "-s",
           .long_name = "--set",
           .takes = Takes::value,
           .group = commands,
           .accepts = [](const std::string& value) { return value == "1"; }},
};
constexpr OptionTable table{"thing", "Things.", options};
constexpr OptionTable strict_table{.name = "thing",
                                   .about = "Things.",
                                   .options = options,
                                   .splits_flags = true,
                                   .too_many_of_a_group = "One command at a time"};

std::string problem(const std::vector<std::string>& arguments, const OptionTable& of = table) {
  const auto parsed = TypedOptions::parse(of, arguments);
  return parsed ? "" : parsed.error();
}

TEST(TypedOptions, AreParsedInEveryForm) {
  for (const auto& arguments : {std::vector<std::string>{"-i", "0"}, {"--id", "0"}, {"-i=0"}, {"--id=0"}}) {
    const auto typed = TypedOptions::parse(table, arguments);
    ASSERT_TRUE(typed) << arguments[0];
    EXPECT_TRUE(typed->has("-i"));
    EXPECT_EQ(typed->value("--id"), "0");
    EXPECT_EQ(typed->number("-i"), 0);
    EXPECT_FALSE(typed->has("-h"));
  }
  EXPECT_EQ(TypedOptions::parse(table, {"-i", "-h"})->value("-i"), "-h") << "a value may begin with a dash";
  EXPECT_EQ(TypedOptions::parse(table, {"-i="})->value("-i"), "");
  EXPECT_EQ(TypedOptions::parse(table, {"-i", "0", "--id", "1"})->value("-i"), "1") << "the last one counts";
  EXPECT_TRUE(TypedOptions::parse(table, {})->empty());
}

TEST(TypedOptions, MayHaveNoValue) {
  const auto typed = TypedOptions::parse(table, {"--format=csv", "--format", "-h"});
  ASSERT_TRUE(typed);
  EXPECT_TRUE(typed->has("-h"));
  EXPECT_EQ(typed->value("--format"), "csv") << "an option without a value keeps the earlier value";
  EXPECT_EQ(TypedOptions::parse(table, {"--format"})->value("--format"), std::nullopt);
  EXPECT_EQ(problem({"-col", "-h"}), "Option \"-col\" is missing its value.");
}

TEST(TypedOptions, TheMessageNamesTheFirstInvalidOne) {
  EXPECT_EQ(problem({"bogus", "-i"}), "Option \"bogus\" is not recognized.");
  EXPECT_EQ(problem({"-h", "--id"}), "Option \"--id\" is missing its value.");
  EXPECT_EQ(problem({"-h=1"}), "Option \"-h=1\" is not recognized.");
  EXPECT_EQ(problem({"=1"}), "Option \"=1\" is not recognized.") << "no option has an empty name";
  EXPECT_EQ(problem({""}), "Option \"\" is not recognized.");
  EXPECT_EQ(problem({"--set=2", "bogus"}), "Option \"2\" is invalid for \"--set=2\".");
  EXPECT_EQ(problem({"-l", "-l"}), "");
}

TEST(TypedOptions, FollowTheSpecialRulesOfTheirTable) {
  EXPECT_EQ(problem({"-l=x"}, strict_table), "Option \"x\" is not recognized.");
  EXPECT_EQ(problem({"-l", "-s", "1"}, strict_table), "One command at a time");
  EXPECT_EQ(problem({"-l", "-h", "-h"}, strict_table), "");
}

TEST(TypedOptions, ReportWhichOptionIsNotImplemented) {
  EXPECT_EQ(TypedOptions::parse(table, {"-h", "--columns=3"})->unbuilt(), "--columns=3");
  EXPECT_EQ(TypedOptions::parse(table, {"-h"})->unbuilt(), std::nullopt);
  std::ostringstream out;
  print_usage(out, table);
  EXPECT_EQ(out.str(),
            "\n    thing -- Things.\n\n    Usage: nvidia-smi thing [options]\n\n    [-h | --help]: This text.\n"
            "    [-i | --id]: GPUs.\n    [--format]: \n    [-l | --list]: \n    [-s | --set]: \n\n");
}

}  // namespace
}  // namespace gpuslice::smi
