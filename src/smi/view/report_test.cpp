// -q, its groups and its XML, compared with the output of nvidia-smi 580.159.04 for an H200.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "smi/testing/recorded_gpu.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

std::string recorded(const std::string& name) {
  std::ifstream in(std::string(GPUSLICE_SMI_RECORDED) + "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

FakeNode recorded_node() {
  FakeNode node;
  node.gpus = {recorded_gpu()};
  return node;
}

TEST(Report, IsTheRecordedOneByteForByte) {
  const auto ran = run_smi(recorded_node(), {"-q"});
  EXPECT_EQ(ran.out, recorded("report.txt"));
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
}

TEST(Report, XmlIsTheRecordedOneByteForByte) {
  const auto ran = run_smi(recorded_node(), {"-q", "-x"});
  EXPECT_EQ(ran.out, recorded("report.xml"));
  EXPECT_EQ(ran.status, 0);
}

std::string shown_by(const char* driver, const FakeGpu& gpu = recorded_gpu()) {
  FakeNode node;
  node.gpus = {gpu};
  node.about.driver_version = driver;
  return run_smi(node, {"-q"}).out;
}
bool has(const std::string& text, const std::string& lines) { return text.find(lines) != std::string::npos; }

// From public transcripts: Tesla P40 on 535.129, H100 on 545.23 and 560.35, RTX 5090 on 570.124.
TEST(Report, OfDriver560HasItsRowsAndColumns) {
  const auto text = shown_by("560.35.03");
  EXPECT_TRUE(has(text, "Driver Version                            : 560.35.03\n"));
  EXPECT_TRUE(has(text, "    Display Mode                          : Enabled\n    Display Active "));
  EXPECT_TRUE(has(text,
                  "    FRU Part Number                       : N/A\n    Module ID                             : 2\n"
                  "    Inforom Version\n"));
  EXPECT_TRUE(has(text,
                  "        vGPU Heterogeneous Mode           : N/A\n    GPU Reset Status\n"
                  "        Reset Required                    : N/A\n"
                  "        Drain and Reset Recommended       : N/A\n"
                  "    GSP Firmware Version                  : 580.159.04\n    IBMNPU\n"));
  EXPECT_TRUE(has(text, "        Base Classcode                    : 0x3\n"));
  EXPECT_TRUE(
      has(text, "        Atomic Caps Outbound              : N/A\n        Atomic Caps Inbound               : N/A\n"));
  EXPECT_TRUE(has(text, "    Utilization\n        Gpu                               : 0 %\n"));
  EXPECT_TRUE(has(text,
                  "    GPU Power Readings\n        Power Draw                        : 122.00 W\n"
                  "        Current Power Limit               : 700.00 W\n"));
  EXPECT_TRUE(has(text, "    Voltage\n        Graphics                          : N/A\n    Fabric\n"));
  EXPECT_TRUE(has(text, "        Health\n            Bandwidth                     : N/A\n    Processes "));
  for (const char* later : {"Platform Info", "PDI", "Recovery Action", "Counters", "DRAM Encryption", "Channel Repair",
                            "Inactive", "Average Power Draw", "Power Smoothing", "Display Attached", "Summary"})
    EXPECT_FALSE(has(text, later)) << later;
}

TEST(Report, OfDriver545HasNoneOfTheLaterRows) {
  const auto text = shown_by("545.23.08");
  EXPECT_TRUE(has(text,
                  "    GSP Firmware Version                  : 580.159.04\n    GPU C2C Mode                          : "
                  "Disabled\n    GPU Virtualization Mode\n"));
  EXPECT_TRUE(
      has(text, "        Atomic Caps Inbound               : N/A\n        Atomic Caps Outbound              : N/A\n"));
  EXPECT_TRUE(has(text,
                  "            SRAM Correctable              : 0\n            SRAM Uncorrectable            : 0\n"
                  "            DRAM Correctable              : 0\n            DRAM Uncorrectable            : 0\n"
                  "    Retired Pages\n"));
  EXPECT_TRUE(
      has(text, "    GPU Memory Power Readings \n        Power Draw                        : 123.46 W\n    Module"));
  EXPECT_TRUE(has(text,
                  "    Fabric\n        State                             : N/A\n        Status                         "
                  "   : N/A\n    Processes "));
  for (const char* later : {"Classcode", "Heterogeneous", "Sparse", "Capabilities", "CliqueId", "Parity"})
    EXPECT_FALSE(has(text, later)) << later;
}

TEST(Report, OfDriver570HasThePlatformButTheOldColumns) {
  const auto text = shown_by("570.124.06");
  EXPECT_TRUE(has(text, "    Platform Info\n        Chassis Serial Number             : N/A\n"));
  EXPECT_TRUE(has(text, "        Reset Required                    : Requested functionality has been deprecated\n"));
  EXPECT_TRUE(has(text, "    GPU Recovery Action                   : None\n"));
  EXPECT_TRUE(has(text, "        GPU                               : 0 %\n"));
  EXPECT_TRUE(has(text, "        Average Power Draw                : 123.46 W\n"));
  EXPECT_FALSE(has(text, "PDI"));
}

// In -q -x of an A100 under 510.47.03, reserved, used and free add up to 2 MiB less than the total, so each is
// truncated. The GPU in this test has 615.0625 MiB reserved and 143155.9375 MiB free.
TEST(Report, OfDriver510TruncatesMemoryFigures) {
  const auto text = shown_by("510.47.03");
  EXPECT_TRUE(has(text, "        Reserved                          : 615 MiB\n"));
  EXPECT_TRUE(has(text, "        Free                              : 143155 MiB\n"));
  EXPECT_TRUE(has(text, "    GPU Part Number                       : "));
  EXPECT_FALSE(has(text, "Board Part Number"));
  EXPECT_FALSE(has(text, "Deferred Clocks"));
  EXPECT_TRUE(has(shown_by("535.129.03"), "        Reserved                          : 616 MiB\n"));
  EXPECT_FALSE(has(shown_by("470.82.01"), "        Reserved "));
}

TEST(Report, OfOldBoardsCountsErrorsByLocation) {
  auto gpu = recorded_gpu();
  gpu.readings.insert_or_assign(fields::Reading::architecture, fields::Value(std::uint64_t{5}));
  const auto text = shown_by("580.159.04", gpu);
  const std::string places =
      "                Device Memory                          : 0\n"
      "                Register File                          : N/A\n"
      "                L1 Cache                               : N/A\n"
      "                L2 Cache                               : N/A\n"
      "                Texture Memory                         : N/A\n"
      "                Texture Shared                         : N/A\n"
      "                CBU                                    : N/A\n"
      "                Total                                  : 0\n";
  const auto life = "            Single Bit            \n" + places + "            Double Bit            \n" + places;
  EXPECT_TRUE(has(text, "        Volatile\n" + life + "        Aggregate\n" + life + "    Retired Pages\n"));
}

// The text output was not recorded; the figures and their order are those of the recorded DTD.
TEST(Report, ListsMigDevices) {
  auto gpu = recorded_gpu();
  gpu.profiles = h200_profiles();
  gpu.mig = {true, true};
  gpu.instances = {{{mig::GiId{2}, mig::GiProfileId{5}, 0, 4}, {{{mig::CiId{0}, mig::CiProfileId{3}, 0, 4}}}}};
  const auto text = shown_by("580.159.04", gpu);
  EXPECT_TRUE(has(text, R"(    MIG Mode
        Current                                        : Enabled
        Pending                                        : Enabled
    MIG Device
        Index                                          : 0
        GPU Instance ID                                : 2
        Compute Instance ID                            : 0
        Device Attributes
            Shared
                Multiprocessor count                   : 64
                Copy Engine count                      : 4
                Encoder count                          : 0
                Decoder count                          : 4
                OFA count                              : 0
                JPG count                              : 4
        ECC Errors
            Volatile
                SRAM Uncorrectable                     : 0
        FB Memory Usage
            Total                                      : 71424 MiB
            Reserved                                   : 0 MiB
            Used                                       : 142 MiB
            Free                                       : 71282 MiB
        BAR1 Memory
            Total                                      : 12211 MiB
            Used                                       : 0 MiB
            Free                                       : 12211 MiB
    Accounting Mode )"));
}

TEST(Report, ListsProcessesInTheirOwnColumns) {
  auto gpu = recorded_gpu();
  gpu.processes = {{10052, 1, "/tmp/burn", 4614ULL << 20, {}, {}}, {7, 2, "Xorg", {}, {}, {}}};
  EXPECT_TRUE(has(shown_by("580.159.04", gpu), R"(    Processes
        GPU instance ID                   : N/A
        Compute instance ID               : N/A
        Process ID                        : 10052
            Type                          : C
            Name                          : /tmp/burn
            Used GPU Memory               : 4614 MiB
        GPU instance ID                   : N/A
        Compute instance ID               : N/A
        Process ID                        : 7
            Type                          : G
            Name                          : Xorg
            Used GPU Memory               : N/A
    Capabilities
)"));
}

TEST(Report, ShowsWhenTheBlackBoxWasWritten) {
  auto gpu = recorded_gpu();
  gpu.readings.insert_or_assign(fields::Reading::bbx_flush_time, fields::Value(std::uint64_t{1708607369459000}));
  gpu.readings.insert_or_assign(fields::Reading::bbx_flush_duration, fields::Value(std::uint64_t{119019}));
  EXPECT_TRUE(has(shown_by("580.159.04", gpu),
                  "        Latest Timestamp                               : 2024/02/22 13:09:29.459\n"
                  "        Latest Duration                                : 119019 us\n"));
}

TEST(Report, CountsAllGpusAndShowsTheSelectedOnes) {
  FakeNode node;
  node.gpus = {recorded_gpu(), recorded_gpu(), recorded_gpu()};
  for (std::size_t i = 0; i < 3; ++i) node.gpus[i].pci.bus_id = "00000000:0" + std::to_string(i) + ":00.0";
  EXPECT_EQ(run_smi(node, {"-q", "-i", "2,0", "-d", "COMPUTE"}).out,
            "\n==============NVSMI LOG==============\n\n"
            "Timestamp                                              : Fri Nov 20 21:00:53 2026\n"
            "Driver Version                                         : 580.159.04\n"
            "CUDA Version                                           : 13.0\n\n"
            "Attached GPUs                                          : 3\n"
            "GPU 00000000:00:00.0\n"
            "    Compute Mode                                       : Default\n\n"
            "GPU 00000000:02:00.0\n"
            "    Compute Mode                                       : Default\n\n");
}

TEST(LostGpu, IsLeftOutAndReportedOnStandardError) {
  FakeNode node;
  node.gpus = {recorded_gpu(), recorded_gpu()};
  node.gpus[0].unreachable = node::err_gpu_is_lost;
  const auto ran = run_smi(node, {"--query-gpu=index", "--format=csv,noheader"});
  EXPECT_EQ(ran.out, "1\n");
  EXPECT_EQ(ran.err,
            "Unable to determine the device handle for GPU0: 0000:00:06.0: GPU is lost.  Reboot the system to recover "
            "this GPU\n\n\n");
  EXPECT_EQ(ran.status, 0);
}

TEST(LostGpu, IsReportedAtItsPositionInTheList) {
  FakeNode node;
  node.gpus = {recorded_gpu(), recorded_gpu()};
  node.gpus[0].unreachable = node::err_gpu_is_lost;
  const auto ran = run_smi(node, {"-L"});
  EXPECT_EQ(
      ran.out,
      "Unable to determine the device handle for gpu 0000:00:06.0: GPU is lost.  Reboot the system to recover this "
      "GPU\n\n\nGPU 1: NVIDIA H200 (UUID: GPU-11111111-2222-3333-4444-555555555555)\n");
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.status, node::err_gpu_is_lost);
}

TEST(LostGpu, IsFollowedByNoDevicesIfItWasTheLast) {
  FakeNode node = recorded_node();
  node.gpus[0].unreachable = 999;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"-q"}, {}, {"-q", "-x"}}) {
    const auto ran = run_smi(node, words);
    EXPECT_EQ(ran.out, "No devices were found\n");
    EXPECT_EQ(ran.err, "Unable to determine the device handle for GPU0: 0000:00:06.0: Unknown Error\n");
    EXPECT_EQ(ran.status, 6);
  }
  node.gpus[0].unreachable = node::err_no_permission;
  const auto ran = run_smi(node, {"-q"});
  EXPECT_EQ(ran.out, "No devices were found. Please make sure /dev/nvidia* files are readable by current user.\n");
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.status, 4);
}

