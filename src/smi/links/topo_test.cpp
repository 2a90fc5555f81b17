// Tables of several GPUs, taken from published output of hosts with NVLink switches, with direct links, and without
// links.
#include <gtest/gtest.h>

#include "smi/links/number_list.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

using node::ConfidentialCompute;
using node::LinkFigure;
using node::LinkPeer;
using node::PathLevel;
using node::PeerAccess;
using node::PeerStatus;

constexpr auto level = [](PathLevel path) { return static_cast<std::uint32_t>(path); };

FakeNode four_gpus() {
  FakeNode node;
  node.gpus.resize(4);
  for (std::uint32_t i = 0; i < 4; ++i) {
    auto& gpu = node.gpus[i];
    gpu.pci.bus_id = "00000000:0" + std::to_string(i + 1) + ":00.0";
    for (std::uint32_t cpu = 0; cpu < 24; ++cpu) gpu.cpus.push_back(i / 2 * 24 + cpu);
    gpu.numa_nodes = {i / 2};
    gpu.paths = {{i ^ 1U, level(PathLevel::switches)}};
  }
  return node;
}

void add_links(FakeGpu& gpu, std::uint32_t count, const std::string& peer) {
  for (std::uint32_t i = 0; i < count; ++i)
    gpu.links.push_back({{{LinkFigure::state, 1}, {LinkFigure::speed_mb, 26562}}, LinkPeer{peer, i}});
}

std::string rows(const std::string& text) { return text.substr(0, text.find("\nLegend")); }

TEST(Topo, ShowsPathsBetweenGpus) {
  EXPECT_EQ(rows(run_smi(four_gpus(), {"topo", "-m"}).out),
            "\t\x1b[4mGPU0\tGPU1\tGPU2\tGPU3\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\x1b[0m\n"
            "GPU0\t X \tPXB\tSYS\tSYS\t0-23\t0\t\tN/A\n"
            "GPU1\tPXB\t X \tSYS\tSYS\t0-23\t0\t\tN/A\n"
            "GPU2\tSYS\tSYS\t X \tPXB\t24-47\t1\t\tN/A\n"
            "GPU3\tSYS\tSYS\tPXB\t X \t24-47\t1\t\tN/A\n");
}

TEST(Topo, CountsDirectLinks) {
  const auto node = four_gpus();
  add_links(node.gpus[0], 12, node.gpus[1].pci.bus_id);
  add_links(node.gpus[1], 12, node.gpus[0].pci.bus_id);
  const auto text = run_smi(node, {"topo", "-m"}).out;
  EXPECT_NE(text.find("GPU0\t X \tNV12\tSYS\tSYS\t"), std::string::npos) << text;
  EXPECT_NE(text.find("GPU2\tSYS\tSYS\t X \tPXB\t"), std::string::npos) << text;
  EXPECT_NE(text.find("NV#"), std::string::npos);
  const auto pci = run_smi(node, {"topo", "-mp"}).out;
  EXPECT_NE(pci.find("GPU0\t X \tPXB\tSYS\tSYS\t"), std::string::npos) << pci;
  EXPECT_EQ(pci.find("NV"), pci.find("NVIDIA")) << "no NVLink in the PCIe table";
}

TEST(Topo, ThroughSwitchesCountsTheLinksThatBothGpusHave) {
  const auto node = four_gpus();
  for (auto& gpu : node.gpus) add_links(gpu, 18, "00000008:00:00.0");
  node.gpus[2].links.resize(16);
  const auto text = run_smi(node, {"topo", "--matrix"}).out;
  EXPECT_NE(text.find("GPU0\t X \tNV18\tNV16\tNV18\t"), std::string::npos) << text;
  EXPECT_NE(text.find("GPU2\tNV16\tNV16\t X \tNV16\t"), std::string::npos) << text;
}

TEST(Topo, ShowsAtMostSixRangesOfCpus) {
  const auto node = four_gpus();
  node.gpus[0].cpus = {0, 2, 4, 6, 8, 10, 12, 14};
  node.gpus[0].own_numa_node = 2;
  EXPECT_NE(run_smi(node, {"topo", "-m"}).out.find("\t0,2,4,6,8,10\t0\t\t2\n"), std::string::npos);
}

