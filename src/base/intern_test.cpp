#include "base/intern.hpp"

#include <gtest/gtest.h>

namespace gpuslice {
namespace {

TEST(Intern, OutlivesItsSourceAndIsSharedByEqualTexts) {
  std::string_view first;
  {
    const std::string text = "1g.5gb";
    first = intern(text);
    EXPECT_NE(first.data(), text.data());
  }
  EXPECT_EQ(first, "1g.5gb");
  EXPECT_EQ(intern("1g.5gb").data(), first.data());
  EXPECT_NE(intern("2g.10gb").data(), first.data());
}

}  // namespace
}  // namespace gpuslice
