#include "sim/state_lock.hpp"

#include <sys/file.h>

#include "sim/testing/state_file_fixture.hpp"

namespace gpuslice::sim {
namespace {

using namespace testing;

TEST_F(StateFileTest, AUserWithReadAccessCannotBlockAWriter) {
  struct stat info{};
  ASSERT_EQ(::stat((path + ".lock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  const int reader = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(reader, LOCK_EX | LOCK_NB), 0);
  const auto status = in_child([&] {
    ::alarm(20);
    return open()->transact(count_up) ? 0 : 1;
  });
  ::close(reader);
  EXPECT_TRUE(ended_with(status, 0)) << status;
  EXPECT_EQ(open()->read_boot(), 2U);
}

TEST_F(StateFileTest, AMissingLockIsCreatedForTheOwnerWhoeverOpensTheFile) {
  ASSERT_EQ(::unlink((path + ".lock").c_str()), 0);
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path.c_str(), 1234, 1234), 0);
  }
  EXPECT_TRUE(open()->transact(count_up));
  struct stat state{};
  struct stat lock{};
  ASSERT_EQ(::stat(path.c_str(), &state), 0);
  ASSERT_EQ(::stat((path + ".lock").c_str(), &lock), 0);
  EXPECT_EQ(lock.st_uid, state.st_uid);
  EXPECT_EQ(lock.st_mode & 0777, 0600U);
}

}  // namespace
}  // namespace gpuslice::sim
