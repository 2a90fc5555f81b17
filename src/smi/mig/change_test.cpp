// The driver calls of the options of `mig` that change something, and that they stop at the first refusal.
#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

FakeNode a100() {
  FakeNode node;
  node.gpus[0].profiles = a100_40_profiles();
  node.gpus[0].mig = {true, true};
  return node;
}

TEST(CreateGi, RequestsOnlyTheGivenPlacement) {
  const auto node = a100();
  EXPECT_EQ(run_smi(node, {"mig", "-cgi", "19:6,MIG 2g.10gb,9:4", "-C"}).status, 0);
  EXPECT_EQ(node.journal, (Journal{"create gi 19 at 6:1", "create ci 1/0", "create gi 14", "create ci 2/1",
                                   "create gi 9 at 4:4", "create ci 3/2"}));
}

TEST(CreateGi, AppliesToEverySelectedGpuWithMigOn) {
  auto node = a100();
  node.gpus.push_back(node.gpus[0]);
  node.gpus.push_back(node.gpus[0]);
  node.gpus[1].mig = {false, false};
  const auto ran = run_smi(node, {"mig", "-cgi", "0"});
  EXPECT_EQ(ran.out,
            "Successfully created GPU instance ID  1 on GPU  0 using profile MIG 7g.40gb (ID  0)\n"
            "Successfully created GPU instance ID  1 on GPU  2 using profile MIG 7g.40gb (ID  0)\n");
}

// The driver is called without a placement, so it chooses one.
TEST(CreateGi, IgnoresAStartThatIsNoNumber) {
  const auto node = a100();
  EXPECT_EQ(run_smi(node, {"mig", "-cgi", "19:six"}).status, 0);
  EXPECT_EQ(node.journal, Journal{"create gi 19"});
}

TEST(CreateGi, KeepsInstancesCreatedBeforeARefusal) {
  const auto node = a100();
  node.gpus[0].create_gi.codes = {0, node::err_insufficient_resources};
  EXPECT_EQ(run_smi(node, {"mig", "-cgi", "9,9,9"}).status, node::err_insufficient_resources);
  EXPECT_EQ(node.journal, (Journal{"create gi 9", "create gi 9"}));
  EXPECT_EQ(node.gpus[0].instances.size(), 1U);
}

// `-cci` also accepts the name of the whole GPU instance (transcript: -gi 2 -cci 4g.20gb).
TEST(CreateCi, AcceptsTheNameOfTheWholeGpuInstance) {
  const auto node = a100();
  node.gpus[0].instances = {{{mig::GiId{2}, mig::GiProfileId{5}, 0, 4}, {}}};
  EXPECT_EQ(
      run_smi(node, {"mig", "-i", "0", "-gi", "2", "-cci", "4g.20gb"}).out,
      "Successfully created compute instance ID  0 on GPU  0 GPU instance ID  2 using profile MIG 4g.20gb (ID  3)\n");
}

TEST(CreateCi, WithoutAListDoesNotConsumeTheNextOption) {
  const auto node = a100();
  node.gpus[0].instances = {{{mig::GiId{2}, mig::GiProfileId{5}, 0, 4}, {}},
                            {{mig::GiId{3}, mig::GiProfileId{14}, 4, 2}, {}}};
  EXPECT_EQ(run_smi(node, {"mig", "-cci", "-gi", "3"}).status, 0);
  EXPECT_EQ(node.journal, (Journal{"create ci 3/1"}));
}

TEST(Destroy, AcceptsListsOfIds) {
  const auto node = a100();
  const auto gi = [](std::uint32_t id) {
    return FakeGi{{mig::GiId{id}, mig::GiProfileId{19}, {static_cast<std::uint8_t>(id - 7), 1}},
                  {{{mig::CiId{0}, mig::CiProfileId{0}, {0, 1}}}}};
  };
  node.gpus[0].instances = {gi(9), gi(7), gi(8)};
  EXPECT_EQ(run_smi(node, {"mig", "-dci", "-gi", "7,9", "-ci", "0"}).status, 0);
  EXPECT_EQ(run_smi(node, {"mig", "--destroy-gpu-instance", "--gpu-instance-id=9,7"}).status, 0);
  EXPECT_EQ(node.journal, (Journal{"destroy ci 7/0", "destroy ci 9/0", "destroy gi 7", "destroy gi 9"}));
}

}  // namespace
}  // namespace gpuslice::smi::testing
