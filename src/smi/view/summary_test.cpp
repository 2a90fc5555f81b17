// The default view beyond the recorded cases: truncated names, the Type column, refused figures, older releases.
#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"
#include "smi/testing/run.hpp"
#include "smi/view/processes.hpp"

namespace gpuslice::smi::testing {
namespace {

bool shows(const Ran& ran, const std::string& line) { return ran.out.find(line + "\n") != std::string::npos; }

// The rows were recorded from nvidia-smi 580.159.04.
TEST(GpuTable, KeepsNamesOf27CharactersAndCutsLongerOnes) {
  FakeNode node;
  node.gpus[0].name = "NVIDIA RTX A5000 Laptop GPU";
  EXPECT_TRUE(shows(run_smi(node, {}),
                    "|   0  NVIDIA RTX A5000 Laptop GPU    On  |   00000000:00:06.0 Off |                    0 |"));
  node.gpus[0].name = "NVIDIA RTX A50000 Laptop GPU";
  EXPECT_TRUE(shows(run_smi(node, {}),
                    "|   0  NVIDIA RTX A50000 Laptop...    On  |   00000000:00:06.0 Off |                    0 |"));
  EXPECT_NE(run_smi(node, {"-L"}).out.find("GPU 0: NVIDIA RTX A50000 Laptop GPU (UUID"), std::string::npos);
}

TEST(ProcessTable, KeepsNamesOf32CharactersAndShowsTheEndOfLongerOnes) {
  FakeNode node;
  const auto graphics = static_cast<unsigned>(node::ProcessKind::graphics);
  const auto name = [](std::size_t length) { return "/x/" + std::string(length - 4, '0') + "7"; };
  node.gpus[0].processes = {{4325, graphics, name(32), (1714ULL << 20) + (1ULL << 19), {}, {}},
                            {4326, graphics, name(33), (1714ULL << 20) + (1ULL << 19), {}, {}},
                            {4323, graphics, name(30), {}, {}, {}}};
  const auto ran = run_smi(node, {});
  EXPECT_TRUE(
      shows(ran, "|    0   N/A  N/A            4325      G   /x/00000000000000000000000000007       1714MiB |"));
  EXPECT_TRUE(
      shows(ran, "|    0   N/A  N/A            4326      G   ...00000000000000000000000000007       1714MiB |"));
  EXPECT_TRUE(
      shows(ran, "|    0   N/A  N/A            4323      G   /x/000000000000000000000000007        N/A      |"));
}

// The first number says which of the driver's lists contain the process: bit 0 compute, 1 graphics, 2 MPS
// (node::ProcessKind).
TEST(ProcessTable, NamesEveryCombinationOfKinds) {
  EXPECT_EQ(process_type(1), "C");
  EXPECT_EQ(process_type(2), "G");
  EXPECT_EQ(process_type(1 | 2), "C+G");
  EXPECT_EQ(process_type(1 | 4), "M+C");
  EXPECT_EQ(process_type(1 | 2 | 4), "M+C+G");
  EXPECT_EQ(process_type(2 | 4), "G");
  EXPECT_EQ(process_type(4), "");
}

TEST(ProcessTable, LeavesOutProcessesThatAreOnlyInTheMpsList) {
  FakeNode node;
  node.gpus[0].processes = {{4321, static_cast<unsigned>(node::ProcessKind::mps), "server", 1, {}, {}}};
  EXPECT_TRUE(shows(run_smi(node, {}),
                    "|  No running processes found                                                             |"));
}

// With MIG mode on, graphics clients run on the whole GPU, in addition to the processes of instances (transcript of an
// RTX PRO 6000).
TEST(ProcessTable, ListsProcessesOfInstancesBeforeThoseOfTheGpuAndNoneTwice) {
  FakeNode node;
  auto& gpu = node.gpus[0];
  gpu.profiles = a100_40_profiles();
  gpu.mig = {true, true};
  gpu.instances = {{{mig::GiId{3}, mig::GiProfileId{14}, 4, 2}, {{{mig::CiId{1}, mig::CiProfileId{0}, 1, 1}}}}};
  const node::Process inside{70, static_cast<unsigned>(node::ProcessKind::compute), "train", 64ULL << 20, 3, 1};
  gpu.mig_processes = {inside};
  gpu.processes = {
      inside, {2019, static_cast<unsigned>(node::ProcessKind::graphics), "/usr/lib/xorg/Xorg", 10ULL << 20, {}, {}}};
  const auto ran = run_smi(node, {});
  EXPECT_NE(ran.out.find("|    0    3    1               70      C   train                                    64MiB |\n"
                         "|    0   N/A  N/A            2019      G   /usr/lib/xorg/Xorg                       10MiB |\n"
                         "+---"),
            std::string::npos)
      << ran.out;
}

TEST(GpuTable, ShowsErrForAFigureOfALostGpu) {
  FakeNode node;
  node.gpus[0].refuse_utilization = node::err_gpu_is_lost;
  EXPECT_TRUE(shows(run_smi(node, {}),
                    "| N/A   33C    P0             79W /  700W |       0MiB / 143771MiB |    ERR!      Default |"));
}

// From a transcript of driver 510.47.03 on a vGPU host with an A10.
TEST(R510, PrintsTheNarrowDefaultView) {
  FakeNode node;
  node.about = {"510.47.03", {}, "11.510.47.03"};
  auto& gpu = node.gpus[0];
  gpu.name = "NVIDIA A10";
  gpu.pci.bus_id = "00000000:41:00.0";
  gpu.fan_percent = 0;
  gpu.temperature_c = 52;
  gpu.performance_state = 8;
  gpu.power_mw = 26000;
  gpu.power_limit_mw = 150000;
  gpu.memory_total_mib = 23028;
  gpu.memory_reserved_mib = 0;
  gpu.refuse_mig_mode = node::err_not_supported;
  EXPECT_EQ(run_smi(node, {}).out,
            R"(Fri Nov 20 21:00:53 2026       
+-----------------------------------------------------------------------------+
| NVIDIA-SMI 510.47.03    Driver Version: 510.47.03    CUDA Version: N/A      |
|-------------------------------+----------------------+----------------------+
| GPU  Name        Persistence-M| Bus-Id        Disp.A | Volatile Uncorr. ECC |
| Fan  Temp  Perf  Pwr:Usage/Cap|         Memory-Usage | GPU-Util  Compute M. |
|                               |                      |               MIG M. |
|===============================+======================+======================|
|   0  NVIDIA A10          On   | 00000000:41:00.0 Off |                    0 |
|  0%   52C    P8    26W / 150W |      0MiB / 23028MiB |      0%      Default |
|                               |                      |                  N/A |
+-------------------------------+----------------------+----------------------+

+-----------------------------------------------------------------------------+
| Processes:                                                                  |
|  GPU   GI   CI        PID   Type   Process name                  GPU Memory |
|        ID   ID                                                   Usage      |
|=============================================================================|
|  No running processes found                                                 |
+-----------------------------------------------------------------------------+
)");
}

// Every line of every table of a release has the same width, whatever its content.
TEST(Widths, AreTheSameOnEveryLine) {
  for (const auto& [version, width] : {std::pair{"510.47.03", 79U}, {"580.159.04", 91U}}) {
    FakeNode node;
    node.about.driver_version = version;
    auto& gpu = node.gpus[0];
    gpu.profiles = a100_40_profiles();
    gpu.mig = {true, true};
    gpu.memory_total_mib = 40960;
    gpu.instances = {{{mig::GiId{3}, mig::GiProfileId{14}, 4, 2}, {{{mig::CiId{1}, mig::CiProfileId{0}, 1, 1}}}}};
    gpu.mig_processes = {{70, 1, "train", 64ULL << 20, 3, 1}, {71, 7, std::string(40, 'x'), {}, 3, 1}};
    std::istringstream lines(run_smi(node, {}).out);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) EXPECT_TRUE(line.empty() || line.size() == width) << line;
  }
}

}  // namespace
}  // namespace gpuslice::smi::testing
