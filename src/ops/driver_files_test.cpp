#include "ops/driver_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::ops {
namespace {

const std::string libraries = "usr/lib/x86_64-linux-gnu/";

class DriverFiles : public ::testing::Test {
 protected:
  DriverFiles() {
    for (const char* name : {"libcuda.so.580.1", "libnvidia-ml.so.580.1", "libnvidia-ml.so.570.9", "libother.so.580.1"})
      root_.write(libraries + name, "");
    std::filesystem::create_symlink("libcuda.so.580.1", root_.path(libraries + "libcuda.so.1"));
    std::filesystem::create_symlink("libcuda.so.1", root_.path(libraries + "libcuda.so"));
  }
  std::vector<std::string> mounts() const {
    std::vector<std::string> all;
    for (const auto& one : driver_files(root_.path(), "580.1").mounts)
      all.push_back(one.host == one.container ? one.host : one.host + " as " + one.container);
    return all;
  }
  gpuslice::testing::TempDir root_;
};

TEST_F(DriverFiles, LibrariesOfThisVersionAndTheNamesThatProgramsAskFor) {
  EXPECT_EQ(mounts(),
            (std::vector<std::string>{
                "/usr/lib/x86_64-linux-gnu/libcuda.so.580.1 as /usr/lib/x86_64-linux-gnu/libcuda.so.1",
                "/usr/lib/x86_64-linux-gnu/libcuda.so.580.1", "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.1"}));
}

TEST_F(DriverFiles, ProgramsSocketsAndFirmwareAsFarAsTheyExist) {
  root_.write("usr/bin/nvidia-smi", "");
  root_.write("run/nvidia-persistenced/socket", "");
  root_.write("lib/firmware/nvidia/580.1/gsp_ga10x.bin", "");
  const auto all = mounts();
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ((std::vector<std::string>(all.begin() + 3, all.end())),
            (std::vector<std::string>{"/usr/bin/nvidia-smi", "/run/nvidia-persistenced/socket",
                                      "/lib/firmware/nvidia/580.1"}));
}

TEST_F(DriverFiles, TheHookIsThatOfTheInstalledToolkit) {
  EXPECT_TRUE(driver_files(root_.path(), "580.1").hooks.empty());
  root_.write("usr/bin/nvidia-ctk", "");
  EXPECT_EQ(
      driver_files(root_.path(), "580.1").hooks,
      (std::vector<handover::Hook>{
          {"/usr/bin/nvidia-ctk", {"nvidia-ctk", "hook", "update-ldcache", "--folder", "/usr/lib/x86_64-linux-gnu"}}}));
  root_.write("usr/bin/nvidia-cdi-hook", "");
  EXPECT_EQ(driver_files(root_.path(), "580.1").hooks.front().path, "/usr/bin/nvidia-cdi-hook");
}

TEST(DriverFilesElsewhere, AreMountedWhereALoaderLooks) {
  const gpuslice::testing::TempDir root;
  root.write("usr/local/nvidia/lib64/libcuda.so.580.1", "");
  root.write("usr/local/nvidia/bin/nvidia-smi", "");
  const auto files = driver_files(root.path(), "580.1");
  EXPECT_EQ(files.mounts, (std::vector<handover::Mount>{{"/usr/local/nvidia/lib64/libcuda.so.580.1",
                                                         "/usr/lib/x86_64-linux-gnu/libcuda.so.580.1"},
                                                        {"/usr/local/nvidia/bin/nvidia-smi", "/usr/bin/nvidia-smi"}}));
}

TEST_F(DriverFiles, OfAnotherVersionThereIsNothing) {
  const auto none = driver_files(root_.path(), "590.1");
  EXPECT_TRUE(none.mounts.empty());
  EXPECT_TRUE(none.env.empty());
  EXPECT_TRUE(driver_files(root_.path(), "").mounts.empty());
}

}  // namespace
}  // namespace gpuslice::ops
