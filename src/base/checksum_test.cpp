#include "base/checksum.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gpuslice {
namespace {

TEST(Checksum, ChangesWithEveryBit) {
  for (const std::size_t size : {1U, 7U, 8U, 63U, 64U, 65U, 200U}) {
    std::string text(size, 'a');
    std::set<std::uint64_t> seen{checksum(text.data(), text.size())};
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      auto other = text;
      other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_TRUE(seen.insert(checksum(other.data(), other.size())).second) << size << ' ' << bit;
    }
  }
}

TEST(Checksum, ChangesWithTheLength) {
  std::set<std::uint64_t> seen;
  const std::string zeros(300, '\0');
  for (std::size_t size = 0; size <= zeros.size(); ++size)
    EXPECT_TRUE(seen.insert(checksum(zeros.data(), size)).second);
}

// The checksum is stored in files, so it must never change.
TEST(Checksum, IsTheSameInEveryVersion) {
  EXPECT_EQ(checksum_text("").size(), 16U);
  EXPECT_EQ(checksum_text("gpuslice"), "2c1e32b52d83f754");
}

}  // namespace
}  // namespace gpuslice
