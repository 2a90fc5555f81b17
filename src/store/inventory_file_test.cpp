#include "store/inventory_file.hpp"

#include <gtest/gtest.h>

#include "base/testing/memory_limit.hpp"
#include "catalog/product.hpp"

namespace gpuslice::store {
namespace {

model::Inventory one_of(const std::string& product) {
  const auto* known = *catalog::find(product);
  model::Gpu gpu;
  gpu.uuid = "GPU-1";
  gpu.name = std::string(known->names[0]);
  gpu.product = std::string(known->key);
  gpu.pci = "00000000:10:1C.0";
  gpu.capability = known->capability;
  gpu.state.mig.mode = gpu.state.mig.pending = true;
  const auto& profile = gpu.capability.profiles[0];
  mig::GpuInstance gi;
  gi.id = mig::GiId{9};
  gi.profile = profile.id;
  gi.placement = profile.sites[0];
  gi.compute.push_back({mig::CiId{0}, profile.default_compute()->id, profile.default_compute()->sites[0]});
  gpu.state.mig.partition.instances.push_back(gi);
  gpu.devices.push_back({gi.id, mig::CiId{0}, "MIG-1"});
  gpu.clients.push_back({4711, "ada", "train \"it\"\n", 1ULL << 33, gi.id, mig::CiId{0}});
  gpu.clients.push_back({4712, "", "", {}, {}, {}});
  gpu.made.push_back({gi.placement, gi.profile, "a", {{{0, 1}, mig::CiProfileId{0}, ""}}});
  return {"580.126.09", {gpu}};
}

bool same(const mig::Capability& a, const mig::Capability& b) {
  model::Inventory x, y;
  x.gpus.emplace_back().capability = a;
  y.gpus.emplace_back().capability = b;
  return write_inventory(x) == write_inventory(y) && a.profiles.size() == b.profiles.size();
}

TEST(InventoryFile, EveryProductIsReadBackUnchanged) {
  for (const auto& product : catalog::products()) {
    if (product.capability.profiles.empty()) continue;
    const auto before = one_of(std::string(product.key));
    const auto text = write_inventory(before);
    const auto after = read_inventory(text, "saved.json");
    ASSERT_TRUE(after) << after.error().message();
    EXPECT_EQ(write_inventory(*after), text);
    const auto& a = before.gpus[0];
    const auto& b = after->gpus[0];
    EXPECT_EQ(a.state, b.state);
    EXPECT_EQ(a.clients, b.clients);
    EXPECT_EQ(a.devices, b.devices);
    EXPECT_EQ(a.made, b.made);
    EXPECT_TRUE(same(a.capability, b.capability));
    EXPECT_EQ(a.capability.profiles[0].name, b.capability.profiles[0].name);
  }
}

std::string error_of(std::string text) {
  const auto read = read_inventory(text, "saved.json");
  return read ? "none" : read.error().message();
}
std::string with(const std::string& from, const std::string& to) {
  auto text = write_inventory(one_of("a30"));
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(InventoryFile, ErrorsNameTheProblemAndItsPosition) {
  EXPECT_EQ(error_of("{}"), "saved.json: is not a saved inventory (gpuslice.inventory/v1)");
  EXPECT_EQ(error_of("{"), "saved.json: is not valid JSON at byte 2");
  const testing::MemoryLimit limit(512U << 20U);
  EXPECT_EQ(error_of(std::string(1U << 20U, '[')), "saved.json: is nested more than 32 levels deep");
  std::string many = "[0";
  for (int i = 0; i < 1'000'000; ++i) many += ",0";
  EXPECT_EQ(error_of(many + "]"), "saved.json: holds more than 1000000 values");
  EXPECT_EQ(error_of(with("\"uuid\": \"GPU-1\",", "")), "saved.json: gpus[0].uuid is missing");
  EXPECT_EQ(error_of(R"({"version": "gpuslice.inventory/v1", "driver": "580", "gpus": [7]})"),
            "saved.json: gpus[0] is not an object");
  EXPECT_EQ(error_of(with("\"uuid\": \"GPU-1\"", "\"uuid\": 7")), "saved.json: gpus[0].uuid is not a string");
  EXPECT_EQ(error_of(with("\"driver\"", "\"drvier\": 1, \"driver\"")), "saved.json: drvier is not a known key");
  EXPECT_EQ(error_of(with("\"placement\": \"0:1\"", "\"placement\": \"0\"")),
            "saved.json: gpus[0].state.instances[0].placement is not START:SIZE");
  EXPECT_EQ(error_of(with("\"placement\": \"0:1\"", "\"placement\": \"2:2\"")),
            "saved.json: gpus[0].state.instances do not fit together");
  EXPECT_EQ(error_of(with("\"grid\": 4", "\"grid\": 3")),
            "saved.json: gpus[0].capability 1g.6gb is outside the grid of 3 slices");
  EXPECT_EQ(error_of(with("\"pid\": 4711", "\"pid\": 99999999999")), "saved.json: gpus[0].clients[0].pid is too large");
}

}  // namespace
}  // namespace gpuslice::store
