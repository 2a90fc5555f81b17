#include "sim/driver.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

using catalog::BoardVariant;
using testing::HeldClient;
using testing::TempNode;

constexpr auto A = BoardVariant::a;
constexpr auto B = BoardVariant::b;
constexpr const char* a100 = "a100-40gb";
constexpr const char* h100 = "h100-80gb-sxm5";
constexpr const char* rtx = "rtx-pro-6000-blackwell-96gb";

mig::GiProfileId gi_profile(unsigned id) { return mig::GiProfileId{id}; }
mig::CiProfileId ci_profile(unsigned id) { return mig::CiProfileId{id}; }

struct Made {
  unsigned id, start, size;
  friend bool operator==(const Made&, const Made&) = default;
};
std::ostream& operator<<(std::ostream& out, const Made& made) {
  return out << made.id << " at " << made.start << ":" << made.size;
}

template <class Answer>
Made made(const Answer& answer) {
  if (!answer) {
    ADD_FAILURE() << "refused, kind " << static_cast<int>(answer.error().kind) << " reason "
                  << static_cast<int>(answer.error().refusal.reason);
    return {99, 99, 99};
  }
  return {answer->id.value, answer->placement.start, answer->placement.size};
}

template <class Answer>
void expect_refused(const Answer& answer, mig::RefusalReason reason) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Denial::Kind::refused);
  EXPECT_EQ(answer.error().refusal.reason, reason);
}

Client client(std::uint32_t gpu, int gi, int ci, unsigned pid, const char* name) {
  Client one;
  one.gpu = gpu;
  one.gi = gi;
  one.ci = ci;
  one.kinds = 1;
  one.pid = pid;
  one.name.set(name);
  one.memory_bytes = 0;
  return one;
}

class DriverTest : public ::testing::Test {
 protected:
  Driver& open(const std::vector<TempNode::Gpu>& gpus, bool mig = true) {
    node = std::make_unique<TempNode>(gpus);
    for (std::size_t i = 0; i < gpus.size(); ++i) node->start.gpus[i].mig.mode = node->start.gpus[i].mig.pending = mig;
    node->make();
    driver = node->open();
    return *driver;
  }
  std::unique_ptr<TempNode> node;
  std::unique_ptr<Driver> driver;
};

// --- Placements and ids

// From a transcript of eight A100-SXM4-40GB of variant B: 4g.20gb, 2g.10gb and 1g.5gb were created in this order, then
// two compute instances in the 2g.
TEST_F(DriverTest, PicksThePlacementsAndIdsOfTheTranscript) {
  auto& d = open({{a100, B}});
  EXPECT_EQ(made(d.create_gi(0, gi_profile(5), {})), (Made{2, 0, 4}));
  EXPECT_EQ(made(d.create_gi(0, gi_profile(14), {})), (Made{3, 4, 2}));
  EXPECT_EQ(made(d.create_gi(0, gi_profile(19), {})), (Made{9, 6, 1}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{3}, ci_profile(0), {})), (Made{0, 0, 1}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{3}, ci_profile(0), {})), (Made{1, 1, 1}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{9}, ci_profile(0), {})), (Made{0, 0, 1}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{2}, ci_profile(3), {})), (Made{0, 0, 4}));

  // MIG devices: ascending by GPU instance, then compute instance, whatever the order of creation.
  const std::vector<MigDeviceId> order{{0, mig::GiId{2}, mig::CiId{0}},
                                       {0, mig::GiId{3}, mig::CiId{0}},
                                       {0, mig::GiId{3}, mig::CiId{1}},
                                       {0, mig::GiId{9}, mig::CiId{0}}};
  EXPECT_EQ(d.mig_devices(0, d.gpu(0)), order);

  // The memory figures in the same transcript.
  EXPECT_EQ(d.memory(0).used, 260571136u);
  EXPECT_EQ(d.memory(0, mig::GiId{2})->used, 142 * mib);
  EXPECT_EQ(d.memory(0, mig::GiId{2})->total, 20096 * mib);
  EXPECT_FALSE(d.memory(0, mig::GiId{5}));
}

