// The catalogue compared with nvidia-smi's output on real GPUs: each row of `mig -lgip`, the lines of `mig -lgipp` and
// the figures of the default view, as they were printed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/product.hpp"
#include "mig/partition.hpp"

namespace gpuslice::catalog {
namespace {

// One GPU instance profile as -lgip prints it, but with single blanks between the fields: name id count memory SM DEC
// ENC CE JPEG OFA.
std::vector<std::string> lgip(const mig::Capability& can) {
  std::vector<const mig::GiProfile*> order;
  for (const auto& profile : can.profiles) order.push_back(&profile);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::tuple(a->slices, *a->memory_mib, a->id.value) < std::tuple(b->slices, *b->memory_mib, b->id.value);
  });
  std::vector<std::string> rows;
  for (const auto* p : order) {
    const auto& e = *p->engines;
    rows.push_back(fmt::format("MIG {} {} {} {:.2f} {} {} {} {} {} {}", p->name, p->id.value, p->max_count,
                               *p->memory_mib / 1024.0, *p->multiprocessors, e.decoder, e.encoder, e.copy, e.jpeg,
                               e.ofa));
  }
  return rows;
}

std::vector<std::string> lgipp(const mig::Capability& can) {
  std::vector<std::string> rows;
  for (const auto& p : can.profiles) {
    std::string starts;
    for (const auto site : p.sites) starts += fmt::format("{}{}", starts.empty() ? "" : ",", site.start);
    rows.push_back(fmt::format("{} {{{}}}:{}", p.id.value, starts, p.sites[0].size));
  }
  return rows;
}

using Rows = std::vector<std::string>;

TEST(Transcripts, H200Recorded) {
  const auto can = capability(*find("h200").value(), "580.159.04", "NVIDIA H200");
  EXPECT_EQ(lgip(can), (Rows{"MIG 1g.18gb 19 7 16.00 16 1 0 1 1 0", "MIG 1g.18gb+me 20 1 16.00 16 1 0 1 1 1",
                             "MIG 1g.35gb 15 4 32.50 26 1 0 1 1 0", "MIG 2g.35gb 14 3 32.50 32 2 0 2 2 0",
                             "MIG 3g.71gb 9 2 69.75 60 3 0 3 3 0", "MIG 4g.71gb 5 1 69.75 64 4 0 4 4 0",
                             "MIG 7g.141gb 0 1 140.00 132 7 0 8 7 1"}));
  EXPECT_EQ(lgipp(can), (Rows{"19 {0,1,2,3,4,5,6}:1", "14 {0,2,4}:2", "9 {0,4}:4", "5 {0}:4", "0 {0}:8",
                              "20 {0,1,2,3,4,5,6}:1", "15 {0,2,4,6}:2"}));
  const auto& h200 = at_board(*find("h200").value(), "NVIDIA H200");
  EXPECT_EQ(h200.memory_total_mib.value, 143771U);
  EXPECT_EQ(h200.memory_total_mib.confidence, Confidence::recorded);
  EXPECT_EQ(h200.memory_reserved_bytes.value, 644939776U);
  EXPECT_EQ(h200.memory_reserved_mib.value, 616U);
  EXPECT_EQ(h200.bar1_total_mib.value, 262144U);
  EXPECT_EQ(h200.power_limit_w.value, 700U);
  EXPECT_EQ(h200.pci_device_id, 0x2335);
  EXPECT_EQ(h200.pci_subsystem_id, 0x18BF10DEU);
  EXPECT_EQ(h200.pci_subclass, 2);
  EXPECT_TRUE(h200.fan_percent.absent());
  EXPECT_EQ(at_board(*find("h200").value(), "NVIDIA H200 NVL").power_limit_w.value, 600U);
}

