// -mig, -c and -pm on several GPUs: which GPUs are changed, and when the command ends.
#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

FakeNode two_gpus() {
  FakeNode node;
  node.gpus.push_back(node.gpus[0]);
  node.gpus[1].pci.bus_id = "00000000:00:07.0";
  return node;
}

TEST(MigMode, IsChangedOnTheSelectedGpusOnly) {
  const auto node = two_gpus();
  EXPECT_EQ(run_smi(node, {"-i", "1", "--multi-instance-gpu=ENABLED"}).out,
            "Enabled MIG Mode for GPU 00000000:00:07.0\nAll done.\n");
  EXPECT_FALSE(node.gpus[0].mig.current);
  EXPECT_TRUE(node.gpus[1].mig.current);
}

TEST(MigMode, ContinuesAfterAGpuWithoutMigButNotAfterARefusal) {
  const auto node = two_gpus();
  node.gpus[0].refuse_set_mig = node::err_not_supported;
  EXPECT_EQ(run_smi(node, {"-mig", "1"}).out,
            "Unable to enable MIG Mode for GPU 00000000:00:06.0: Not Supported\nTreating as warning and moving on.\n"
            "Enabled MIG Mode for GPU 00000000:00:07.0\nAll done.\n");
  node.gpus[0].refuse_set_mig = node::err_no_permission;
  node.journal.clear();
  EXPECT_EQ(run_smi(node, {"-mig", "0"}).status, node::err_no_permission);
  EXPECT_EQ(node.journal, (Journal{"mig 0"})) << "the second GPU is not changed";
}

TEST(Values, InvalidOnesChangeNothing) {
  const auto node = two_gpus();
  for (const char* option : {"-mig", "-c", "-pm"}) {
    for (const char* value : {"bogus", "", "-1", "7", "99999999999999999999"}) {
      const auto ran = run_smi(node, {option, value});
      EXPECT_EQ(ran.status, 2) << option << " " << value;
    }
  }
  EXPECT_EQ(node.journal, Journal{});
}

TEST(ComputeMode, IsSetOnlyIfItDiffers) {
  const auto node = two_gpus();
  node.gpus[1].compute_mode = 2;
  EXPECT_EQ(run_smi(node, {"--compute-mode=PROHIBITED"}).out,
            "Set compute mode to PROHIBITED for GPU 00000000:00:06.0.\n"
            "Compute mode is already set to PROHIBITED for GPU 00000000:00:07.0.\nAll done.\n");
  EXPECT_EQ(node.gpus[0].compute_mode, 2U);
}

TEST(PersistenceMode, CanBeChanged) {
  const auto node = two_gpus();
  EXPECT_EQ(run_smi(node, {"-pm", "0", "-i", "0"}).out,
            "Disabled persistence mode for GPU 00000000:00:06.0.\nAll done.\n");
  EXPECT_FALSE(node.gpus[0].persistence);
}

TEST(Reset, OfAFreeGpuAndOfOneInUse) {
  const FakeNode node;
  const auto done = run_smi(node, {"-r"});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.out, "GPU 00000000:00:06.0 was successfully reset.\nAll done.\n");
  node.gpus[0].refuse_reset = 19;
  const auto held = run_smi(node, {"--gpu-reset", "-i", "0"});
  EXPECT_EQ(held.status, 19);
  EXPECT_TRUE(
      held.out.starts_with("The following GPUs could not be reset:\n  GPU 00000000:00:06.0: In use by another "
                           "client\n\n1 device is currently being used by one or more other processes (e.g., "
                           "Fabric Manager,"))
      << held.out;
}

}  // namespace
}  // namespace gpuslice::smi::testing