TEST_F(DriverTest, PicksOtherPlacementsOnTheOtherVariant) {
  auto& d = open({{a100, A}});
  EXPECT_EQ(made(d.create_gi(0, gi_profile(19), {})), (Made{13, 6, 1}));
  EXPECT_EQ(made(d.create_gi(0, gi_profile(14), {})), (Made{5, 4, 2}));
  EXPECT_EQ(made(d.create_gi(0, gi_profile(5), {})), (Made{1, 0, 4}));
}

TEST_F(DriverTest, UsesTheRequestedPlacement) {
  auto& d = open({{a100, A}});
  EXPECT_EQ(made(d.create_gi(0, gi_profile(19), mig::Placement{2, 1})), (Made{9, 2, 1}));
  expect_refused(d.create_gi(0, gi_profile(19), mig::Placement{7, 1}), mig::RefusalReason::unknown_site);
  const auto taken = d.create_gi(0, gi_profile(5), mig::Placement{0, 4});
  expect_refused(taken, mig::RefusalReason::no_room);
  ASSERT_EQ(taken.error().refusal.instances.size(), 1u);
  EXPECT_EQ(taken.error().refusal.instances[0], mig::GiId{9});
  EXPECT_EQ(made(d.create_gi(0, gi_profile(9), {})), (Made{2, 4, 4}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{2}, ci_profile(0), mig::Placement{2, 1})), (Made{0, 2, 1}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{2}, ci_profile(0), mig::Placement{0, 1})), (Made{1, 0, 1}));
}

// On an A100 80GB PCIe under 515.43.04, the driver placed a 1c at slice 0 of a 3g and then a 2c at slice 1, so 2c is
// not restricted to aligned slots.
TEST_F(DriverTest, PlacesComputeInstancesOfAmpereAtTheFirstSliceThatFits) {
  auto& d = open({{"a100-80gb", B}});
  ASSERT_TRUE(d.create_gi(0, gi_profile(9), {}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{1}, ci_profile(0), {})), (Made{0, 0, 1}));
  const auto& three = *d.capability(0).find(gi_profile(9));
  const auto now = d.gpu(0);
  EXPECT_EQ(mig::remaining(three, *now.mig.partition.find(mig::GiId{1}), *three.find(ci_profile(1))), 1u);
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{1}, ci_profile(1), {})), (Made{1, 1, 2}));
}

TEST_F(DriverTest, PlacesComputeInstancesOfHopperInAlignedSlots) {
  auto& d = open({{h100, A}});
  ASSERT_TRUE(d.create_gi(0, gi_profile(5), {}));
  ASSERT_TRUE(d.create_ci(0, mig::GiId{1}, ci_profile(0), mig::Placement{0, 1}));
  expect_refused(d.create_ci(0, mig::GiId{1}, ci_profile(1), mig::Placement{1, 2}), mig::RefusalReason::unknown_site);
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{1}, ci_profile(1), {})), (Made{1, 2, 2}));
}

TEST_F(DriverTest, ReusesIdsAfterDestroying) {
  auto& d = open({{h100, A}});
  const auto first = made(d.create_gi(0, gi_profile(14), {}));
  EXPECT_EQ(first, (Made{5, 4, 2}));
  EXPECT_EQ(made(d.create_gi(0, gi_profile(14), {})).id, 3u);
  EXPECT_TRUE(d.destroy_gi(0, mig::GiId{first.id}));
  EXPECT_EQ(made(d.create_gi(0, gi_profile(14), mig::Placement{4, 2})), first);
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{3}, ci_profile(0), {})).id, 0u);
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{3}, ci_profile(0), {})).id, 1u);
  EXPECT_TRUE(d.destroy_ci(0, mig::GiId{3}, mig::CiId{0}));
  EXPECT_EQ(made(d.create_ci(0, mig::GiId{3}, ci_profile(0), {})).id, 0u);
}