// Recorded with driver calls that were refused.
TEST(Lists, RefusedOnesAreOneLine) {
  FakeNode node = recorded_node();
  node.gpus[0].refuse_accounted = node::err_no_permission;
  EXPECT_TRUE(has(run_smi(node, {"-q", "-d", "ACCOUNTING"}).out,
                  "    Accounted Processes                                : Insufficient Permissions\n"));
  EXPECT_TRUE(has(run_smi(node, {"-q", "-x"}).out,
                  "\t\t<accounted_processes>Insufficient Permissions</accounted_processes>\n"));
  node.gpus[0].refuse_accounted = node::err_not_supported;
  EXPECT_TRUE(has(run_smi(node, {"-q", "-x"}).out, "\t\t<accounted_processes>N/A</accounted_processes>\n"));
  node.gpus[0].refuse_memory_clocks = node::err_not_supported;
  EXPECT_TRUE(has(run_smi(node, {"-q", "-x"}).out, "\t\t<supported_clocks>N/A</supported_clocks>\n"));
  EXPECT_TRUE(has(run_smi(node, {"-q", "-d", "SUPPORTED_CLOCKS"}).out,
                  "    Supported Clocks                                   : N/A\n"));
  node.gpus[0].refuse_memory_clocks = 0;
  EXPECT_TRUE(has(run_smi(node, {"-q", "-d", "SUPPORTED_CLOCKS"}).out,
                  "    Supported Clocks\n"
                  "        Memory                                         : 3201 MHz\n"
                  "            Graphics                                   : N/A\n"
                  "        Memory                                         : 2201 MHz\n"));
}

TEST(QueryLists, ShowAccountedProcessesAndRetiredPages) {
  FakeNode node = recorded_node();
  node.gpus[0].accounted = {{10, 5U, {}, 7ULL << 20, 8, false}};
  node.gpus[0].retired_corrected = {{0x1000, 1708607369}};
  node.gpus[0].retired_uncorrected = std::vector<node::RetiredPage>{};
  EXPECT_EQ(run_smi(node, {"--query-accounted-apps=pid,gpu_util,mem_util,max_memory_usage,time"}).out,
            "pid, gpu_utilization [%], mem_utilization [%], max_memory_usage [MiB], time [ms]\n"
            "10, 5 %, [N/A], 7 MiB, 8 ms\n");
  EXPECT_EQ(run_smi(node, {"--query-retired-pages=retired_pages.address,retired_pages.cause"}).out,
            "retired_pages.address, retired_pages.cause\n0x0000000000001000, Single Bit ECC\n");
}

}  // namespace
}  // namespace gpuslice::smi::testing
