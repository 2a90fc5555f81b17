#include "confine/private_devices.hpp"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/testing/temp_dir.hpp"
#include "confine/mounts.hpp"
#include "confine/own_mounts.hpp"

namespace gpuslice::confine {
namespace {

constexpr int namespaces_not_allowed = 77;

// In a child with mounts of its own: `dev` of a host is put over /dev/shm, a directory outside of /tmp; then what
// `look` returns is the child's exit status.
template <class Look>
int in_child(const std::string& dev, Look look) {
  const auto child = ::fork();
  if (child == 0) {
    const auto own = own_mounts();
    if (!own) ::_exit(namespaces_not_allowed);
    if (::mount(dev.c_str(), "/dev/shm", nullptr, MS_BIND, nullptr) != 0) ::_exit(namespaces_not_allowed);
    ::_exit(look());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

TEST(PrivateDevices, OfNvidiasOnlyThoseThatAreGivenAreThere) {
  const gpuslice::testing::TempDir root;
  for (const char* name : {"null", "nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-caps/nvidia-cap1",
                           "nvidia-caps/nvidia-cap21", "shm/kept"})
    root.write(name, name);
  const auto status = in_child(root.path(), [] {
    const std::string dev = "/dev/shm";
    if (!hide_other_devices(dev, {dev + "/nvidia1", dev + "/nvidiactl", dev + "/nvidia-caps/nvidia-cap21"})) return 1;
    const std::vector<std::string> seen = {"null", "nvidia-caps", "nvidia1", "nvidiactl", "shm"};
    if (names_in(dev) != seen) return 2;
    if (names_in(dev + "/nvidia-caps") != std::vector<std::string>{"nvidia-cap21"}) return 3;
    return names_in(dev + "/shm") == std::vector<std::string>{"kept"} ? 0 : 4;
  });
  if (status == namespaces_not_allowed) GTEST_SKIP() << "namespaces are not allowed here";
  EXPECT_EQ(status, 0);
}

TEST(PrivateDevices, AreNotBuiltWhereTheyAreStaged) {
  const auto refused = hide_other_devices("/tmp/dev", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "/tmp/dev: cannot be rebuilt below /tmp");
}

}  // namespace
}  // namespace gpuslice::confine
