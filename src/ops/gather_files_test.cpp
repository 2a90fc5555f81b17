#include "ops/gather_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace gpuslice::ops {
namespace {

namespace fs = std::filesystem;
using doctor::Missing;
using Words = std::vector<std::string>;

class GatherFiles : public ::testing::Test {
 protected:
  GatherFiles() {
    std::string folder = ::testing::TempDir() + "gather-XXXXXX";
    root = ::mkdtemp(folder.data());
    files.root = files.system = root;
    files.kernel_log = root + "/kmsg";
    files.processes = root + "/processes";
  }
  ~GatherFiles() override { fs::remove_all(root); }
  GatherFiles(const GatherFiles&) = delete;
  GatherFiles& operator=(const GatherFiles&) = delete;

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(root + path).parent_path());
    std::ofstream(root + path) << text;
  }

  std::string root;
  HostFiles files;
};

TEST_F(GatherFiles, VersionsOfTheParts) {
  write("/proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.126.09  Thu\n");
  write("/sys/module/nvidia/version", "580.126.09\n");
  write("/usr/lib64/libnvidia-ml.so.570.86.15", "");
  write("/usr/lib64/libnvidia-ml.so.1", "");
  const auto seen = read_versions(files);
  EXPECT_EQ(seen.kernel, "580.126.09");
  EXPECT_EQ(seen.module, "580.126.09");
  EXPECT_EQ(seen.uvm, "");
  EXPECT_EQ(seen.installed, Words{"570.86.15"});
  EXPECT_FALSE(seen.nouveau);
}

TEST_F(GatherFiles, AKernelLogThatIsNotThereOrForbidden) {
  const auto none = read_kernel_log(files);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, Missing::Kind::skipped);
  files.simulated = true;
  EXPECT_TRUE(read_kernel_log(files)) << "a simulated node has it once there is something in it";
  write("/kmsg", "3,0,1,-;NVRM: Xid (PCI:0000:10:1c): 43, pid=1\n");
  EXPECT_EQ(read_kernel_log(files)->xids.size(), 1u);
  if (::geteuid() != 0) {
    ::chmod((root + "/kmsg").c_str(), 0);
    EXPECT_EQ(read_kernel_log(files).error().kind, Missing::Kind::skipped);
  }
  fs::remove(root + "/kmsg");
  fs::create_directories(root + "/kmsg");
  EXPECT_EQ(read_kernel_log(files).error().kind, Missing::Kind::unreadable);
}

TEST_F(GatherFiles, DevicesAndCapabilities) {
  write("/dev/nvidia0", "");
  write("/dev/nvidia-caps/nvidia-cap21", "");
  write("/dev/nvidia-caps/other", "");
  write("/proc/driver/nvidia/capabilities/mig/config", "DeviceFileMinor: 1\n");
  write("/proc/driver/nvidia/capabilities/gpu0/mig/gi2/access", "DeviceFileMinor: 21\n");
  write("/proc/driver/nvidia/capabilities/gpu0/mig/gi2/ci0/access", "DeviceFileMinor: 22\n");
  write("/proc/devices", "Character devices:\n241 nvidia-caps\n");
  const auto seen = read_devices(files, {0});
  ASSERT_EQ(seen.files.size(), 3u);
  EXPECT_FALSE(seen.files[0].exists) << seen.files[0].path;
  EXPECT_TRUE(seen.files[2].exists && seen.files[2].openable) << seen.files[2].path;
  EXPECT_FALSE(seen.files[2].major) << "it is a plain file";
  ASSERT_EQ(seen.capability_files.size(), 1u);
  Words names;
  for (const auto& one : seen.capabilities) names.push_back(one.name);
  EXPECT_EQ(names, (Words{"mig/config", "gpu0/mig/gi2", "gpu0/mig/gi2/ci0"}));
  EXPECT_EQ(seen.capability_major, 241u);
}

