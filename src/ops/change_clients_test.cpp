// Processes that block a change: they are listed, given time to exit, or stopped with --force.
#include <gtest/gtest.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

TEST_F(Change, BlockingClientsAreListed) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  const auto refused = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::clients);
  EXPECT_EQ(refused.error().restored, Restored::untouched);
  EXPECT_EQ(refused.error().why.kind, ErrorKind::refused);
  EXPECT_NE(refused.error().why.what.find("would stop 1 process\n  GPU 0: process 4711 (train)"), std::string::npos)
      << refused.error().why.what;
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

TEST_F(Change, ForceSendsSigtermBeforeSigkill) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  host.on_end = [&](std::uint32_t, bool kill) {
    if (kill) gpu(0).processes.clear();
  };
  options.force = true;
  const auto done = apply(layout({"7g.40gb"}));
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_EQ(host.ran, (std::vector<std::string>{"end 4711", "kill 4711"}));
  ASSERT_EQ(done->stopped.size(), 1U);
  EXPECT_NE(dir.read("store/audit.log").find(R"("stopped":[{"pid":4711)"), std::string::npos);
}

TEST_F(Change, ForceStopsNoProcessThatGotTheClientsPidLater) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  run_client(4712, gpu(0).instances[0].info.id.value);
  host.gone = {4711};  // it has exited since the plan was made, so no handle of it can be opened
  host.on_end = [&](std::uint32_t, bool) { gpu(0).processes.clear(); };
  options.force = true;
  ASSERT_TRUE(apply(layout({"7g.40gb"})));
  EXPECT_EQ(host.ran, std::vector<std::string>{"end 4712"});
}

TEST_F(Change, AStopRequestWhileAClientMayExitKillsNoProcess) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  std::stop_source stop;
  options.stop = stop.get_token();
  options.force = true;
  host.on_sleep = [&] { stop.request_stop(); };
  const auto stopped = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().cause, Cause::interrupted);
  EXPECT_EQ(stopped.error().restored, Restored::all);
  EXPECT_EQ(host.ran, std::vector<std::string>{"end 4711"}) << "asked once, and not killed";
}

TEST_F(Change, AClientOfAGpuThatIsNoLongerReadableIsStillAClient) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  options.force = true;
  host.on_end = [&](std::uint32_t, bool) { gpu(0).refuse_mig_mode = node::err_gpu_is_lost; };
  const auto failed = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::clients);
  EXPECT_EQ(host.ran, (std::vector<std::string>{"end 4711", "kill 4711"}));
}

TEST_F(Change, UnitNamesReachSystemctlUnchanged) {
  options.stop_units = {"dev-disk-by\\x2duuid.device"};
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(host.ran.front(), "systemctl is-active --quiet 'dev-disk-by\\x2duuid.device'");
}

TEST_F(Change, AClientThatAHookAskedToExitIsGivenTime) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  options.before = {"kill 4711"};
  host.on_sleep = [&] {
    if (host.slept >= std::chrono::milliseconds{200}) gpu(0).processes.clear();
  };
  const auto done = apply(layout({"7g.40gb"}));
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_TRUE(done->stopped.empty());
  EXPECT_GE(host.slept, std::chrono::milliseconds{200});
}

TEST_F(Change, AHookThatStopsNoClientDoesNotPermitStoppingIt) {
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  run_client(4711, gpu(0).instances[0].info.id.value);
  options.before = {"true"};
  const auto refused = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::clients);
  EXPECT_EQ(refused.error().restored, Restored::all);
  EXPECT_NE(refused.error().why.what.find("process 4711"), std::string::npos) << refused.error().why.what;
  EXPECT_EQ(host.ran, std::vector<std::string>{"true"}) << "without --force no process is stopped";
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

}  // namespace
}  // namespace gpuslice::ops
