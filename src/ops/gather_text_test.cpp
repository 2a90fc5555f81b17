#include "ops/gather_text.hpp"

#include <gtest/gtest.h>

namespace gpuslice::ops {
namespace {

using Words = std::vector<std::string>;

// Both kinds of kernel module: src/sim/testing/recorded has the first line of an H200 with 580.159.04.
TEST(GatherText, TheVersionOfTheDriver) {
  EXPECT_EQ(
      version_in("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build  (user@host)\n"
                 "GCC version:  gcc version 12.2.0\n"),
      "580.159.04");
  EXPECT_EQ(version_in("NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.57.02  Tue Jul 13\n"), "470.57.02");
  EXPECT_EQ(version_in(""), "");
  EXPECT_EQ(library_version("/usr/lib/x86_64-linux-gnu/libcuda.so.580.126.09"), "580.126.09");
  EXPECT_EQ(library_version("libnvidia-ml.so.1"), "");
  EXPECT_EQ(library_version("/usr/lib"), "");
}

TEST(GatherText, XidsAreCountedByGpuAndNumber) {
  const auto log = kernel_log_of(
      "6,1,100,-;nvidia: loading out-of-tree module taints kernel.\n"
      "3,7,200,-;NVRM: Xid (PCI:0000:10:1c): 31, pid=12, name=python, Ch 00000008, intr 00000000.\n"
      " SUBSYSTEM=pci\n"
      "3,8,300,-;NVRM: Xid (PCI:0000:10:1c GPU-I:02 GPU-CI:00): 31, pid=13, name=b, again\n"
      "[  12.3] NVRM: Xid (PCI:0000:0a:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.\n"
      "NVRM: Xid (PCI:broken\nNVRM: Xid (PCI:0000:10:1c): x, y\n"
      "3,9,400,-;NVRM: GPU 0000:65:00.0: RmInitAdapter failed! (0x26:0xffff:1290)\n"
      "3,9,400,-;NVRM: GPU 0000:65:00.0: RmInitAdapter failed! (0x26:0xffff:1290)");
  ASSERT_EQ(log.xids.size(), 2u);
  EXPECT_EQ(log.xids[0].pci, "0000:0a:00");
  EXPECT_EQ(log.xids[0].number, 79u);
  EXPECT_EQ(log.xids[1].pci, "0000:10:1c");
  EXPECT_EQ(log.xids[1].count, 2u);
  EXPECT_EQ(log.xids[1].last, "pid=13, name=b, again");
  EXPECT_EQ(log.failed_init, Words{"0000:65:00.0"});
}

// In the form of `nvidia-ctk cdi generate`.
constexpr const char* yaml = R"(---
cdiVersion: 0.5.0
kind: nvidia.com/gpu
devices:
    - name: "0:0"
      containerEdits:
        deviceNodes:
            - path: /dev/nvidia0
            - path: /dev/nvidia-caps/nvidia-cap21
              hostPath: /dev/nvidia-caps/nvidia-cap21
    - name: MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd
containerEdits:
    deviceNodes:
        - path: /dev/nvidiactl
    mounts:
        - containerPath: /usr/lib/x86_64-linux-gnu/libcuda.so.580.126.09
          hostPath: /usr/lib/x86_64-linux-gnu/libcuda.so.580.126.09
)";

TEST(GatherText, CdiSpecifications) {
  const auto spec = cdi_spec_of("/etc/cdi/nvidia.yaml", yaml);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->devices, (Words{"0:0", "MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd"}));
  EXPECT_EQ(spec->nodes, (Words{"/dev/nvidia-caps/nvidia-cap21", "/dev/nvidia0", "/dev/nvidiactl"}));
  EXPECT_EQ(spec->versions, Words{"580.126.09"});
  const auto json =
      cdi_spec_of("a.json", R"({"cdiVersion":"0.5.0","kind":"nvidia.com/gpu","devices":[{"name":"0","containerEdits":)"
                            R"({"deviceNodes":[{"path":"/dev/nvidia0"}]}}],"containerEdits":{"mounts":)"
                            R"([{"hostPath":"/a/libcuda.so.570.86.15"}]}})");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->devices, Words{"0"});
  EXPECT_EQ(json->nodes, Words{"/dev/nvidia0"});
  EXPECT_EQ(json->versions, Words{"570.86.15"});
  EXPECT_FALSE(cdi_spec_of("a.yaml", "cdiVersion: 0.5.0\nkind: vendor.com/net\n"));
  EXPECT_FALSE(cdi_spec_of("a.json", "{broken"));
}

TEST(GatherText, UnitsThatSetMig) {
  EXPECT_TRUE(sets_mig("[Service]\nExecStart=/usr/bin/nvidia-smi mig -cgi 9,9 -C\n"));
  EXPECT_TRUE(sets_mig("[Service]\nExecStart=/usr/bin/nvidia-smi -i 0 -mig 1\n"));
  EXPECT_TRUE(sets_mig("ExecStart=/usr/bin/nvidia-mig-parted apply -f x"));
  EXPECT_TRUE(sets_mig("ExecStart=/usr/bin/gpuslice restore"));
  EXPECT_FALSE(sets_mig("ExecStart=/usr/bin/nvidia-smi -pm 1\n"));
  EXPECT_FALSE(sets_mig("Description=runs nvidia-smi mig -cgi\n"));
  EXPECT_FALSE(sets_mig("ExecStart=/usr/bin/nvidia-persistenced\n"));
}

TEST(GatherText, DevicesOfKubelet) {
  EXPECT_EQ(kubelet_devices(R"({"Data":{"PodDeviceEntries":null,"RegisteredDevices":{"nvidia.com/gpu":["MIG-a::0",)"
                            R"("MIG-a::1","GPU-b"],"rdma/hca":["x"]}},"Checksum":1})"),
            (Words{"GPU-b", "MIG-a"}));
  EXPECT_EQ(kubelet_devices(R"({"Data":{}})"), Words{});
  EXPECT_FALSE(kubelet_devices("not JSON"));
  EXPECT_FALSE(kubelet_devices("[]"));
}

TEST(GatherText, NumbersOfDevices) {
  EXPECT_EQ(capability_minor("DeviceFileMinor: 21\nDeviceFileMode: 292\nDeviceFileModify: 1\n"), 21u);
  EXPECT_FALSE(capability_minor(""));
  const char* devices = "Character devices:\n  1 mem\n195 nvidia\n241 nvidia-caps\n\nBlock devices:\n  9 md\n";
  EXPECT_EQ(major_in(devices, "nvidia-caps"), 241u);
  EXPECT_FALSE(major_in(devices, "md"));
}

}  // namespace
}  // namespace gpuslice::ops
