// The functions that return NOT_SUPPORTED on every node are exactly those that docs/simulated-driver.md lists.
#include <fnmatch.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace gpuslice::simnvml {
namespace {

std::vector<std::string> stubs() {
  std::ifstream file(GPUSLICE_STUBS);
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) names.push_back(line);
  return names;
}

// The names in backticks in the first column of the table.
std::vector<std::string> said() {
  std::ifstream page(GPUSLICE_PAGE);
  std::vector<std::string> patterns;
  bool in_section = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) in_section = line == "## What answers NOT_SUPPORTED";
    if (!in_section || !line.starts_with("| `")) continue;
    const auto column = line.substr(2, line.find(" | ", 2) - 2);
    for (std::size_t at = 0; (at = column.find('`', at)) != std::string::npos;) {
      const auto end = column.find('`', at + 1);
      patterns.push_back(column.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  return patterns;
}

bool matches(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

TEST(Stubs, AreAllListedOnThePage) {
  const auto names = stubs();
  const auto patterns = said();
  ASSERT_GT(names.size(), 50U);
  ASSERT_GT(patterns.size(), 10U);
  for (const auto& name : names) {
    bool there = false;
    for (const auto& pattern : patterns) there = there || matches(pattern, name);
    EXPECT_TRUE(there) << name;
  }
}

TEST(Stubs, ThePageListsNoOtherFunction) {
  const auto names = stubs();
  for (const auto& pattern : said()) {
    bool there = false;
    for (const auto& name : names) there = there || matches(pattern, name);
    EXPECT_TRUE(there) << pattern;
  }
}

}  // namespace
}  // namespace gpuslice::simnvml
