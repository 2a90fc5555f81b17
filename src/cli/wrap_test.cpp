#include "cli/wrap.hpp"

#include <gtest/gtest.h>

namespace gpuslice::cli {
namespace {

TEST(Wrap, FillsLinesAndIndentsAllButTheFirst) {
  EXPECT_EQ(wrapped("one two three four", 2, 4, 10), "one\n  two\n  three\n  four");
  EXPECT_EQ(wrapped("one two three four", 0, 0, 9), "one two\nthree\nfour");
  EXPECT_EQ(wrapped("", 2, 4), "");
}

TEST(Wrap, AWordThatIsTooWideGetsItsOwnLine) {
  EXPECT_EQ(wrapped("a wordthatiswide b", 0, 0, 6), "a\nwordthatiswide\nb");
}

TEST(Wrap, LinesThatFitAreUnchanged) { EXPECT_EQ(wrapped_lines("  a   b\n\nshort\n", 10), "  a   b\n\nshort\n"); }

TEST(Wrap, AWideLineIsWrappedAtItsLastColumn) {
  EXPECT_EQ(wrapped_lines("  key  text of several words\nend", 16),
            "  key  text of\n       several\n       words\nend");
}

}  // namespace
}  // namespace gpuslice::cli
