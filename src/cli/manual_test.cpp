#include "cli/manual.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "base/testing/temp_dir.hpp"
#include "cli/examples.hpp"
#include "cli/option_words.hpp"
#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

// The text of a page as a reader sees it, close enough for searching.
std::string plain(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\-", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

class Manual : public ::testing::Test {
 protected:
  Manual() : line_(make_command_line({out_, out_, false})) {
    for (auto& page : manual_pages(line_->app.parsed())) pages_[page.file] = plain(page.text);
  }

  // The part of a page about one command: from its heading to the next.
  [[nodiscard]] static std::string part(const std::string& page, const std::string& verb) {
    const auto from = page.find("\n.SS \"" + verb + "\"\n");
    if (from == std::string::npos) return {};
    return page.substr(from, page.find("\n.S", from + 1) - from);
  }

  std::ostringstream out_;
  std::unique_ptr<CommandLine> line_;
  std::map<std::string, std::string> pages_;
};

TEST_F(Manual, HasAPageForTheProgramAndForEachGroup) {
  std::vector<std::string> files;
  for (const auto& [file, text] : pages_) files.push_back(file);
  EXPECT_EQ(files, (std::vector<std::string>{"gpuslice-cdi.1", "gpuslice-sim.1", "gpuslice-smi.1", "gpuslice.1"}));
}

void expect_described(const CLI::App& verb, const std::string& said, const std::string& name) {
  ASSERT_FALSE(said.empty()) << name << " has no part of its own";
  EXPECT_NE(said.find(verb.get_description()), std::string::npos) << name;
  for (const auto* option : options(verb)) {
    if (option == verb.get_help_ptr()) continue;
    for (const auto& spelled : spellings(*option))
      EXPECT_NE(said.find(spelled), std::string::npos) << name << ": " << spelled;
    EXPECT_NE(said.find(value_word(*option)), std::string::npos) << name << ": " << value_word(*option);
    EXPECT_NE(said.find(option->get_description()), std::string::npos) << name << ": " << option->get_description();
  }
}

TEST_F(Manual, DescribesEveryCommandAndAllItsOptions) {
  for (const auto* verb : subcommands(line_->app.parsed())) {
    if (verb->get_group().empty()) continue;
    const auto subs = subcommands(*verb);
    if (subs.empty()) {
      if (verb->get_name() != "smi")
        expect_described(*verb, part(pages_["gpuslice.1"], verb->get_name()), verb->get_name());
      continue;
    }
    for (const auto* sub : subs) {
      const auto name = verb->get_name() + " " + sub->get_name();
      expect_described(*sub, part(pages_["gpuslice-" + verb->get_name() + ".1"], name), name);
    }
  }
  for (const char* option : {"--help", "--version", "--node NODE"})
    EXPECT_NE(pages_["gpuslice.1"].find(option), std::string::npos) << option;
}

TEST_F(Manual, HasTheSectionsOfAManualPage) {
  for (const char* file : {"gpuslice.1", "gpuslice-sim.1"}) {
    std::size_t at = 0;
    for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXAMPLES", "FILES",
                                "ENVIRONMENT", "EXIT STATUS", "SEE ALSO"}) {
      at = pages_[file].find(std::string("\n.SH ") + section + "\n", at);
      ASSERT_NE(at, std::string::npos) << file << ": " << section;
    }
  }
}

TEST_F(Manual, HasEveryExample) {
  const auto all =
      pages_["gpuslice.1"] + pages_["gpuslice-cdi.1"] + pages_["gpuslice-sim.1"] + pages_["gpuslice-smi.1"];
  for (const auto& example : examples()) {
    EXPECT_NE(all.find("\n" + std::string(example.line) + "\n"), std::string::npos) << example.line;
    EXPECT_NE(all.find(std::string(example.what) + ":"), std::string::npos) << example.what;
  }
}

// Every environment variable that the source reads by a literal name.
TEST_F(Manual, DescribesEveryVariableThatTheSourceReads) {
  const std::regex name(R"re("(GPUSLICE_[A-Z_]+|XDG_STATE_HOME|SUDO_USER|NO_COLOR)")re");
  std::set<std::string> read;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GPUSLICE_ROOT "/src")) {
    const auto path = entry.path().string();
    if (!path.ends_with(".cpp") || path.ends_with("_test.cpp") || path.find("/testing/") != std::string::npos) continue;
    std::ifstream file(path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) read.insert((*at)[1].str());
  }
  EXPECT_GE(read.size(), 8U);
  for (const auto& one : read) EXPECT_NE(pages_["gpuslice.1"].find(one), std::string::npos) << one;
}

TEST_F(Manual, GroffHasNoWarnings) {
  if (std::system("command -v groff >/dev/null 2>&1") != 0) GTEST_SKIP() << "no groff here";
  const gpuslice::testing::TempDir folder;
  for (const auto& page : manual_pages(line_->app.parsed())) {
    const auto path = folder.path() + "/" + page.file;
    std::ofstream(path) << page.text;
    const auto said = folder.path() + "/said";
    EXPECT_EQ(std::system(("groff -man -Tutf8 -ww " + path + " >/dev/null 2>" + said).c_str()), 0) << page.file;
    std::ifstream file(said);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "") << page.file;
  }
}

TEST_F(Manual, PageOfSmiHasTheHelpOfSmi) {
  for (const char* option :
       {"--query-gpu", "--multi-instance-gpu", "--list-gpu-instance-profiles", "--create-compute-instance",
        "--set-timeslice", "--loop-ms", "--power-limit", "--gpm-metrics", "--p2pstatus", "SUBCOMMAND CONF-COMPUTE"})
    EXPECT_NE(pages_["gpuslice-smi.1"].find(option), std::string::npos) << option;
}

TEST_F(Manual, NoTextLineIsReadAsARoffRequest) {
  const std::vector<std::string> known = {".TH", ".SH", ".SS", ".TP", ".B", ".BR", ".PP",
                                          ".br", ".nf", ".fi", ".ad", ".I", ".RS", ".RE"};
  for (const auto& [file, text] : pages_) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || (line[0] != '.' && line[0] != '\'')) continue;
      const auto request = line.substr(0, line.find(' '));
      EXPECT_NE(std::find(known.begin(), known.end(), request), known.end()) << file << ": " << line;
    }
  }
}

TEST_F(Manual, ACommandNameInsteadOfADirectoryIsRefused) {
  const auto ran = testing::run({"man", "query"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.err,
            "gpuslice: man query: takes a directory, and query is a command\n"
            "  try: gpuslice man | man -l -; a directory of that name: ./query\n");
}

TEST_F(Manual, WritesAllPagesIntoANewDirectory) {
  const gpuslice::testing::TempDir folder;
  const auto directory = folder.path() + "/share/man/man1";
  const auto ran = testing::run({"man", directory});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "wrote 4 manual pages into " + directory + "\n");
  for (const auto& page : manual_pages(line_->app.parsed())) {
    std::ifstream file(directory + "/" + page.file);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), page.text) << page.file;
  }
}

}  // namespace
}  // namespace gpuslice::cli
