#include "cli/help_text.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "cli/examples.hpp"
#include "cli/option_words.hpp"
#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

using testing::run;
using Words = std::vector<std::string>;

class Help : public ::testing::Test {
 protected:
  Help() : line_(make_command_line({out_, out_, false})) { collect(line_->app.parsed()); }

  void collect(const CLI::App& app) {
    if (!command_path(app).empty()) paths_.push_back(command_path(app));
    for (const auto* sub : subcommands(app)) {
      if (sub->get_group().empty()) continue;
      all_.push_back(sub);
      collect(*sub);
    }
  }
  [[nodiscard]] static Words words_of(const std::string& path) {
    std::istringstream in(path);
    return {std::istream_iterator<std::string>(in), {}};
  }

  std::ostringstream out_;
  std::unique_ptr<CommandLine> line_;
  std::vector<const CLI::App*> all_;
  std::vector<std::string> paths_;
};

TEST_F(Help, OptionAndCommandPrintTheSame) {
  for (const auto& path : paths_) {
    if (path == "smi") continue;  // passes all arguments on: tests/cli/help.txt
    auto asked = words_of(path);
    asked.insert(asked.begin(), "help");
    auto option = words_of(path);
    option.emplace_back("--help");
    const auto ran = run(asked);
    EXPECT_EQ(ran.status, 0) << path;
    EXPECT_EQ(ran.err, "") << path;
    EXPECT_EQ(ran.out, run(option).out) << path;
  }
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
}

TEST_F(Help, HasNoTextOfTheParserLibrary) {
  for (const auto* app : all_) {
    const auto text = help_text(*app);
    for (const char* word :
         {"REQUIRED", "TEXT", "UINT", "Needs:", "Excludes:", " ...", "Positionals", "SUBCOMMAND", ":{"})
      EXPECT_EQ(text.find(word), std::string::npos) << command_path(*app) << ": " << word;
  }
}

TEST_F(Help, IsAtMost80ColumnsWide) {
  auto apps = all_;
  apps.push_back(&line_->app.parsed());
  for (const auto* app : apps) {
    std::istringstream lines(help_text(*app));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 80U) << command_path(*app) << ": " << line;
      EXPECT_FALSE(line.ends_with(' ')) << command_path(*app) << ": " << line;
    }
  }
}

// Such as "Undo the latest change": it starts with a capital letter and has no full stop, which the help adds.
TEST_F(Help, DescriptionsAreOneLineWithoutAFullStop) {
  const auto check = [](const std::string& text, const std::string& where) {
    ASSERT_FALSE(text.empty()) << where;
    EXPECT_TRUE((text[0] >= 'A' && text[0] <= 'Z') || text.starts_with("gpuslice")) << where << ": " << text;
    EXPECT_FALSE(text.ends_with('.')) << where << ": " << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << where << ": " << text;
  };
  for (const auto* app : all_) {
    check(app->get_description(), command_path(*app));
    for (const auto* option : options(*app))
      check(option->get_description(), command_path(*app) + " " + usage_of(*option));
  }
}

TEST_F(Help, EveryCommandHasAGroupAndAnExample) {
  EXPECT_EQ(help_text(line_->app.parsed()).find("Other commands"), std::string::npos);
  std::set<std::string_view> with_example;
  for (const auto& example : examples()) {
    with_example.insert(example.command);
    EXPECT_NE(std::find(paths_.begin(), paths_.end(), example.command), paths_.end()) << example.command;
    EXPECT_NE(example.line.find("gpuslice "), std::string_view::npos) << example.line;
    EXPECT_NE(example.line.find(example.command), std::string_view::npos) << example.line;
  }
  for (const auto& path : paths_) EXPECT_TRUE(path == "sim" || path == "cdi" || with_example.contains(path)) << path;
}

TEST_F(Help, TheUsageLineHasRequiredArguments) {
  const auto usage = [&](const std::string& path) {
    for (const auto* app : all_)
      if (command_path(*app) == path) return usage_line(*app, false);
    return std::string{};
  };
  EXPECT_EQ(usage("plan"), "gpuslice plan --file FILE [OPTIONS]");
  EXPECT_EQ(usage("create"), "gpuslice create --gpu LIST [OPTIONS] PROFILE...");
  EXPECT_EQ(usage("diff"), "gpuslice diff [OPTIONS] FILE...");
  EXPECT_EQ(usage("sim create"), "gpuslice sim create [OPTIONS] NODE");
  EXPECT_EQ(usage("sim exec"), "gpuslice sim exec [OPTIONS] NODE -- COMMAND");
  EXPECT_EQ(usage("sim snapshot"), "gpuslice sim snapshot [OPTIONS] NODE [NAME]");
  EXPECT_EQ(usage("help"), "gpuslice help [OPTIONS] [TOPIC...]");
}

TEST_F(Help, SaysOnceWhatAnOptionRequiresAndExcludes) {
  const auto plan = std::regex_replace(run({"plan", "--help"}).out, std::regex("\\s+"), " ");
  EXPECT_NE(plan.find("(only with --for)"), std::string::npos) << plan;
  EXPECT_NE(plan.find("(not with --for)"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("(not with --from)"), std::string::npos) << plan;
}

TEST(HelpErrors, OptionsThatCannotBeCombinedAreNamed) {
  EXPECT_EQ(run({"plan", "-f", "x", "--driver", "580"}).err,
            "gpuslice: --driver: is only allowed with --for\n  try: gpuslice plan --help\n");
  EXPECT_EQ(run({"profiles", "--for", "a100", "--gpu", "0"}).err,
            "gpuslice: --for: cannot be combined with --gpu\n  try: gpuslice profiles --help\n");
  EXPECT_EQ(run({"create", "1g.5gb", "--gpu", "0", "--count", "9"}).err,
            "gpuslice: --count: takes a number from 1 to 8, not \"9\"\n  try: gpuslice create --help\n");
  EXPECT_EQ(run({"sim", "create", "n", "--board-variant", "C"}).err,
            "gpuslice: --board-variant: takes A or B, not \"C\"\n  try: gpuslice sim create --help\n");
}

}  // namespace
}  // namespace gpuslice::cli
