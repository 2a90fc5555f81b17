#include "sim/memory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

using catalog::BoardVariant;

struct Board {
  GpuConfig config;
  mig::Capability capability;

  Board(const char* product, const char* driver) : config(testing::gpu_config(product, driver, BoardVariant::a, 0)) {
    capability = catalog::capability(**catalog::find(product), driver, config.name.view());
  }
  [[nodiscard]] const mig::GiProfile& profile(const char* name) const { return *capability.find(name); }
  // `standing`: profile names of the instances, each at its first free placement.
  [[nodiscard]] mig::GpuState with(const std::vector<const char*>& standing) const {
    mig::GpuState state;
    state.mode = state.pending = true;
    for (const auto* name : standing) {
      mig::GpuInstance made;
      made.id = mig::GiId{static_cast<unsigned>(state.partition.instances.size())};
      made.profile = profile(name).id;
      made.placement = mig::free_sites(capability, state.partition, profile(name))[0];
      state.partition.instances.push_back(made);
    }
    return state;
  }
};

Client client(int gi, std::uint64_t memory, std::uint64_t hidden = 0) {
  Client one;
  one.used = 1;
  one.gi = gi;
  one.ci = gi < 0 ? -1 : 0;
  one.memory_bytes = memory;
  one.hidden_bytes = hidden;
  return one;
}

// Memory use of idle MIG devices in transcripts: 142, 71 and 36 MiB (35.5 before nvidia-smi rounds up) for an A100; the
// others are from the catalogue.
TEST(InstanceMemory, TotalFollowsTheProfileAndIdleUseTheComputeSlices) {
  const struct {
    const char* product;
    const char* driver;
    const char* profile;
    std::uint64_t total_mib;
    double used_mib;
  } rows[] = {
      {"a100-40gb", "580.126.09", "4g.20gb", 20096, 142},
      {"a100-40gb", "580.126.09", "2g.10gb", 9984, 71},
      {"a100-40gb", "580.126.09", "1g.5gb", 4864, 35.5},
      {"a100-40gb", "580.126.09", "1g.10gb", 9984, 35.5},  // a quarter of the memory, one compute slice
      {"h100-80gb-sxm5", "580.65.06", "3g.40gb", 40448, 43.5},
      {"rtx-pro-6000-blackwell-96gb", "580.105.08", "1g.24gb", 24192, 64},
      {"a30-24gb", "535.183.01", "2g.12gb", 11968, 25},
      {"h100-80gb-pcie", "570.169", "1g.10gb", 9984, 14.5},
      {"a100-40gb", "510.47.03", "1g.5gb", 4864, 6.4},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.product) + " " + row.profile);
    const Board board(row.product, row.driver);
    const auto use = instance_memory(board.config, board.capability, board.profile(row.profile), mig::GiId{3}, {});
    EXPECT_EQ(use.total, row.total_mib * mib);
    EXPECT_EQ(use.used, static_cast<std::uint64_t>(row.used_mib * mib));
    EXPECT_EQ(use.reserved, 0u);
    EXPECT_EQ(use.free, use.total - use.used);
  }
}

TEST(GpuMemory, SumsItsInstancesBeforeRounding) {
  const struct {
    const char* product;
    const char* driver;
    std::vector<const char*> standing;
    std::uint64_t used;
  } rows[] = {
      {"a100-40gb", "580.126.09", {"4g.20gb", "2g.10gb", "1g.5gb"}, 260571136},  // 248.5 MiB: shown as 249
      {"a100-40gb", "580.126.09", {}, 0},
      {"h100-80gb-sxm5", "580.65.06", {"3g.40gb", "3g.40gb"}, 91226112},  // 87 MiB
      {"rtx-pro-6000-blackwell-96gb",
       "580.105.08",
       {"1g.24gb", "1g.24gb", "1g.24gb", "1g.24gb"},
       268435456},  // 256 MiB
  };
  for (const auto& row : rows) {
    const Board board(row.product, row.driver);
    const auto use = gpu_memory(board.config, board.capability, board.with(row.standing), {});
    EXPECT_EQ(use.used, row.used) << row.product;
    EXPECT_EQ(use.total, use.reserved + use.used + use.free) << row.product;
  }
}

// The figures that nvmlDeviceGetMemoryInfo_v2 and nvmlDeviceGetBAR1MemoryInfo returned on an H200, driver 580.159.04,
// MIG off, no client.
TEST(GpuMemory, MatchesTheRecordedH200) {
  const Board board("h200-141gb", "580.159.04");
  const auto use = gpu_memory(board.config, board.capability, {}, {});
  EXPECT_EQ(use.total, 150754820096u);
  EXPECT_EQ(use.reserved, 644939776u);
  EXPECT_EQ(use.free, 150109880320u);
  EXPECT_EQ(use.used, 0u);
  const auto bar1 = gpu_bar1(board.config);
  EXPECT_EQ(bar1.total, 274877906944u);
  EXPECT_EQ(bar1.free, 274876203008u);
  EXPECT_EQ(bar1.used, 1703936u);
}