TEST_F(DriverTest, SaysWhyAnInstanceCannotBeCreatedOrDestroyed) {
  auto& d = open({{a100, A}});
  EXPECT_EQ(made(d.create_gi(0, gi_profile(0), {})), (Made{0, 0, 8}));
  expect_refused(d.create_gi(0, gi_profile(19), {}), mig::RefusalReason::no_room);
  expect_refused(d.create_gi(0, gi_profile(47), {}), mig::RefusalReason::unknown_profile);
  expect_refused(d.create_ci(0, mig::GiId{5}, ci_profile(0), {}), mig::RefusalReason::not_found);
  expect_refused(d.create_ci(0, mig::GiId{0}, ci_profile(9), {}), mig::RefusalReason::unknown_profile);
  ASSERT_TRUE(d.create_ci(0, mig::GiId{0}, ci_profile(4), {}));
  expect_refused(d.create_ci(0, mig::GiId{0}, ci_profile(0), {}), mig::RefusalReason::no_room);
  expect_refused(d.destroy_gi(0, mig::GiId{0}), mig::RefusalReason::in_use);
  expect_refused(d.destroy_gi(0, mig::GiId{1}), mig::RefusalReason::not_found);
  expect_refused(d.destroy_ci(0, mig::GiId{0}, mig::CiId{1}), mig::RefusalReason::not_found);
  expect_refused(d.set_mig_mode(0, false), mig::RefusalReason::in_use);
}

TEST_F(DriverTest, EachGpuHasItsOwnInstances) {
  auto& d = open({{a100, A}, {a100, B}, {rtx, A}});
  EXPECT_EQ(made(d.create_gi(1, gi_profile(5), {})).id, 2u);
  EXPECT_EQ(made(d.create_gi(2, gi_profile(14), {})), (Made{3, 0, 3}));
  EXPECT_TRUE(d.gpu(0).mig.partition.instances.empty());
  EXPECT_EQ(made(d.create_gi(0, gi_profile(5), {})).id, 1u);
}

// --- Permission

TEST_F(DriverTest, ChangesNeedTheConfigCapability) {
  auto& d = open({{a100, A}});
  ASSERT_TRUE(d.create_gi(0, gi_profile(9), {}));
  ASSERT_TRUE(d.create_ci(0, mig::GiId{2}, ci_profile(0), {}));
  node->take(cap_minor_config);
  const auto generation = d.state().generation();
  EXPECT_FALSE(d.may_configure());
  const auto expect_denied = [](const auto& answer) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, Denial::Kind::permission);
  };
  expect_denied(d.set_mig_mode(0, false));
  expect_denied(d.create_gi(0, gi_profile(19), {}));
  expect_denied(d.create_gi(0, gi_profile(47), {}));
  expect_denied(d.destroy_gi(0, mig::GiId{2}));
  expect_denied(d.create_ci(0, mig::GiId{2}, ci_profile(0), {}));
  expect_denied(d.destroy_ci(0, mig::GiId{2}, mig::CiId{0}));
  expect_denied(d.set_compute_mode(0, 3));
  expect_denied(d.set_persistence(0, true));
  expect_denied(d.reset(0));
  expect_denied(d.reboot());
  EXPECT_EQ(d.state().generation(), generation);
  EXPECT_EQ(d.mig_devices(0, d.gpu(0)).size(), 1u);  // seeing instances needs another capability
  node->give(cap_minor_config);
  EXPECT_TRUE(d.destroy_ci(0, mig::GiId{2}, mig::CiId{0}));
}