TEST(Transcripts, A100Node) {
  const auto& product = *find("a100").value();
  // Source: lspci -vvv of an A100-SXM4-40GB, open-mpi/hwloc issue 653.
  EXPECT_EQ(at_board(product, "NVIDIA A100-SXM4-40GB").pci_subsystem_id, 0x134F10DEU);
  const auto can = capability(product, "580.126.09", "NVIDIA A100-SXM4-40GB");
  EXPECT_EQ(lgip(can), (Rows{"MIG 1g.5gb 19 7 4.75 14 0 0 1 0 0", "MIG 1g.5gb+me 20 1 4.75 14 1 0 1 1 1",
                             "MIG 1g.10gb 15 4 9.75 14 1 0 1 0 0", "MIG 2g.10gb 14 3 9.75 28 1 0 2 0 0",
                             "MIG 3g.20gb 9 2 19.62 42 2 0 3 0 0", "MIG 4g.20gb 5 1 19.62 56 2 0 4 0 0",
                             "MIG 7g.40gb 0 1 39.38 98 5 0 7 1 1"}));
  EXPECT_EQ(product.memory_total_mib.value, 40960U);
  EXPECT_EQ(product.power_limit_w.value, 400U);
  EXPECT_EQ(product.usual_variant, std::nullopt);  // boards of both variants exist
  EXPECT_EQ(at_board(product, "NVIDIA A100-PCIE-40GB").power_limit_w.value, 250U);
  const auto* inside_2g = &can.find("2g.10gb")->compute;
  ASSERT_EQ(inside_2g->size(), 2U);
  EXPECT_EQ((*inside_2g)[0].max_count, 2);
  EXPECT_EQ((*inside_2g)[0].multiprocessors, 14);
  EXPECT_EQ((*inside_2g)[1].multiprocessors, 28);
  EXPECT_EQ(can.find("4g.20gb")->compute.size(), 3U);  // 1c, 2c and 4c, but no 3c
}

TEST(Transcripts, RtxPro6000MaxQ) {
  const auto* name = "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition";
  const auto& product = *find(name).value();
  const auto can = capability(product, "580.105.08", name);
  EXPECT_EQ(lgip(can), (Rows{"MIG 1g.24gb 14 4 23.62 46 1 1 1 1 0", "MIG 1g.24gb+me 21 1 23.62 46 1 1 1 1 1",
                             "MIG 1g.24gb+gfx 47 4 23.62 46 1 1 1 1 0", "MIG 1g.24gb+me.all 65 1 23.62 46 4 4 1 4 1",
                             "MIG 1g.24gb-me 67 4 23.62 46 0 0 1 0 0", "MIG 2g.48gb 5 2 47.38 94 2 2 2 2 0",
                             "MIG 2g.48gb+gfx 35 2 47.38 94 2 2 2 2 0", "MIG 2g.48gb+me.all 64 1 47.38 94 4 4 2 4 1",
                             "MIG 2g.48gb-me 66 2 47.38 94 0 0 2 0 0", "MIG 4g.96gb 0 1 95.00 188 4 4 4 4 1",
                             "MIG 4g.96gb+gfx 32 1 95.00 188 4 4 4 4 1"}));
  EXPECT_EQ(can.grid, 12);
  EXPECT_EQ(can.find("1g.24gb+gfx")->graphics, true);
  const auto& board = at_board(product, name);
  EXPECT_EQ(board.memory_total_mib.value, 97887U);
  EXPECT_EQ(board.power_limit_w.value, 300U);
  EXPECT_EQ(board.fan_percent.value, 30U);
  EXPECT_EQ(board.idle_performance_state.value, 8U);
  EXPECT_EQ(board.ecc.value, false);
  EXPECT_EQ(board.pci_subclass, 0);
  const auto& server = at_board(product, "NVIDIA RTX PRO 6000 Blackwell Server Edition");
  EXPECT_TRUE(server.fan_percent.absent());
  EXPECT_EQ(server.ecc.value, true);
}

TEST(Transcripts, H100Nvl) {
  const auto& product = *find("h100-nvl").value();
  EXPECT_EQ(lgip(capability(product, "560.35.03", "NVIDIA H100 NVL")),
            (Rows{"MIG 1g.12gb 19 7 10.75 16 1 0 1 1 0", "MIG 1g.12gb+me 20 1 10.75 16 1 0 1 1 1",
                  "MIG 1g.24gb 15 4 21.62 26 1 0 1 1 0", "MIG 2g.24gb 14 3 21.62 32 2 0 2 2 0",
                  "MIG 3g.47gb 9 2 46.38 60 3 0 3 3 0", "MIG 4g.47gb 5 1 46.38 64 4 0 4 4 0",
                  "MIG 7g.94gb 0 1 93.12 132 7 0 8 7 1"}));
  // The other known set, whose driver version is unknown.
  ASSERT_EQ(product.memory_sets.size(), 2U);
  const auto& other = product.memory_sets[1];
  EXPECT_EQ(other.driver, "");
  EXPECT_EQ(std::tuple(other.eighth, other.quarter, other.half, other.full),
            std::tuple(10880U, 22016U, 47232U, 94848U));
  EXPECT_EQ(product.usual_variant, BoardVariant::a);
}

