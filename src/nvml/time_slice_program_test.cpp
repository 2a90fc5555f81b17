#include "nvml/time_slice_program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::nvml {
namespace {

// Puts a shell script named nvidia-smi first in PATH.
class TimeSliceProgram : public ::testing::Test {
 protected:
  TimeSliceProgram() : path_(std::getenv("PATH")) { ::setenv("PATH", (dir.path() + ":" + path_).c_str(), 1); }
  ~TimeSliceProgram() override { ::setenv("PATH", path_.c_str(), 1); }
  void nvidia_smi(const std::string& script) {
    dir.write("nvidia-smi", "#!/bin/sh\necho \"$@\" >>'" + dir.path("asked") + "'\n" + script);
    std::filesystem::permissions(dir.path("nvidia-smi"), std::filesystem::perms::owner_all);
  }
  gpuslice::testing::TempDir dir;

 private:
  std::string path_;
};

std::string table(const std::string& value) {
  return "cat <<'END'\n+-------------------------------------+\n| GPU compute policies:               |\n"
         "| GPU     Name           Value        |\n|=====================================|\n"
         "|   0   Timeslice       " +
         value + "       |\n+-------------------------------------+\nEND\n";
}

TEST_F(TimeSliceProgram, IsReadFromTheTable) {
  for (const auto& [word, policy] :
       std::vector<std::pair<std::string, std::uint32_t>>{{"Default", 0}, {"Short", 1}, {"Medium", 2}, {"Long", 3}}) {
    nvidia_smi(table(word));
    const auto read = time_slice_by_program(GpuIndex{2});
    ASSERT_TRUE(read) << word;
    EXPECT_EQ(*read, policy);
  }
  EXPECT_TRUE(dir.read("asked").starts_with("compute-policy -i 2 --list\n"));
  nvidia_smi(table("Endless"));
  const auto odd = time_slice_by_program(GpuIndex{0});
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().code, node::err_unknown);
}

TEST_F(TimeSliceProgram, IsSetByNumber) {
  nvidia_smi("echo 'Successfully set timeslice policy with value Medium for GPU 1'\n");
  EXPECT_TRUE(set_time_slice_by_program(GpuIndex{1}, 2));
  EXPECT_EQ(dir.read("asked"), "compute-policy -i 1 --set-timeslice=2\n");
}

TEST_F(TimeSliceProgram, ARefusalHasItsCodeAndText) {
  nvidia_smi(
      "echo 'Failed to set timeslice policy with value Short for GPU 0 : Insufficient Permissions'\n"
      "echo 'Failed to set timeslice for requested devices : Insufficient Permissions'\nexit 4\n");
  const auto refused = set_time_slice_by_program(GpuIndex{0}, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, node::err_no_permission);
  EXPECT_EQ(refused.error().text, "Insufficient Permissions");
  nvidia_smi("echo 'No devices were found'\nexit 6\n");
  const auto none = time_slice_by_program(GpuIndex{0});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, node::err_not_found);
  EXPECT_EQ(none.error().text, "nvidia-smi compute-policy ended with status 6");
}

// `nvidia-smi` may be gpuslice under that name, which would in turn run nvidia-smi.
TEST_F(TimeSliceProgram, RefusesToRunInAProcessThatItStarted) {
  nvidia_smi("exit 0\n");
  ::setenv("GPUSLICE_RUNS_PROGRAM", "1", 1);
  const auto refused = time_slice_by_program(GpuIndex{0});
  ::unsetenv("GPUSLICE_RUNS_PROGRAM");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, "nvidia-smi in PATH is gpuslice's, but NVIDIA's is required");
  EXPECT_FALSE(std::filesystem::exists(dir.path("asked")));
}

TEST_F(TimeSliceProgram, TheRefusalNamesAMissingNvidiaSmi) {
  ::setenv("PATH", dir.path().c_str(), 1);
  const auto refused = time_slice_by_program(GpuIndex{0});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, node::err_not_found);
  EXPECT_EQ(refused.error().text,
            "cannot start nvidia-smi: No such file or directory (NVIDIA's own program is required)");
}

}  // namespace
}  // namespace gpuslice::nvml