TEST(Topo, ShowsPeerAccess) {
  const auto node = four_gpus();
  node.gpus[0].peers = {{PeerAccess::read, PeerStatus::ok}};
  node.gpus[1].peers = {{PeerAccess::read, PeerStatus::chipset_not_supported}};
  EXPECT_EQ(rows(run_smi(node, {"topo", "-p2p", "r"}).out),
            " \t\x1b[4mGPU0\tGPU1\tGPU2\tGPU3\t\x1b[0m\n GPU0\tX\tOK\tOK\tOK\t\n GPU1\tCNS\tX\tCNS\tCNS\t\n"
            " GPU2\tNS\tNS\tX\tNS\t\n GPU3\tNS\tNS\tNS\tX\t\n");
}

TEST(Topo, NamesThePathBetweenTwoGpus) {
  const auto ran = run_smi(four_gpus(), {"topo", "-p", "-i", "0,1"});
  EXPECT_EQ(ran.out, "Device 0 is connected to device 1 by way of potentially multiple PCIe switches.\n\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(run_smi(four_gpus(), {"topo", "-p", "-i", "1,1"}).status, 2);
  const auto wrong = run_smi(four_gpus(), {"topo", "-n", "9", "-i", "1"});
  EXPECT_EQ(wrong.out, "Failed to display the nearest GPUs\n\n");
  EXPECT_EQ(wrong.status, 255);
  EXPECT_EQ(run_smi(four_gpus(), {"topo", "-n", "5", "-i", "3"}).out,
            "Device 3 is connected by way of an SMP interconnect link between NUMA nodes to device(s): 0, 1\n\n");
}

TEST(Topo, LeavesALostGpuOut) {
  const auto node = four_gpus();
  node.gpus[1].unreachable = node::err_gpu_is_lost;
  EXPECT_EQ(rows(run_smi(node, {"topo", "-m"}).out),
            "\t\x1b[4mGPU0\tGPU2\tGPU3\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\x1b[0m\n"
            "GPU0\t X \tSYS\tSYS\t0-23\t0\t\tN/A\n"
            "GPU2\tSYS\t X \tPXB\t24-47\t1\t\tN/A\n"
            "GPU3\tSYS\tPXB\t X \t24-47\t1\t\tN/A\n");
  const auto near = run_smi(node, {"topo", "-c", "3"});
  EXPECT_EQ(near.out,
            "The GPUs that have an affinity with CPU 3 are:\n0, Failed to display GPUs with affinity for a given "
            "CPU information\n\n");
  EXPECT_EQ(near.status, 255);
  EXPECT_EQ(run_smi(node, {"topo", "-C", "-i", "1"}).status, node::err_not_found);
}

TEST(Topo, FailsIfAGpuDoesNotReportItsBrand) {
  const auto refused = [](fields::Reading reading) {
    auto node = four_gpus();
    node.gpus[2].readings.insert_or_assign(reading, std::unexpected(node::DriverError{999, "Unknown Error"}));
    return run_smi(node, {"topo", "-m"});
  };
  EXPECT_EQ(refused(fields::Reading::brand).out, "Failed to run topology matrix\n\n");
  const auto half = refused(fields::Reading::architecture);
  EXPECT_TRUE(half.out.ends_with("GPU NUMA ID\x1b[0m\nFailed to run topology matrix\n\n")) << half.out;
  EXPECT_EQ(half.status, 255);
}

TEST(Topo, SaysWhichOptionNeedsAGpu) {
  EXPECT_EQ(run_smi(four_gpus(), {"topo", "-C"}).out,
            "NUMA ID of nearest CPU must be used in conjunction with the -i argument which must be a single "
            "identifier.\n\n");
  EXPECT_EQ(run_smi(four_gpus(), {"topo", "-n", "4"}).status, 2);
  EXPECT_EQ(run_smi(four_gpus(), {"topo", "-i", "0"}).status, 255);
}

TEST(Topo, NamesTheGpusNearACpu) {
  EXPECT_EQ(run_smi(four_gpus(), {"topo", "-c", "30"}).out,
            "The GPUs that have an affinity with CPU 30 are:\n2, 3\n\n");
}

TEST(Nvlink, ShowsLinksAndTheirCounters) {
  const auto node = four_gpus();
  auto& gpu = node.gpus[1];
  add_links(gpu, 2, "00000000:CD:00.0");
  gpu.links[1].figures[LinkFigure::state] = 0;
  gpu.links[0].figures[LinkFigure::replay_errors] = 3;
  gpu.links[0].figures[LinkFigure::peer_access] = 1;
  gpu.links[0].figures[LinkFigure::sli] = 0;
  gpu.links[0].figures[LinkFigure::data_sent_kib] = 100;
  const std::string head = "GPU 1: NVIDIA H200 (UUID: GPU-11111111-2222-3333-4444-555555555555)\n";
  EXPECT_EQ(run_smi(node, {"nvlink", "-s"}).out, head + "\t Link 0: 26.562 GB/s\n\t Link 1: <inactive>\n");
  EXPECT_EQ(run_smi(node, {"nvlink", "--status", "-l", "1"}).out.substr(head.size()),
            "NVML: Unable to retrieve NVLink information as all links are inActive\n");
  EXPECT_EQ(run_smi(node, {"nvlink", "-c"}).out,
            head + "\t Link 0, P2P is supported: true\n\t Link 0, SLI is supported: false\n");
  EXPECT_EQ(run_smi(node, {"nvlink", "-R", "-l", "0"}).out,
            head + "\t Link 0: Remote Device 00000000:CD:00.0: Link 0\n");
  EXPECT_EQ(run_smi(node, {"nvlink", "-p", "-i", "1", "-l", "0"}).out, head + "\t Link 0: 00000000:CD:00.0\n");
  EXPECT_EQ(run_smi(node, {"nvlink", "-e", "-l", "0"}).out,
            head + "\t Link 0: Replay Errors: 3\n\t Link 0: Recovery Errors: N/A\n\t Link 0: CRC Errors: N/A\n\n");
  EXPECT_EQ(run_smi(node, {"nvlink", "-gt", "d", "-l", "0"}).out,
            head + "\t Link 0: Data Tx: 100 KiB\n\t Link 0: Data Rx: N/A\n");
}

TEST(Nvlink, RefusesOptionsWhoseOutputIsUnknown) {
  const auto node = four_gpus();
  EXPECT_EQ(run_smi(node, {"nvlink", "-ec"}).err, "");
  add_links(node.gpus[0], 1, "00000000:CD:00.0");
  EXPECT_NE(run_smi(node, {"nvlink", "-ec"}).err.find("nvlink -ec of a GPU with links"), std::string::npos);
  EXPECT_EQ(run_smi(node, {"nvlink", "-re"}).status, 255);
}

TEST(C2c, ShowsLinks) {
  const auto node = four_gpus();
  node.gpus[2].c2c_speeds = {44712, 44712};
  EXPECT_EQ(run_smi(node, {"c2c", "-s"}).out,
            "GPU 2: NVIDIA H200 (UUID: GPU-11111111-2222-3333-4444-555555555555)\n\t C2C Link 0: 44.712 GB/s\n"
            "\t C2C Link 1: 44.712 GB/s\n");
}

TEST(ConfCompute, ShowsThatItIsOn) {
  const FakeNode node;
  node.state().confidential = ConfidentialCompute{2, true, false, 2, true, true};
  EXPECT_EQ(run_smi(node, {"conf-compute", "-f"}).out, "CC status: ON\n");
  EXPECT_EQ(run_smi(node, {"conf-compute", "-e"}).out, "CC Environment: PRODUCTION\n");
  EXPECT_EQ(run_smi(node, {"conf-compute", "-grs"}).out, "Confidential Compute GPUs Ready state: ready\n");
}

TEST(Sessions, HaveALineEach) {
  const FakeNode node;
  node.gpus[0].encoder_sessions = {{1, 4242, 1, 1920, 1080, 60, 900}};
  node.gpus[0].capture_sessions = {{2, 77, 0, 1, 1 | 8, 3840, 2160, 1920, 1080, 30, 1200}};
  const auto encoder = run_smi(node, {"encodersessions", "-l", "2"}, 1);
  EXPECT_TRUE(encoder.out.ends_with("    0       1       4242    HEVC    1920    1080      60         900\n"))
      << encoder.out;
  EXPECT_EQ(encoder.pauses, std::vector<std::chrono::milliseconds>(2, std::chrono::seconds(2)));
  EXPECT_TRUE(run_smi(node, {"fbcsessions"}, 0)
                  .out.ends_with("    0         2        77         0     ToSys   Enabled    Disabled          Wait    "
                                 "3840    2160  1920  1080        30          1200\n"));
}

TEST(Numbers, AreJoinedIntoRanges) {
  EXPECT_EQ(ranges_text({}, 6), "");
  EXPECT_EQ(ranges_text({3}, 6), "3");
  EXPECT_EQ(ranges_text({0, 1, 2, 5, 7, 8}, 6), "0-2,5,7-8");
  EXPECT_EQ(ranges_text({0, 1, 2, 5, 7, 8}, 2), "0-2,5");
}

}  // namespace
}  // namespace gpuslice::smi::testing