TEST_F(DriverTest, SeeingNeedsTheMonitorCapabilityOrThoseOfTheInstance) {
  auto& d = open({{a100, A}, {a100, A}});
  for (const std::uint32_t gpu : {0U, 1U}) {
    ASSERT_TRUE(d.create_gi(gpu, gi_profile(9), {}));
    ASSERT_TRUE(d.create_ci(gpu, mig::GiId{2}, ci_profile(0), {}));
    ASSERT_TRUE(d.create_ci(gpu, mig::GiId{2}, ci_profile(0), {}));
  }
  const auto container = node->open("container");
  const auto seen = [&](std::uint32_t gpu) { return container->mig_devices(gpu, container->gpu(gpu)); };
  EXPECT_TRUE(seen(0).empty());
  EXPECT_FALSE(container->may_monitor());
  // The capability minor of gpu1/gi2 is 3 + 135 + 18 = 156, that of its compute instance 1 is 158.
  node->give(156, "container");
  EXPECT_TRUE(seen(1).empty());
  node->give(158, "container");
  EXPECT_EQ(seen(1), (std::vector<MigDeviceId>{{1, mig::GiId{2}, mig::CiId{1}}}));
  EXPECT_TRUE(seen(0).empty());
  EXPECT_TRUE(container->sees(1, mig::GiId{2}, mig::CiId{1}));
  EXPECT_FALSE(container->sees(1, mig::GiId{2}, mig::CiId{0}));
  node->take(156, "container");
  EXPECT_TRUE(seen(1).empty());
  node->give(cap_minor_monitor, "container");
  EXPECT_EQ(seen(0).size(), 2u);
  EXPECT_EQ(seen(1).size(), 2u);
  // A container that may only see instances may not change them.
  EXPECT_FALSE(container->create_gi(0, gi_profile(19), {}));
  EXPECT_TRUE(d.create_gi(0, gi_profile(19), {}));
}

// Source: nv-caps.c; the paths are from a transcript of eight A100.
TEST(CapMinor, FollowsTheDriversCounter) {
  EXPECT_EQ(cap_minor(0, mig::GiId{0}), 3u);
  EXPECT_EQ(cap_minor(0, mig::GiId{2}), 21u);
  EXPECT_EQ(cap_minor(0, mig::GiId{2}, mig::CiId{0}), 22u);
  EXPECT_EQ(cap_minor(0, mig::GiId{3}, mig::CiId{1}), 32u);
  EXPECT_EQ(cap_minor(0, mig::GiId{9}, mig::CiId{0}), 85u);
  EXPECT_EQ(cap_minor(31, mig::GiId{14}, mig::CiId{7}), 4322u);  // the last line of the recorded mig-minors
}

// --- Modes

TEST_F(DriverTest, AmpereSwitchesModeAtAResetOnceItsClientsHaveEnded) {
  auto& d = open({{a100, A}}, false);
  {
    const HeldClient busy(d, client(0, -1, -1, 1234, "train"));
    EXPECT_EQ(d.set_mig_mode(0, true), mig::Activation::waits_for_clients);
    EXPECT_FALSE(d.gpu(0).mig.mode);
    EXPECT_TRUE(d.gpu(0).mig.pending);
    const auto refused = d.reset(0);
    expect_refused(refused, mig::RefusalReason::in_use);
    const auto who = d.holder_records(refused.error().refusal);
    ASSERT_EQ(who.size(), 1u);
    EXPECT_EQ(who[0].pid, 1234u);
    EXPECT_EQ(who[0].name.view(), "train");
  }
  EXPECT_FALSE(d.gpu(0).mig.mode);  // when the client ends, nothing changes yet
  EXPECT_TRUE(d.reset(0));
  EXPECT_TRUE(d.gpu(0).mig.mode);
}

// On a Blackwell workstation board, a running display server blocks the creation of instances but not the mode switch.
TEST_F(DriverTest, BlackwellSwitchesModeDespiteADisplayServerAndThenRefusesInstances) {
  auto& d = open({{rtx, A}}, false);
  HeldClient server(d, client(0, -1, -1, 2019, "Xorg"));
  EXPECT_EQ(d.set_mig_mode(0, true), mig::Activation::active);
  EXPECT_TRUE(d.gpu(0).mig.mode);
  const auto refused = d.create_gi(0, gi_profile(14), {});
  expect_refused(refused, mig::RefusalReason::in_use);
  EXPECT_EQ(d.holder_records(refused.error().refusal)[0].name.view(), "Xorg");
  server.leave();
  EXPECT_EQ(made(d.create_gi(0, gi_profile(14), {})), (Made{3, 0, 3}));
}

