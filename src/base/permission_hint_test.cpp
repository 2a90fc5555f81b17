#include "base/permission_hint.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace gpuslice {
namespace {

TEST(PermissionHint, AnotherUserIsSuggestedOnlyToNonRoot) {
  for (const int error : {EACCES, EPERM}) {
    EXPECT_EQ(permission_hint(error, "/x", "run as root", false), "run as root");
    EXPECT_EQ(permission_hint(error, "/x", "run as root", true), "");
  }
  EXPECT_EQ(permission_hint(ENOSPC, "/x", "run as root", false), "");
}

TEST(PermissionHint, AReadOnlyFileSystemIsShownToEveryUser) {
  for (const bool root : {false, true}) {
    EXPECT_EQ(permission_hint(EROFS, "/", "run as root", root), "findmnt -T '/'");
    EXPECT_EQ(permission_hint(EROFS, "/not there/at all", "run as root", root), "findmnt -T '/'");
  }
}

}  // namespace
}  // namespace gpuslice