TEST_F(GatherFiles, CdiSpecifications) {
  EXPECT_TRUE(read_cdi(files)->empty());
  write("/var/run/cdi/nvidia.yaml", "kind: nvidia.com/gpu\ndevices:\n- name: \"0\"\n");
  write("/etc/cdi/other.yaml", "kind: vendor.com/net\n");
  write("/etc/cdi/readme.txt", "kind: nvidia.com/gpu\n");
  const auto seen = read_cdi(files);
  ASSERT_EQ(seen->size(), 1u);
  EXPECT_EQ(seen->front().path, "/var/run/cdi/nvidia.yaml");
}

TEST_F(GatherFiles, UnitsThatAreEnabledAndSetMig) {
  EXPECT_EQ(read_boot_units(files).error().kind, Missing::Kind::skipped) << "no systemd";
  write("/usr/lib/systemd/system/nvidia-mig-manager.service",
        "[Service]\nExecStart=/opt/nvidia-mig-manager/service.sh\n");
  EXPECT_TRUE(read_boot_units(files)->empty()) << "it is not enabled";
  fs::create_directories(root + "/etc/systemd/system/multi-user.target.wants");
  fs::create_symlink("/usr/lib/systemd/system/nvidia-mig-manager.service",
                     root + "/etc/systemd/system/multi-user.target.wants/nvidia-mig-manager.service");
  EXPECT_EQ(*read_boot_units(files), std::vector<doctor::BootUnit>{{"nvidia-mig-manager.service"}});
  files.container = true;
  EXPECT_EQ(read_boot_units(files).error().kind, Missing::Kind::skipped);
}

TEST_F(GatherFiles, ProgramsThatASimulatedNodeRunsAtBoot) {
  files.simulated = true;
  files.boot = root + "/boot.d";
  EXPECT_TRUE(read_boot_units(files)->empty());
  write("/boot.d/10-instances", "#!/bin/sh\n");
  EXPECT_TRUE(read_boot_units(files)->empty()) << "it is not executable";
  ::chmod((root + "/boot.d/10-instances").c_str(), 0755);
  EXPECT_EQ(*read_boot_units(files), std::vector<doctor::BootUnit>{{"boot.d/10-instances"}});
}

TEST_F(GatherFiles, TheDirectoryOfAnMpsDaemon) {
  EXPECT_FALSE(read_mps(files)->has_value());
  write("/tmp/nvidia-mps/control", "");
  write("/tmp/nvidia-mps/nvidia-cuda-mps-control.pid", "17861");
  auto seen = read_mps(files);
  EXPECT_TRUE((*seen)->control);
  EXPECT_EQ((*seen)->pid, 17861u);
  EXPECT_FALSE((*seen)->alive);
  write("/processes/17861/comm", "nvidia-cuda-mps\n");
  EXPECT_TRUE((*read_mps(files))->alive);
  write("/processes/17861/comm", "bash\n");
  EXPECT_FALSE((*read_mps(files))->alive) << "another process has its number now";
}

TEST_F(GatherFiles, AVgpuHost) {
  EXPECT_FALSE(read_vgpu_host(files, {"0000:41:00.0"})->has_value());
  fs::create_directories(root + "/sys/module/nvidia_vgpu_vfio");
  write("/sys/bus/pci/devices/0000:41:00.0/sriov_totalvfs", "32\n");
  write("/sys/bus/pci/devices/0000:41:00.0/sriov_numvfs", "0\n");
  const auto seen = read_vgpu_host(files, {"0000:41:00.0"});
  EXPECT_EQ((*seen)->gpus[0].possible, 32u);
  EXPECT_EQ((*seen)->gpus[0].enabled, 0u);
  EXPECT_FALSE((*seen)->iommu);
}

TEST_F(GatherFiles, KubeletsCheckpoint) {
  EXPECT_FALSE(read_kubelet(files)->has_value());
  const std::string path = "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint";
  write(path, R"({"Data":{"RegisteredDevices":{"nvidia.com/gpu":["GPU-b"]}}})");
  EXPECT_EQ(**read_kubelet(files), Words{"GPU-b"});
  write(path, "damaged");
  EXPECT_EQ(read_kubelet(files).error().kind, Missing::Kind::unreadable);
}

TEST_F(GatherFiles, MarksOfContainers) {
  EXPECT_FALSE(in_container(root));
  write("/.dockerenv", "");
  EXPECT_TRUE(in_container(root));
}

}  // namespace
}  // namespace gpuslice::ops
