#include "sim/instance_ids.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gpuslice::sim {
namespace {

using catalog::BoardVariant;

// Creates GPU instances of the profile ids in order, as the driver would, and returns their ids, or -1 for each that
// found no free placement.
std::vector<int> create(const char* product_name, BoardVariant variant, const std::vector<unsigned>& profiles) {
  const auto product = catalog::find(product_name);
  EXPECT_TRUE(product.has_value());
  const auto& capability = (*product)->capability;
  mig::Partition partition;
  std::vector<int> ids;
  for (const unsigned wanted : profiles) {
    const auto* profile = capability.find(mig::GiProfileId{wanted});
    EXPECT_NE(profile, nullptr);
    const auto place = default_placement(capability, (*product)->id_scheme, variant, partition, *profile);
    if (!place) {
      ids.push_back(-1);
      continue;
    }
    mig::GpuInstance made;
    made.id = *instance_id((*product)->id_scheme, variant, capability.grid, *place);
    made.profile = profile->id;
    made.placement = *place;
    partition.instances.push_back(made);
    ids.push_back(static_cast<int>(made.id.value));
  }
  return ids;
}

using Ids = std::vector<int>;
constexpr auto A = BoardVariant::a;
constexpr auto B = BoardVariant::b;

// Each row is from a public transcript or NVIDIA's guide (docs/simulated-driver.md lists them).
TEST(InstanceIds, FollowTheTranscripts) {
  EXPECT_EQ(create("a100-80gb", B, {19, 19, 19, 19, 19, 19, 19}), (Ids{9, 7, 8, 11, 12, 13, 14}));
  EXPECT_EQ(create("a100-40gb", A, {9, 9}), (Ids{2, 1}));
  EXPECT_EQ(create("a100-40gb", A, {19, 14, 5}), (Ids{13, 5, 1}));
  EXPECT_EQ(create("a100-40gb", A, {19, 19, 14, 9, 9}), (Ids{13, 11, 3, -1, -1}));
  EXPECT_EQ(create("a100-40gb", A, {14, 19, 19, 19, 19, 19}), (Ids{5, 13, 7, 8, 9, 10}));
  EXPECT_EQ(create("a100-40gb", B, {5, 14, 19}), (Ids{2, 3, 9}));
  EXPECT_EQ(create("a100-80gb", B, {9, 9}), (Ids{1, 2}));
  EXPECT_EQ(create("a100-80gb", B, {14, 14, 19}), (Ids{3, 5, 9}));
  EXPECT_EQ(create("a100-80gb", A, {19, 19}), (Ids{13, 11}));
  EXPECT_EQ(create("h100-80gb-sxm5", A, {15}), (Ids{5}));
  EXPECT_EQ(create("h100-94gb-nvl", A, {14, 14, 14, 19}), (Ids{5, 3, 4, 13}));
  EXPECT_EQ(create("rtx-pro-6000-blackwell-96gb", A, {14, 14, 14, 14}), (Ids{3, 4, 5, 6}));
}

// Creates compute instances of the profile ids, in order, in the GPU instance over the whole GPU, and returns where
// each starts.
std::vector<int> compute_starts(const char* product_name, const std::vector<unsigned>& profiles) {
  const auto& capability = (*catalog::find(product_name))->capability;
  const auto* whole = capability.find(mig::GiProfileId{0});
  mig::GpuInstance instance;
  instance.profile = whole->id;
  instance.placement = whole->sites[0];
  std::vector<int> starts;
  for (const unsigned wanted : profiles) {
    const auto* profile = whole->find(mig::CiProfileId{wanted});
    EXPECT_NE(profile, nullptr);
    const auto place = default_compute_placement(*whole, instance, *profile, aligns_compute(capability));
    if (!place) {
      starts.push_back(-1);
      continue;
    }
    instance.compute.push_back({*mig::lowest_free_ci(instance), profile->id, *place});
    starts.push_back(place->start);
  }
  return starts;
}

// Expected values are from the driver's source (docs/simulated-driver.md); no transcript of this is available.
TEST(InstanceIds, ComputeInstancesUseTheBestAlignedSlotOrTheFirstFit) {
  EXPECT_EQ(compute_starts("h100-80gb-sxm5", {0}), (Ids{6}));
  EXPECT_EQ(compute_starts("h100-80gb-sxm5", {1, 0}), (Ids{4, 6}));
  EXPECT_EQ(compute_starts("h100-80gb-sxm5", {0, 0, 1}), (Ids{6, 4, 0}));
  EXPECT_EQ(compute_starts("a100-40gb", {0, 1}), (Ids{0, 1}));
}

TEST(InstanceIds, OfTheSamePlacementExistOnBothVariants) {
  const auto at = [](BoardVariant variant, unsigned start, unsigned size) {
    return instance_id(catalog::IdScheme::seven_slice, variant, 8,
                       {static_cast<std::uint8_t>(start), static_cast<std::uint8_t>(size)})
        ->value;
  };
  EXPECT_EQ(at(A, 0, 8), 0u);
  EXPECT_EQ(at(B, 0, 8), 0u);
  EXPECT_EQ(at(A, 0, 4), 1u);
  EXPECT_EQ(at(B, 0, 4), 2u);
  const unsigned a_eighths[] = {7, 8, 9, 10, 11, 12, 13};
  const unsigned b_eighths[] = {11, 12, 13, 14, 7, 8, 9};
  for (unsigned start = 0; start < 7; ++start) {
    EXPECT_EQ(at(A, start, 1), a_eighths[start]);
    EXPECT_EQ(at(B, start, 1), b_eighths[start]);
  }
  const unsigned b_quarters[] = {5, 6, 3, 4};
  for (unsigned quarter = 0; quarter < 4; ++quarter) {
    EXPECT_EQ(at(A, quarter * 2, 2), 3 + quarter);
    EXPECT_EQ(at(B, quarter * 2, 2), b_quarters[quarter]);
  }
}

}  // namespace
}  // namespace gpuslice::sim