TEST_F(DriverTest, AClientHoldsItsOwnGpuOnly) {
  auto& d = open({{a100, A}, {a100, A}});
  const HeldClient job(d, client(1, -1, -1, 8, "job"));
  EXPECT_TRUE(d.create_gi(0, gi_profile(9), {}));
  EXPECT_TRUE(d.reset(0));
  EXPECT_TRUE(d.clients(0).empty());
  expect_refused(d.create_gi(1, gi_profile(9), {}), mig::RefusalReason::in_use);
  expect_refused(d.reset(1), mig::RefusalReason::in_use);
}

TEST_F(DriverTest, ClientsOfAnInstanceHoldOnlyThatInstance) {
  auto& d = open({{a100, A}});
  ASSERT_TRUE(d.create_gi(0, gi_profile(9), {}));
  ASSERT_TRUE(d.create_ci(0, mig::GiId{2}, ci_profile(0), {}));
  ASSERT_TRUE(d.create_ci(0, mig::GiId{2}, ci_profile(0), {}));
  HeldClient inside(d, client(0, 2, 1, 77, "job"));
  ASSERT_EQ(d.clients(0).size(), 1u);
  EXPECT_TRUE(d.create_gi(0, gi_profile(19), {}));
  EXPECT_TRUE(d.destroy_ci(0, mig::GiId{2}, mig::CiId{0}));
  expect_refused(d.destroy_ci(0, mig::GiId{2}, mig::CiId{1}), mig::RefusalReason::in_use);
  expect_refused(d.destroy_gi(0, mig::GiId{2}), mig::RefusalReason::in_use);
  inside.leave();
  EXPECT_TRUE(d.clients(0).empty());
  EXPECT_TRUE(d.destroy_ci(0, mig::GiId{2}, mig::CiId{1}));
}

TEST_F(DriverTest, ARebootKeepsMigModeOnlyOnAmpere) {
  auto& d = open({{a100, A}, {h100, A}, {rtx, A}});
  for (const auto& [gpu, profile] : {std::pair{0U, 9U}, std::pair{1U, 9U}, std::pair{2U, 14U}})
    ASSERT_TRUE(d.create_gi(gpu, gi_profile(profile), {})) << gpu;
  const HeldClient job(d, client(1, -1, -1, 5, "job"));
  ASSERT_TRUE(d.set_compute_mode(0, 3));
  ASSERT_TRUE(d.set_persistence(0, true));
  const auto boot = d.boot();
  EXPECT_TRUE(d.reboot());
  EXPECT_EQ(d.boot(), boot + 1);
  EXPECT_TRUE(d.gpu(0).mig.mode);
  EXPECT_FALSE(d.gpu(1).mig.mode);
  EXPECT_FALSE(d.gpu(2).mig.mode);
  for (const std::uint32_t gpu : {0U, 1U, 2U}) EXPECT_TRUE(d.gpu(gpu).mig.partition.instances.empty()) << gpu;
  EXPECT_EQ(d.gpu(0).compute_mode, 0u);
  EXPECT_TRUE(d.clients(1).empty());  // although its process, started before the reboot, is still running
}

TEST_F(DriverTest, APendingModeTakesEffectAtAReboot) {
  node = std::make_unique<TempNode>(std::vector<TempNode::Gpu>{{a100, A}});
  node->start.gpus[0].ecc_pending = 1;
  node->start.gpus[0].mig.pending = true;
  node->make();
  driver = node->open();
  EXPECT_TRUE(driver->reboot());
  EXPECT_EQ(driver->gpu(0).ecc, 1u);
  EXPECT_TRUE(driver->gpu(0).mig.mode);
}