// The figures of the device itself: the GPU's memory less the reserved part, its whole BAR1 and what is in use there,
// no use per slice. The first two rows are from nvidia-smi's default view of a DGX A100, the third follows from an
// H200's recorded figures; for the last, the reserved part is unknown.
TEST(WholeInstance, IsReportedLikeTheDevice) {
  const struct {
    const char* product;
    const char* driver;
    const char* profile;
    std::uint64_t total, used_mib, bar1_mib;
  } rows[] = {
      {"a100-40gb", "550.163.01", "7g.40gb", 40327 * mib, 2, 65536},
      {"a100-40gb", "450.142.00", "7g.40gb", 42505273344, 0, 65536},
      {"h200-141gb", "580.159.04", "7g.141gb", 150109880320, 0, 262144},
      {"h100-94gb-nvl", "560.35.03", "7g.94gb", 95360 * mib, 0, 131072},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.product) + " " + row.driver);
    const Board board(row.product, row.driver);
    const auto use = instance_memory(board.config, board.capability, board.profile(row.profile), mig::GiId{0}, {});
    EXPECT_EQ(use.total, row.total);
    EXPECT_EQ(use.used, row.used_mib * mib);
    EXPECT_EQ(gpu_memory(board.config, board.capability, board.with({row.profile}), {}).used, row.used_mib * mib);
    const auto bar1 = instance_bar1(board.config, board.capability, {0, 8});
    EXPECT_EQ(bar1.total, row.bar1_mib * mib);
    EXPECT_EQ(bar1.used, 1703936u);
    EXPECT_EQ(bar1.free, bar1.total - bar1.used);
  }
}

// A100 with 40 GB: nvidia-smi -q -x under 510.47.03, and nvmlDeviceGetMemoryInfo before R510, which has no reserved
// part.
TEST(GpuMemory, FollowsTheDriver) {
  const Board newer("a100-40gb", "510.47.03");
  const auto use = gpu_memory(newer.config, newer.capability, {}, {});
  EXPECT_EQ(use.total, 40960 * mib);
  EXPECT_EQ(use.reserved, 605 * mib);
  const Board older("a100-40gb", "470.82.01");
  const auto before = gpu_memory(older.config, older.capability, {}, {});
  EXPECT_EQ(before.total, 42505273344u);
  EXPECT_EQ(before.free, 42505273344u);
}

TEST(Memory, CountsClientsInTheirInstances) {
  const Board board("a100-40gb", "580.126.09");
  const auto state = board.with({"4g.20gb", "2g.10gb"});
  const std::uint64_t gib = 1024 * mib;
  const std::vector<Client> clients{client(1, gib), client(1, 2 * gib, 100 * mib), client(0, 512 * mib)};
  const auto four = instance_memory(board.config, board.capability, board.profile("4g.20gb"), mig::GiId{0}, clients);
  const auto two = instance_memory(board.config, board.capability, board.profile("2g.10gb"), mig::GiId{1}, clients);
  EXPECT_EQ(four.used, 142 * mib + 512 * mib);
  EXPECT_EQ(two.used, 71 * mib + 3 * gib + 100 * mib);  // memory reported for no process is in use, too
  EXPECT_EQ(two.free, (9984 - 71 - 3072 - 100) * mib);
  const auto whole = gpu_memory(board.config, board.capability, state, clients);
  EXPECT_EQ(whole.used, four.used + two.used);
  // Without MIG: a client of the whole GPU belongs to no instance.
  const std::vector<Client> plain{client(-1, gib)};
  EXPECT_EQ(gpu_memory(board.config, board.capability, {}, plain).used, gib);
  const auto beside = instance_memory(board.config, board.capability, board.profile("2g.10gb"), mig::GiId{1}, plain);
  EXPECT_EQ(beside.used, 71 * mib);
}

TEST(Memory, UnknownUseOfAClientCountsAsZero) {
  const Board board("a100-40gb", "580.126.09");
  const std::vector<Client> clients{client(-1, ~std::uint64_t{0}, 55 * mib)};
  EXPECT_EQ(gpu_memory(board.config, board.capability, {}, clients).used, 55 * mib);
}

TEST(Memory, InUseNeverExceedsTheTotal) {
  const Board board("h200-141gb", "580.159.04");
  const std::vector<Client> greedy{client(-1, 1ULL << 50U)};
  const auto use = gpu_memory(board.config, board.capability, {}, greedy);
  EXPECT_EQ(use.used, 150109880320u);
  EXPECT_EQ(use.free, 0u);
  const std::vector<Client> inside{client(2, 1ULL << 50U)};
  const auto mig = instance_memory(board.config, board.capability, board.profile("1g.18gb"), mig::GiId{2}, inside);
  EXPECT_EQ(mig.used, mig.total);
  EXPECT_EQ(mig.free, 0u);
}

// Figures in transcripts, each one byte less than a multiple of a MiB: 12211, 6105, 3052 MiB after nvidia-smi
// truncates; the whole BAR1 up to R570.
TEST(InstanceBar1, IsItsShareOfThePoolLessOneByte) {
  const struct {
    const char* product;
    const char* driver;
    unsigned size;
    std::uint64_t total;
  } rows[] = {
      {"a100-40gb", "580.126.09", 4, 12805210111},                   // 12211.99 MiB
      {"a100-40gb", "580.126.09", 2, 6402605055},                    // 6105.99
      {"a100-40gb", "580.126.09", 1, 3201302527},                    // 3052.99
      {"a100-40gb", "550.54", 4, 32768 * mib - 1},                   // 32767
      {"rtx-pro-6000-blackwell-96gb", "580.105.08", 3, 8732540927},  // 8327
      {"h100-80gb-sxm5", "580.65.06", 4, 25942818815},               // 24740
  };
  for (const auto& row : rows) {
    const Board board(row.product, row.driver);
    const auto use = instance_bar1(board.config, board.capability, {0, static_cast<std::uint8_t>(row.size)});
    EXPECT_EQ(use.total, row.total) << row.product << " " << row.size;
    EXPECT_EQ(use.used, 0u);
    EXPECT_EQ(use.free, row.total);
  }
}

}  // namespace
}  // namespace gpuslice::sim
