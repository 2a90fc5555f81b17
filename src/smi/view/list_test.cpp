// -L, -i and the lists of `mig` in the formats of different releases.
#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

FakeNode two_a100(const std::string& driver) {
  FakeNode node;
  node.about.driver_version = driver;
  node.gpus[0].name = "NVIDIA A100-SXM4-40GB";
  node.gpus[0].profiles = a100_40_profiles();
  node.gpus.push_back(node.gpus[0]);
  node.gpus[1].uuid = "GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e";
  node.gpus[1].pci.bus_id = "00000000:10:1D.0";
  return node;
}

// 580.126.09 lists only the selected GPU (transcript); 580.159.04 refuses the option (recorded with two GPUs).
TEST(ListGpus, AcceptsAnIdOnlyUnderOlderDrivers) {
  const auto node = two_a100("580.126.09");
  const auto ran = run_smi(node, {"-i", "1", "-L"});
  EXPECT_EQ(ran.out, "GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e)\n");
  EXPECT_EQ(ran.status, 0);
}

TEST(Select, AcceptsUuidsAndAddresses) {
  const auto node = two_a100("580.126.09");
  for (const char* id : {"GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e", "00000000:10:1D.0", "10:1D.0", "junk,1,,9"}) {
    EXPECT_EQ(run_smi(node, {"-i", id, "--query-gpu=index", "--format=noheader"}).out, "1\n") << id;
  }
  const auto ran = run_smi(node, {"--id=GPU-99999999", "mig"});
  EXPECT_EQ(ran.status, 255) << "mig is a subcommand only as the first word";
  EXPECT_EQ(run_smi(node, {"-i", "99999999999999999999"}).out, "No devices were found\n");
}

// From a transcript of driver 560.35 on an H100 NVL: 79 and 57 columns.
TEST(OlderLists, AreTwoColumnsNarrower) {
  FakeNode node;
  node.about.driver_version = "560.35.03";
  auto& gpu = node.gpus[0];
  gpu.mig = {true, true};
  gpu.profiles = {h200_profiles()[0]};
  gpu.profiles[0].info.name = "MIG 1g.12gb";
  gpu.profiles[0].info.memory_mib = 10880;
  gpu.instances = {{{mig::GiId{13}, mig::GiProfileId{19}, 6, 1}, {}}};
  EXPECT_EQ(run_smi(node, {"mig", "-lgi"}).out,
            R"(+-------------------------------------------------------+
| GPU instances:                                        |
| GPU   Name             Profile  Instance   Placement  |
|                          ID       ID       Start:Size |
|=======================================================|
|   0  MIG 1g.12gb         19       13          6:1     |
+-------------------------------------------------------+
)");
  gpu.instances.clear();
  EXPECT_EQ(run_smi(node, {"mig", "-lgip"}).out,
            R"(+-----------------------------------------------------------------------------+
| GPU instance profiles:                                                      |
| GPU   Name             ID    Instances   Memory     P2P    SM    DEC   ENC  |
|                              Free/Total   GiB              CE    JPEG  OFA  |
|=============================================================================|
|   0  MIG 1g.12gb       19     7/7        10.62      No     16     1     0   |
|                                                             1     1     0   |
+-----------------------------------------------------------------------------+
)");
}

TEST(MigLists, ReportRefusals) {
  FakeNode node;
  node.gpus[0].mig = {true, true};
  node.gpus[0].profiles = a100_40_profiles();
  EXPECT_EQ(run_smi(node, {"mig", "-lci", "-gi", "x"}).out, "No GPU instances found: Not Found\n");
  node.gpus[0].instances = {{{mig::GiId{2}, mig::GiProfileId{5}, 0, 4}, {}}};
  const auto ran = run_smi(node, {"mig", "-lci"});
  EXPECT_EQ(ran.out, "No compute instances found: Not Found\n");
  EXPECT_EQ(ran.status, 6);
}

}  // namespace
}  // namespace gpuslice::smi::testing