TEST_F(DriverTest, AResetAffectsOneGpuOnly) {
  auto& d = open({{a100, A}, {a100, A}});
  ASSERT_TRUE(d.create_gi(0, gi_profile(9), {}));
  ASSERT_TRUE(d.create_gi(1, gi_profile(9), {}));
  const auto boot = d.boot();
  EXPECT_TRUE(d.reset(0));
  EXPECT_TRUE(d.gpu(0).mig.partition.instances.empty());
  EXPECT_EQ(d.gpu(1).mig.partition.instances.size(), 1u);
  EXPECT_EQ(d.boot(), boot);
}

TEST_F(DriverTest, TheModeIsNotSupportedWithoutMigOrIfTheDisplayModeHidesIt) {
  node = std::make_unique<TempNode>(std::vector<TempNode::Gpu>{{"t4-16gb", A}, {rtx, A}});
  // A workstation board, which can hide MIG.
  node->config.gpus[1].name.set("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition");
  node->start.gpus[1].mig.compute_display = false;
  node->make();
  driver = node->open();
  for (const std::uint32_t gpu : {0U, 1U}) {
    EXPECT_FALSE(driver->mig_capable(gpu, driver->gpu(gpu)));
    const auto refused = driver->set_mig_mode(gpu, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Denial::Kind::not_supported);
    expect_refused(driver->create_gi(gpu, gi_profile(14), {}),
                   gpu == 0 ? mig::RefusalReason::unknown_profile : mig::RefusalReason::no_mig);
  }
}

TEST_F(DriverTest, OnlyTheDriversThreeComputeModesAreAccepted) {
  auto& d = open({{a100, A}}, false);
  for (const std::uint32_t mode : {3U, 2U, 0U}) {
    EXPECT_TRUE(d.set_compute_mode(0, mode));
    EXPECT_EQ(d.gpu(0).compute_mode, mode);
  }
  EXPECT_EQ(d.set_compute_mode(0, 1).error().kind, Denial::Kind::not_supported);  // Exclusive_Thread no longer exists
  EXPECT_EQ(d.set_compute_mode(0, 4).error().kind, Denial::Kind::invalid);
  EXPECT_EQ(d.gpu(0).compute_mode, 0u);
  EXPECT_TRUE(d.set_persistence(0, true));
  EXPECT_EQ(d.gpu(0).persistence, 1u);
  EXPECT_TRUE(d.set_persistence(0, false));
  EXPECT_EQ(d.gpu(0).persistence, 0u);
}

TEST_F(DriverTest, TheTimeSliceLastsUntilTheReboot) {
  auto& d = open({{a100, A}, {"v100-sxm2-16gb", A}}, false);
  EXPECT_EQ(d.gpu(0).time_slice, 0u);
  for (const std::uint32_t policy : {3U, 0U, 2U}) {
    EXPECT_TRUE(d.set_time_slice(0, policy));
    EXPECT_EQ(d.gpu(0).time_slice, policy);
  }
  EXPECT_EQ(d.set_time_slice(0, 4).error().kind, Denial::Kind::invalid);
  EXPECT_TRUE(d.reset(0));
  EXPECT_EQ(d.gpu(0).time_slice, 2u);
  // Boards before Turing have no time slice.
  EXPECT_FALSE(d.has_time_slice(1));
  EXPECT_EQ(d.set_time_slice(1, 1).error().kind, Denial::Kind::not_supported);
  ASSERT_TRUE(d.reboot());
  EXPECT_EQ(d.gpu(0).time_slice, 0u);
  // Permission is checked before the value, as the real driver does (src/smi/testing/recorded/compute-policy.txt).
  node->take(cap_minor_config);
  for (const std::uint32_t policy : {1U, 4U})
    EXPECT_EQ(d.set_time_slice(0, policy).error().kind, Denial::Kind::permission);
  EXPECT_EQ(d.gpu(0).time_slice, 0u);
}

