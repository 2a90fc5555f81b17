#include "doctor/testing/facts.hpp"
#include "doctor/xids.hpp"

namespace gpuslice::doctor {
namespace {

using testing::found;
using testing::healthy;
using testing::hints;
using testing::Words;

TEST(GpuLost, IsOneFindingWithTheXidsOfTheGpu) {
  auto facts = healthy("a100-40gb", 2);
  facts.gpus[0].reach = GpuFacts::Reach::lost;
  facts.kernel_log->xids = {{"0000:10:10", 45, 3, ""}, {"0000:10:10", 79, 1, "GPU has fallen off the bus."}};
  EXPECT_EQ(found(facts), Words{"gpu-lost GPU 0: the driver has lost it (GPU is lost; kernel log: XID 45, 79)"});
  EXPECT_EQ(hints(facts), Words{"gpuslice reset --gpu 0"});
}

TEST(GpuInit, NamesAGpuThatTheDriverDoesNotList) {
  auto facts = healthy();
  facts.kernel_log->failed_init = {"0000:65:00.0", facts.gpus[0].pci};
  EXPECT_EQ(found(facts), Words{"gpu-init PCI device 0000:65:00.0: the driver could not initialise this GPU "
                                "(RmInitAdapter failed)"});
}

TEST(ResetRequired, FollowsTheRecoveryAction) {
  auto facts = healthy();
  facts.gpus[0].readings.recovery_action = 1;
  EXPECT_EQ(found(facts), Words{"reset-required GPU 0: the driver asks for a reset to recover it"});
  facts.gpus[0].readings.recovery_action = 2;
  EXPECT_EQ(found(facts), Words{"reset-required GPU 0: the driver asks for a reboot to recover it"});
  facts.gpus[0].readings.recovery_action = 4;
  EXPECT_EQ(found(facts), Words{"reset-required GPU 0: the driver asks to stop its processes and to reset it"});
  facts.gpus[0].readings.recovery_action.reset();
  facts.gpus[0].readings.reset_required = true;
  EXPECT_EQ(found(facts), Words{"reset-required GPU 0: the driver asks for a reset to recover it"});
}

TEST(ResetRequired, BadMemoryAndItsXidsAreOneFinding) {
  auto facts = healthy();
  facts.gpus[0].readings.rows_pending = true;
  facts.kernel_log->xids = {{"0000:10:10", 63, 1, ""}, {"0000:10:10", 94, 1, ""}};
  EXPECT_EQ(found(facts),
            Words{"reset-required GPU 0: bad memory was found; replacement rows take effect at its next reset"});
  facts.gpus[0].readings.rows_failed = true;
  EXPECT_EQ(found(facts),
            Words{"memory-repair GPU 0: a bad row of its memory could not be replaced (row remapping failed)"});
}

TEST(Xid, EachKindOfAGpuIsOneFinding) {
  auto facts = healthy("a100-40gb", 2);
  facts.kernel_log->xids = {{"0000:10:10", 31, 5, ""}, {"0000:10:11", 119, 1, ""}, {"0000:10:11", 200, 1, ""}};
  EXPECT_EQ(found(facts), (Words{"xid GPU 0: XID 31, GPU memory page fault, is in the kernel log 5 times",
                                 "xid GPU 1: XID 119, GSP RPC timeout, is in the kernel log",
                                 "xid GPU 1: XID 200, is in the kernel log"}));
  EXPECT_EQ(hints(facts)[0], "sudo dmesg -T | grep 'Xid (PCI:0000:10:10'");
  const auto outcome = testing::outcome_of(facts, "xid");
  EXPECT_EQ(outcome.findings[0].severity, Severity::advice) << "an error of a program";
  EXPECT_EQ(outcome.findings[1].severity, Severity::problem);
}

TEST(Xid, OfAnotherHostsGpuIsNoFinding) {
  auto facts = healthy();
  facts.kernel_log->xids = {{"0000:99:00", 79, 1, ""}};
  EXPECT_EQ(found(facts), Words{});
}

TEST(Xid, HasTheTextOfNvidiasList) {
  EXPECT_EQ(meaning_of(79).text, "GPU has fallen off the bus");
  EXPECT_EQ(meaning_of(13).cause, XidCause::program);
  EXPECT_EQ(meaning_of(999).text, "");
}

}  // namespace
}  // namespace gpuslice::doctor
