#include "plan/in_full.hpp"

#include <gtest/gtest.h>

#include "catalog/testing/parts.hpp"

namespace gpuslice::plan {
namespace {

model::Inventory node(const std::vector<const char*>& products) {
  model::Inventory inventory;
  for (const char* product : products) {
    auto& gpu = inventory.gpus.emplace_back();
    gpu.index = GpuIndex{static_cast<std::uint32_t>(inventory.gpus.size() - 1)};
    gpu.product = product;
    gpu.capability = catalog::testing::gpu(product);
  }
  return inventory;
}

// The only entry of a layout, written out in full for these GPUs.
model::GpuEntry entry(model::GpuEntry one, const std::vector<const char*>& products) {
  return in_full({"", {std::move(one)}, false, {}}, node(products)).gpus[0];
}
model::GpuEntry wanting(const std::string& profile, std::optional<std::vector<model::WantedCi>> compute = {}) {
  model::GpuEntry made;
  made.instances.push_back({"", profile, {}, std::move(compute), {}});
  return made;
}

using Indices = std::vector<std::uint32_t>;

TEST(InFull, AProductBecomesIndices) {
  model::GpuEntry one;
  one.selector.product = {"a100"};
  EXPECT_EQ(entry(one, {"a30-24gb", "a100-40gb", "a100-40gb"}).selector.index, (Indices{1, 2}));
  EXPECT_TRUE(entry(one, {"a100-40gb", "a100-40gb"}).selector.all());
  EXPECT_EQ(entry(one, {"a30-24gb"}).selector.product, one.selector.product) << "no GPU is of this product";
  one.selector.index = {2, 0};
  EXPECT_EQ(entry(one, {"a30-24gb", "a100-40gb", "a100-40gb"}).selector.index, Indices{2});
  one.selector.uuid = {"GPU-1"};
  EXPECT_EQ(entry(one, {"a100-40gb"}), one) << "UUIDs are unknown without a node";
}

TEST(InFull, ProfilesGetTheirFullNames) {
  const auto named = [](const std::string& word, const std::vector<const char*>& products) {
    return entry(wanting(word), products).instances[0].profile;
  };
  EXPECT_EQ(named("3g", {"a100-40gb"}), "3g.20gb");
  EXPECT_EQ(named("9", {"a100-40gb", "a100-40gb"}), "3g.20gb");
  EXPECT_EQ(named("MIG 1g.5gb+me", {"a100-40gb"}), "1g.5gb+me");
  EXPECT_EQ(named("9", {"a100-40gb", "a100-80gb"}), "9") << "the profile has two names";
  EXPECT_EQ(named("3g", {"a100-40gb", "a30-24gb"}), "3g") << "one GPU has no such profile";
  EXPECT_EQ(named("3g", {}), "3g");
  const auto shares =
      entry(wanting("9", std::vector<model::WantedCi>{{"", "0", {}, {}}, {"b", "1c.3g.20gb", {}, {}}}), {"a100-40gb"});
  EXPECT_EQ(shares.instances[0].profile, "3g.20gb");
  EXPECT_EQ((*shares.instances[0].compute)[0].profile, "1c");
  EXPECT_EQ((*shares.instances[0].compute)[1], (model::WantedCi{"b", "1c", {}, {}}));
}

}  // namespace
}  // namespace gpuslice::plan