// --- Identities and figures

TEST_F(DriverTest, AMigDeviceHasItsConfiguredUuidAndKeepsIt) {
  node = std::make_unique<TempNode>(std::vector<TempNode::Gpu>{{a100, B}});
  node->config.gpus[0].mig_uuids[3][1] = *parse_uuid("MIG-239565ce-30e3-52d7-8197-5630d3ce21fa");
  node->start.gpus[0].mig.mode = node->start.gpus[0].mig.pending = true;
  node->make();
  driver = node->open();
  EXPECT_EQ(to_text(driver->mig_uuid({0, mig::GiId{3}, mig::CiId{1}})), "239565ce-30e3-52d7-8197-5630d3ce21fa");
  const auto other = driver->mig_uuid({0, mig::GiId{3}, mig::CiId{0}});
  EXPECT_EQ(other, node->config.gpus[0].mig_uuids[3][0]);
  ASSERT_TRUE(driver->reboot());
  EXPECT_EQ(driver->mig_uuid({0, mig::GiId{3}, mig::CiId{0}}), other);
}

TEST_F(DriverTest, ProfileMemoryInARecipeOverridesTheCatalogue) {
  node = std::make_unique<TempNode>(std::vector<TempNode::Gpu>{{a100, A}});
  auto& gpu = node->config.gpus[0];
  gpu.memory_eighth = 1001;
  gpu.memory_quarter = 2002;
  gpu.memory_full = 8008;
  node->make();
  driver = node->open();
  const auto memory = [&](const char* name) { return driver->capability(0).find(name)->memory_mib; };
  EXPECT_EQ(memory("1g.5gb"), 1001u);
  EXPECT_EQ(memory("1g.5gb+me"), 1001u);
  EXPECT_EQ(memory("1g.10gb"), 2002u);
  EXPECT_EQ(memory("2g.10gb"), 2002u);
  EXPECT_EQ(memory("3g.20gb"), 20096u);  // not in the recipe, so from the catalogue
  EXPECT_EQ(memory("4g.20gb"), 20096u);
  EXPECT_EQ(memory("7g.40gb"), 8008u);
}

// --- Several drivers, one node

TEST_F(DriverTest, TwoDriversSeeTheSameNode) {
  auto& d = open({{a100, A}});
  const auto other = node->open();
  ASSERT_TRUE(d.create_gi(0, gi_profile(9), {}));
  EXPECT_EQ(other->gpu(0).mig.partition.instances.size(), 1u);
  EXPECT_TRUE(other->destroy_gi(0, mig::GiId{2}));
  EXPECT_TRUE(d.gpu(0).mig.partition.instances.empty());
}

TEST_F(DriverTest, DetectsThatItsNodeWasDeleted) {
  auto& d = open({{a100, A}});
  EXPECT_TRUE(d.is_current());
  std::filesystem::remove(node->dir.path("state"));
  EXPECT_FALSE(d.is_current());
  ASSERT_TRUE(StateFile::create(node->dir.path("state"), node->config, node->start));
  EXPECT_FALSE(d.is_current());  // it is another node under the same name
}

TEST(DriverOpen, RefusesADirectoryThatIsNoNode) {
  TempNode node({{a100, A}});
  EXPECT_EQ(Driver::open(node.dir.path(), node.dir.path()).error().kind, ErrorKind::not_found);
  node.dir.write("state", "not a state");
  EXPECT_EQ(Driver::open(node.dir.path(), node.dir.path()).error().kind, ErrorKind::damaged);
  std::filesystem::remove(node.dir.path("state"));
  node.config.gpus[0].product.set("a100-41gb");
  node.make();
  const auto unknown = Driver::open(node.dir.path(), node.dir.path());
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::not_found);
  EXPECT_NE(unknown.error().what.find("a100-40gb"), std::string::npos) << unknown.error().message();
}

}  // namespace
}  // namespace gpuslice::sim
