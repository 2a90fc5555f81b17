#include "plan/by_gpu.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"

namespace gpuslice::plan {
namespace {

model::Gpu gpu_of(const std::string& product, std::uint32_t index) {
  const auto* known = *catalog::find(product);
  model::Gpu made;
  made.index = GpuIndex{index};
  made.uuid = "GPU-" + std::to_string(index);
  made.name = std::string(known->names[0]);
  made.product = std::string(known->key);
  made.capability = known->capability;
  return made;
}
model::GpuEntry entry(const model::Selector& selector, const std::string& profile = "1g.5gb") {
  model::GpuEntry made;
  made.selector = selector;
  made.instances.push_back({"", profile, {}, {}, {}});
  made.origin = {"l.yaml", 3};
  return made;
}
model::Selector by_uuid(const std::vector<std::string>& uuids) {
  model::Selector made;
  made.uuid = uuids;
  return made;
}
model::Layout layout(const std::vector<model::GpuEntry>& entries) {
  model::Layout made;
  made.gpus = entries;
  return made;
}
std::vector<std::uint32_t> indices(const ByGpu& split) {
  std::vector<std::uint32_t> all;
  for (const auto& one : split.gpus) all.push_back(one.gpu.value);
  return all;
}

TEST(ByGpu, EachGpuHasALayoutThatSelectsOnlyIt) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a100-40gb", 1)}};
  const auto split = by_gpu(layout({entry({})}), inventory);
  ASSERT_EQ(indices(split), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_TRUE(split.absent.empty());
  for (const auto& one : split.gpus) {
    ASSERT_TRUE(one.layout);
    ASSERT_EQ(one.layout->gpus.size(), 1U);
    EXPECT_EQ(one.layout->gpus[0].selector.index, std::vector<std::uint32_t>{one.gpu.value});
    EXPECT_EQ(one.layout->gpus[0].instances.size(), 1U);
  }
}

TEST(ByGpu, AGpuThatIsNotThereIsNamedAndTheOthersRemain) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  const auto split = by_gpu(layout({entry(by_uuid({"GPU-0", "GPU-7"}))}), inventory);
  EXPECT_EQ(indices(split), std::vector<std::uint32_t>{0});
  ASSERT_EQ(split.absent.size(), 1U);
  EXPECT_EQ(split.absent[0].kind, ErrorKind::not_found);
  EXPECT_EQ(split.absent[0].message(), "GPU-7: is not there");
}

TEST(ByGpu, AGpuThatCannotBeReadMayBeTheMissingOne) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  auto& unread = inventory.gpus.emplace_back();
  unread.index = GpuIndex{1};
  unread.problem = "GPU is lost";
  const auto split = by_gpu(layout({entry(by_uuid({"GPU-0", "GPU-1"}))}), inventory);
  ASSERT_EQ(split.absent.size(), 1U);
  EXPECT_EQ(split.absent[0].kind, ErrorKind::unknown);
  EXPECT_EQ(split.absent[0].message(), "GPU-1: is not there, unless it is GPU 1, which cannot be read");
}

TEST(ByGpu, SeveralEntriesForOneGpuAreWrongForThatGpuOnly) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a100-40gb", 1)}};
  auto twice = layout({entry(by_uuid({"GPU-0", "GPU-1"})), entry(by_uuid({"GPU-0"}), "2g.10gb")});
  const auto split = by_gpu(twice, inventory);
  ASSERT_EQ(indices(split), (std::vector<std::uint32_t>{0, 1}));
  ASSERT_FALSE(split.gpus[0].layout);
  EXPECT_EQ(split.gpus[0].layout.error().kind, ErrorKind::usage);
  EXPECT_TRUE(split.gpus[1].layout);
  twice.later_wins = true;
  const auto later = by_gpu(twice, inventory);
  ASSERT_TRUE(later.gpus[0].layout);
  EXPECT_EQ(later.gpus[0].layout->gpus[0].instances[0].profile, "2g.10gb");
}

TEST(ByGpu, AnEntryForAllPassesOverAGpuWithoutMig) {
  const model::Inventory inventory{"580", {gpu_of("t4", 0), gpu_of("a100-40gb", 1)}};
  EXPECT_EQ(indices(by_gpu(layout({entry({})}), inventory)), std::vector<std::uint32_t>{1});
}

}  // namespace
}  // namespace gpuslice::plan
