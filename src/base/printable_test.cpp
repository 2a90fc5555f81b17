#include "base/printable.hpp"

#include <gtest/gtest.h>

namespace gpuslice {
namespace {

TEST(Printable, OrdinaryTextIsUnchanged) {
  for (const auto* text :
       {"", "/usr/bin/python3 train.py", "C:\\x41 \\n", "<&>\"'`$", "größe €", "\xf0\x9f\x98\x80", "日本語"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ControlCharactersAndInvalidBytesAreEscaped) {
  EXPECT_EQ(printable("a\xff"), "a\\xff");
  EXPECT_EQ(printable("a\n\r\tb"), "a\\x0a\\x0d\\x09b");
  EXPECT_EQ(printable("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m")
      << "the control character CSI of C1";
  EXPECT_EQ(printable_lines("a\nb\x1b"), "a\nb\\x1b");
}

TEST(Printable, InvalidUtf8IsEscaped) {
  EXPECT_EQ(printable("\xc3"), "\\xc3") << "incomplete";
  EXPECT_EQ(printable("\x80"), "\\x80") << "a continuation byte alone";
  EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80") << "overlong";
  EXPECT_EQ(printable("\xe0\x80\x80"), "\\xe0\\x80\\x80");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond U+10FFFF";
  EXPECT_EQ(printable("\xf0\x9f\x98z"), "\\xf0\\x9f\\x98z");
}

TEST(Printable, CharactersThatMoveOrHideOthersAreEscaped) {
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb")
      << "right-to-left override";
  EXPECT_EQ(printable("a\xe2\x80\x8b"
                      "b"),
            "a\\u200bb")
      << "zero width space";
  EXPECT_EQ(printable("\xe2\x81\xa6"), "\\u2066") << "isolate";
  EXPECT_EQ(printable("\xe2\x80\xa8"), "\\u2028") << "line separator";
  EXPECT_EQ(printable("\xef\xbb\xbf"), "\\ufeff") << "byte order mark";
  EXPECT_EQ(printable("\xf3\xa0\x81\x81"), "\\U000e0041") << "tag";
}

TEST(Printable, JsonKeepsItsValues) {
  EXPECT_EQ(printable_json("{\n  \"a\": \"\xc2\x9b\xe2\x80\xae\x7f\xf3\xa0\x81\x81\"\n}\n"),
            "{\n  \"a\": \"\\u009b\\u202e\\u007f\\udb40\\udc41\"\n}\n");
}

TEST(ShellWord, AShellReadsBackTheSameText) {
  EXPECT_EQ(shell_word("train-1.2"), "train-1.2");
  EXPECT_EQ(shell_word("0:2/1"), "0:2/1");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's; rm -rf $HOME"), "'it'\\''s; rm -rf $HOME'");
  EXPECT_EQ(shell_word("a\xff\n'\\"), "$'a\\xff\\x0a\\'\\\\'");
  EXPECT_EQ(shell_word("\xe2\x80\xae"), "$'\\xe2\\x80\\xae'");
}

TEST(SingleQuoted, IsQuotedEvenIfNotNecessary) {
  EXPECT_EQ(single_quoted("train"), "'train'");
  EXPECT_EQ(single_quoted("it's"), "'it'\\''s'");
}

TEST(Bytes, AreCutBetweenCharacters) {
  EXPECT_EQ(first_bytes("abc", 5), "abc");
  EXPECT_EQ(first_bytes("abc", 2), "ab");
  EXPECT_EQ(first_bytes("a\xc3\xa9", 2), "a");
  EXPECT_EQ(last_bytes("abc", 2), "bc");
  EXPECT_EQ(last_bytes("\xc3\xa9"
                       "a",
                       2),
            "a");
}

}  // namespace
}  // namespace gpuslice
