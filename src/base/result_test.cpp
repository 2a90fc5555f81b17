#include "base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace gpuslice {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorKind::usage, std::to_string(n), "is odd", "take an even one");
  return n / 2;
}
Result<int> quarter(int n) { return GPUSLICE_TRY(half(GPUSLICE_TRY(half(n)))); }
Result<std::unique_ptr<int>> make_owned() { return std::make_unique<int>(7); }
Result<int> use_owned() {
  const auto owned = GPUSLICE_TRY(make_owned());
  return *owned;
}
Result<int> use_owned_of_a_lambda(int n) {
  const auto make = [&]() -> Result<std::unique_ptr<int>> {
    if (n < 0) return fail(ErrorKind::usage, "n", "is negative");
    return std::make_unique<int>(n);
  };
  const auto owned = GPUSLICE_TRY(make());
  return *owned;
}
Result<void> check_both(int a, int b, int& steps) {
  GPUSLICE_CHECK(half(a));
  ++steps;
  GPUSLICE_CHECK(half(b));
  ++steps;
  return {};
}

TEST(Result, TryGivesTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(8), 2);
  const auto inner = quarter(6);
  ASSERT_FALSE(inner);
  EXPECT_EQ(inner.error().message(), "3: is odd");
  EXPECT_EQ(inner.error().hint, "take an even one");
  EXPECT_EQ(quarter(5).error().message(), "5: is odd");
}

TEST(Result, CheckReturnsTheFirstErrorAndContinuesNoFurther) {
  int steps = 0;
  EXPECT_EQ(check_both(2, 3, steps).error().message(), "3: is odd");
  EXPECT_EQ(steps, 1);
  EXPECT_TRUE(check_both(2, 4, steps));
  EXPECT_EQ(steps, 3);
}

TEST(Result, TryMovesMoveOnlyValues) {
  EXPECT_EQ(use_owned(), 7);
  EXPECT_EQ(use_owned_of_a_lambda(9), 9);
  EXPECT_EQ(use_owned_of_a_lambda(-1).error().message(), "n: is negative");
}

TEST(Error, MessageLeavesOutAnEmptyObject) {
  EXPECT_EQ((Error{ErrorKind::io, "file", "is gone", "look"}.message()), "file: is gone");
  EXPECT_EQ((Error{ErrorKind::io, "", "is gone", ""}.message()), "is gone");
}

TEST(Error, FromErrnoHasTheSystemsTextAndTheKind) {
  const struct {
    int number;
    ErrorKind kind;
    const char* words;
  } rows[] = {
      {ENOENT, ErrorKind::not_found, "f: cannot open: No such file or directory"},
      {EACCES, ErrorKind::permission, "f: cannot open: Permission denied"},
      {EPERM, ErrorKind::permission, "f: cannot open: Operation not permitted"},
      {EROFS, ErrorKind::permission, "f: cannot open: Read-only file system"},
      {EEXIST, ErrorKind::exists, "f: cannot open: File exists"},
      {EBUSY, ErrorKind::busy, "f: cannot open: Device or resource busy"},
      {EAGAIN, ErrorKind::busy, "f: cannot open: Resource temporarily unavailable"},
      {EIO, ErrorKind::io, "f: cannot open: Input/output error"},
  };
  for (const auto& row : rows) {
    const Error error = fail_errno("f", "cannot open", row.number, "h").error();
    EXPECT_EQ(error.message(), row.words);
    EXPECT_EQ(error.kind, row.kind) << row.words;
    EXPECT_EQ(error.hint, "h");
  }
}

}  // namespace
}  // namespace gpuslice
