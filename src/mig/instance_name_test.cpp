#include "mig/instance_name.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

namespace gpuslice::mig {
namespace {

const auto* const good = new std::vector<std::string>{"a",
                                                      "train",
                                                      "_x",
                                                      "Train-2.b_c",
                                                      "on",
                                                      "all-1g.5gb",
                                                      "gpu",
                                                      "gpu0",
                                                      "mig",
                                                      "allow",
                                                      "nonesuch",
                                                      "deadbeef",
                                                      "a1b2c3d4-e5f6-a1b2-c3d4-e5f6a1b2c3d",
                                                      std::string(63, 'x')};
const auto* const bad = new std::vector<std::string>{"",
                                                     "0",
                                                     "12",
                                                     "0:2",
                                                     "0:2/1",
                                                     "a:b",
                                                     "a/b",
                                                     "1g.5gb",
                                                     "3g",
                                                     "1c",
                                                     "2c.3g.20gb",
                                                     "-x",
                                                     "--all",
                                                     ".",
                                                     ".x",
                                                     "a b",
                                                     "a=b",
                                                     "a,b",
                                                     "all",
                                                     "ALL",
                                                     "none",
                                                     "GPU-",
                                                     "GPU-1234",
                                                     "gpu-a",
                                                     "MIG-",
                                                     "MIG-9e4aeb94-01c0-5173-4811-4ca60f77b3a9",
                                                     "Mig-x",
                                                     "ae4aeb94-01c0-5173-4811-4ca60f77b3a9",
                                                     "AE4AEB94-01C0-5173-4811-4CA60F77B3A9",
                                                     "a\n",
                                                     "\x1b[31m",
                                                     "a\xff",
                                                     "gr\xc3\xb6\xc3\x9f"
                                                     "e",
                                                     "$(id)",
                                                     "a'b",
                                                     std::string(64, 'x'),
                                                     std::string(400, 'x'),
                                                     std::string("a\0b", 3)};

TEST(InstanceName, ValidAndInvalidOnes) {
  for (const auto& name : *good) EXPECT_EQ(name_fault(name), "") << name;
  for (const auto& name : *bad) EXPECT_NE(name_fault(name), "") << name;
}

TEST(InstanceName, TheFaultIsNamed) {
  EXPECT_EQ(name_fault("0:2"), "may contain only letters, digits, '.', '_' and '-'");
  EXPECT_EQ(name_fault("1g.5gb"), "must start with a letter or '_'");
  EXPECT_EQ(name_fault(std::string(400, 'x')), "has 400 characters; at most 63 are allowed");
  EXPECT_EQ(name_fault("mig-1"), "starts like an NVML UUID");
}

// The schema's pattern must describe the same rule; the length is a separate limit.
TEST(InstanceName, ThePatternIsTheSameRule) {
  const std::regex pattern(name_pattern.data(), std::regex::ECMAScript);
  const auto matches = [&](const std::string& name) {
    return name.size() <= max_name && std::regex_search(name, pattern);
  };
  for (const auto& name : *good) EXPECT_TRUE(matches(name)) << name;
  for (const auto& name : *bad) EXPECT_FALSE(matches(name)) << name;
}

TEST(InstanceName, NodeNamesMayBeginWithADigit) {
  EXPECT_TRUE(is_plain_word("8xa100"));
  EXPECT_FALSE(is_plain_word(""));
  EXPECT_FALSE(is_plain_word("a/b"));
  EXPECT_FALSE(is_plain_word(std::string(64, 'x')));
}

}  // namespace
}  // namespace gpuslice::mig
