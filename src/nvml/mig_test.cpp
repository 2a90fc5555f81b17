#include "nvml/facets.hpp"

#include <gtest/gtest.h>

#include "nvml/testing/fake_driver.hpp"

namespace gpuslice::nvml {
namespace {

using testing::FakeDriver;

constexpr GpuIndex gpu{0};

TEST(GiProfiles, AreThoseOfTheGpuInTheOrderOfTheEnumeration) {
  const FakeDriver driver;
  driver->gi_profiles = {{1, 0}, {4, 0}, {16, 0}, {17, 0}};  // 17 is beyond the end
  const auto profiles = driver.open()->mig().gi_profiles(gpu);
  ASSERT_TRUE(profiles);
  ASSERT_EQ(profiles->size(), 3U);
  EXPECT_EQ((*profiles)[0].nvml_enum, 1U);
  EXPECT_EQ((*profiles)[1].nvml_enum, 4U);
  EXPECT_EQ((*profiles)[2].nvml_enum, 16U);
  const auto& first = (*profiles)[0];
  EXPECT_EQ(first.id, mig::GiProfileId{11});
  EXPECT_EQ(first.name, "MIG 2g.5gb");
  EXPECT_EQ(first.slices, 2U);
  EXPECT_EQ(first.max_count, 3U);
  EXPECT_EQ(first.multiprocessors, 14U);
  EXPECT_EQ(first.copy, 4U);
  EXPECT_EQ(first.decoder, 5U);
  EXPECT_EQ(first.encoder, 6U);
  EXPECT_EQ(first.jpeg, 7U);
  EXPECT_EQ(first.ofa, 8U);
  EXPECT_EQ(first.memory_mib, 4864U);
  EXPECT_TRUE(first.p2p);
}

TEST(GiProfiles, AreEmptyForAGpuWithoutMig) {
  const FakeDriver driver;
  const auto profiles = driver.open()->mig().gi_profiles(gpu);
  ASSERT_TRUE(profiles);
  EXPECT_TRUE(profiles->empty());
}

TEST(GiProfiles, AnEndlessEnumerationIsStopped) {
  const FakeDriver driver;
  driver->gi_profile_enums = ~0U;
  driver->gi_profiles = {{0, 0}};
  const auto profiles = driver.open()->mig().gi_profiles(gpu);
  ASSERT_TRUE(profiles);
  EXPECT_EQ(profiles->size(), 1U);
}

TEST(GiProfiles, AnErrorDuringTheEnumerationIsReturned) {
  const FakeDriver driver;
  driver->gi_profiles = {{0, 0}, {3, abi::NVML_ERROR_GPU_IS_LOST}};
  const auto profiles = driver.open()->mig().gi_profiles(gpu);
  ASSERT_FALSE(profiles);
  EXPECT_EQ(profiles.error().code, node::err_gpu_is_lost);
}

TEST(GiProfiles, AnInvalidHandleIsNotAnEmptyList) {
  const FakeDriver driver;
  driver->gi_profile_enums = 0;  // INVALID_ARGUMENT for the first number already
  const auto profiles = driver.open()->mig().gi_profiles(gpu);
  ASSERT_FALSE(profiles);
  EXPECT_EQ(profiles.error().code, node::err_invalid_argument);
}

TEST(Placements, AreCountedThenListed) {
  const FakeDriver driver;
  const auto places = driver.open()->mig().gi_placements(gpu, mig::GiProfileId{19});
  ASSERT_TRUE(places);
  ASSERT_EQ(places->size(), 3U);
  EXPECT_EQ((*places)[2].start, 2U);
  EXPECT_EQ((*places)[2].size, 1U);
}

TEST(Placements, TheLengthIsThatOfTheListNotOfTheCount) {
  const FakeDriver driver;
  driver->placements_at_second_question = 1;
  const auto places = driver.open()->mig().gi_placements(gpu, mig::GiProfileId{19});
  ASSERT_TRUE(places);
  EXPECT_EQ(places->size(), 1U);
}

TEST(Placements, MorePlacementsThanSlicesOfAnyGpuAreRefused) {
  const FakeDriver driver;
  driver->placements = 1000;
  const auto places = driver.open()->mig().gi_placements(gpu, mig::GiProfileId{19});
  ASSERT_FALSE(places);
  EXPECT_EQ(places.error().code, abi::NVML_ERROR_INSUFFICIENT_SIZE);
}

TEST(Instances, OfAProfileAreListedWithTheirPlacements) {
  const FakeDriver driver;
  const auto instances = driver.open()->mig().gpu_instances(gpu, mig::GiProfileId{14});
  ASSERT_TRUE(instances);
  ASSERT_EQ(instances->size(), 1U);
  EXPECT_EQ((*instances)[0].id, mig::GiId{4});
  EXPECT_EQ((*instances)[0].profile, mig::GiProfileId{14});
  EXPECT_EQ((*instances)[0].placement.start, 4U);
  EXPECT_EQ((*instances)[0].placement.size, 2U);
}

TEST(Instances, AreDescribedAfterTheirCreation) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto chosen = node->mig().create_gi(gpu, mig::GiProfileId{14}, {});
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->id, mig::GiId{5});
  EXPECT_EQ(chosen->profile, mig::GiProfileId{15});
  const auto placed = node->mig().create_gi(gpu, mig::GiProfileId{14}, mig::Placement{4, 2});
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->id, mig::GiId{6});
  const auto compute = node->mig().create_ci(gpu, mig::GiId{6}, mig::CiProfileId{0}, {});
  ASSERT_TRUE(compute);
  EXPECT_EQ(compute->id, mig::CiId{1});
  EXPECT_EQ(compute->profile, mig::CiProfileId{21});
  EXPECT_EQ(driver->told, "CreateGpuInstance(14) CreateGpuInstance(14 at 4:2) CreateComputeInstance(6,0) ");
}