TEST(Transcripts, H100Pcie) {
  const auto& product = *find("h100-pcie").value();
  EXPECT_EQ(lgip(capability(product, "570.169", "NVIDIA H100 PCIe")),
            (Rows{"MIG 1g.10gb 19 7 9.75 14 1 0 1 1 0", "MIG 1g.10gb+me 20 1 9.75 14 1 0 1 1 1",
                  "MIG 1g.20gb 15 4 19.62 14 1 0 1 1 0", "MIG 2g.20gb 14 3 19.62 30 2 0 2 2 0",
                  "MIG 3g.40gb 9 2 39.50 46 3 0 3 3 0", "MIG 4g.40gb 5 1 39.50 62 4 0 4 4 0",
                  "MIG 7g.80gb 0 1 79.25 114 7 0 8 7 1"}));
  EXPECT_EQ(product.multiprocessors.value, 114U);
  EXPECT_EQ(product.usual_variant, BoardVariant::b);
}

// nvidia-smi mig -lcip of a 2g.20gb of an H100 80GB HBM3: 1c ID 0, 1c ID 7 with 26 SM, 2c ID 1.
TEST(Transcripts, TwoGOfH100HasALargerOneSliceComputeProfile) {
  const auto& two = *find("h100").value()->capability.find("2g.20gb");
  const auto* larger = two.find(mig::CiProfileId{7});
  ASSERT_NE(larger, nullptr);
  EXPECT_EQ(larger->slices, 1);
  EXPECT_EQ(larger->max_count, 1);
  EXPECT_EQ(larger->multiprocessors, 26);
  EXPECT_FALSE(larger->is_default);
  EXPECT_EQ(two.compute.size(), 3U);
  mig::GpuInstance inside{mig::GiId{5}, two.id, two.sites[0], {}};
  inside.compute.push_back({mig::CiId{0}, larger->id, larger->sites[0]});
  for (const auto& ci : two.compute) EXPECT_EQ(mig::remaining(two, inside, ci), 0U) << ci.id.value;
}

TEST(Transcripts, A30) {
  const auto can = capability(*find("a30").value(), "535.183", "NVIDIA A30");
  EXPECT_EQ(lgip(can), (Rows{"MIG 1g.6gb 14 4 5.81 14 1 0 1 0 0", "MIG 1g.6gb+me 21 1 5.81 14 1 0 1 1 1",
                             "MIG 2g.12gb 5 2 11.69 28 2 0 2 0 0", "MIG 2g.12gb+me 6 1 11.69 28 2 0 2 1 1",
                             "MIG 4g.24gb 0 1 23.44 56 4 0 4 1 1"}));
}

TEST(Transcripts, A10) {
  const auto& a10 = *find("NVIDIA A10").value();
  EXPECT_EQ(a10.memory_total_mib.value, 23028U);
  EXPECT_EQ(a10.power_limit_w.value, 150U);
  EXPECT_EQ(a10.fan_percent.value, 0U);
  EXPECT_EQ(a10.idle_performance_state.value, 8U);
  EXPECT_EQ(a10.pci_device_id, 0x2236);
  EXPECT_EQ(a10.pci_subclass, 2);
  EXPECT_FALSE(a10.capability.mode.supported);
}

TEST(Transcripts, BoardsOfTheDefaultView) {
  const auto memory = [](std::string_view name) { return at_board(*find(name).value(), name).memory_total_mib.value; };
  const auto cap = [](std::string_view name) { return at_board(*find(name).value(), name).power_limit_w.value; };
  struct Line {
    const char* name;
    std::uint32_t mib, watts;
  };
  for (const auto& line :
       {Line{"NVIDIA A30", 24576, 165}, Line{"NVIDIA A100-SXM4-80GB", 81920, 400},
        Line{"NVIDIA A100 80GB PCIe", 81920, 300}, Line{"NVIDIA H100 80GB HBM3", 81559, 700},
        Line{"NVIDIA H100 PCIe", 81559, 350}, Line{"NVIDIA H100 NVL", 95830, 400},
        Line{"NVIDIA GH200 480GB", 97871, 900}, Line{"NVIDIA H20", 97871, 500}, Line{"NVIDIA B200", 183359, 1000},
        Line{"NVIDIA GB200", 189471, 1200}, Line{"NVIDIA B300 SXM6 AC", 275040, 1100},
        Line{"NVIDIA GB300", 284208, 1400}, Line{"Tesla T4", 15360, 70}, Line{"Tesla V100-SXM2-16GB", 16384, 300},
        Line{"Tesla V100-SXM2-32GB", 32768, 300}, Line{"NVIDIA GeForce RTX 4090", 24564, 450}}) {
    EXPECT_EQ(memory(line.name), line.mib) << line.name;
    EXPECT_EQ(cap(line.name), line.watts) << line.name;
  }
}

}  // namespace
}  // namespace gpuslice::catalog
