#include <gtest/gtest.h>

#include "simhost/enter_node.hpp"

namespace gpuslice::simhost {
namespace {

TEST(ParseSize, TakesBinaryUnits) {
  const struct {
    const char* text;
    std::uint64_t bytes;
  } rows[] = {
      {"0", 0},
      {"1024", 1024},
      {"7B", 7},
      {"2KiB", 2048},
      {"512MiB", 536870912},
      {"2GiB", 2147483648},
      {"2G", 2147483648},
      {"3M", 3145728},
      {"1K", 1024},
      {"1.5GiB", 1610612736},
      {"0.5KiB", 512},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_size(row.text), row.bytes) << row.text;
}

TEST(ParseSize, RefusesEverythingElse) {
  for (const std::string bad :
       {"", "GiB", "2GB", "2 GiB", "2TiB", "-1", "-1GiB", "two", "2GiB!", "nan", "inf", "1e300", "99999999GiB", " "}) {
    const auto size = parse_size(bad);
    ASSERT_FALSE(size) << bad << " gave " << *size;
    EXPECT_EQ(size.error().kind, ErrorKind::usage);
    EXPECT_EQ(size.error().message(), "size \"" + bad + "\": is not a number with an optional KiB, MiB or GiB");
  }
}

TEST(ParseKinds, TakesNvidiaSmisTypes) {
  EXPECT_EQ(parse_kinds("C"), 1u);
  EXPECT_EQ(parse_kinds("G"), 2u);
  EXPECT_EQ(parse_kinds("C+G"), 3u);
  EXPECT_EQ(parse_kinds("M+C"), 5u);
  EXPECT_EQ(parse_kinds("M+C+G"), 7u);
  for (const std::string bad : {"", "c", "M", "G+C", "C+M", "C,G", "X"}) {
    const auto kinds = parse_kinds(bad);
    ASSERT_FALSE(kinds) << bad;
    EXPECT_EQ(kinds.error().message(), "type \"" + bad + "\": must be C, G, C+G, M+C or M+C+G");
  }
}

}  // namespace
}  // namespace gpuslice::simhost