TEST(Instances, AMissingOneIsNotFound) {
  const FakeDriver driver;
  driver->no_instances = true;
  const auto node = driver.open();
  for (const auto& gone :
       {node->mig().destroy_gi(gpu, mig::GiId{1}), node->mig().destroy_ci(gpu, mig::GiId{1}, mig::CiId{0})}) {
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, node::err_not_found);
  }
  EXPECT_EQ(driver->told, "");
}

TEST(MigDevices, GapsInTheIndicesAreSkipped) {
  const FakeDriver driver;
  driver->mig_devices = {{1, 0}, {2, abi::NVML_ERROR_INVALID_ARGUMENT}, {4, 0}, {7, 0}};  // 7 is beyond the maximum
  const auto indices = driver.open()->mig().mig_indices(gpu);
  EXPECT_EQ(indices, (std::vector<std::uint32_t>{1, 4}));
}

TEST(MigDevices, AnErrorDuringTheEnumerationIsReturned) {
  const FakeDriver driver;
  driver->mig_devices = {{1, 0}, {2, abi::NVML_ERROR_GPU_IS_LOST}};
  const auto indices = driver.open()->mig().mig_indices(gpu);
  ASSERT_FALSE(indices);
  EXPECT_EQ(indices.error().code, node::err_gpu_is_lost);
}

TEST(MigMode, ReportsWhetherTheNewModeIsActive) {
  const FakeDriver driver;
  const auto node = driver.open();
  auto switched = node->mig().set_mig_mode(gpu, true);
  ASSERT_TRUE(switched);
  EXPECT_TRUE(switched->active);
  EXPECT_EQ(switched->activation.code, 0);

  driver->activation = abi::NVML_ERROR_IN_USE;
  switched = node->mig().set_mig_mode(gpu, false);
  ASSERT_TRUE(switched);
  EXPECT_FALSE(switched->active);
  EXPECT_EQ(switched->activation.code, node::err_in_use);
  EXPECT_EQ(switched->activation.text, "driver text for 19");
  EXPECT_EQ(driver->told, "SetMigMode(0,1) SetMigMode(0,0) ");
}

TEST(MigMode, AfterASwitchTheHandleIsLookedUpAgain) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_TRUE(node->identity().name({gpu, {}}));
  EXPECT_TRUE(node->mig().set_mig_mode(gpu, true));
  EXPECT_EQ(driver->handles_asked, 1);
  EXPECT_TRUE(node->identity().name({gpu, {}}));
  EXPECT_EQ(driver->handles_asked, 2);
}

}  // namespace
}  // namespace gpuslice::nvml
