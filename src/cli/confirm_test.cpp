// The question before something is destroyed.
#include "cli/confirm.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

namespace gpuslice::cli {
namespace {

model::GiSeat seat(std::uint8_t start) { return {mig::GiProfileId{9}, {start, 4}}; }
model::Step destroy_gi(std::uint8_t start) { return {model::DestroyGi{seat(start)}, "", {}}; }
model::Step destroy_ci(std::uint8_t start) {
  return {model::DestroyCi{{seat(start), mig::CiProfileId{2}, {0, 3}}}, "", {}};
}
model::GpuPlan on_gpu(std::uint32_t index, std::vector<model::Step> steps) {
  model::GpuPlan plan;
  plan.gpu = GpuIndex{index};
  plan.steps = std::move(steps);
  return plan;
}
model::Plan plan_of(std::vector<model::GpuPlan> gpus) {
  model::Plan plan;
  plan.gpus = std::move(gpus);
  return plan;
}
model::Client client(std::uint32_t pid) {
  model::Client one;
  one.pid = pid;
  return one;
}

TEST(Confirm, AsksAboutWhatIsDestroyedResetAndStopped) {
  EXPECT_EQ(confirm_question(plan_of({on_gpu(0, {destroy_ci(0), destroy_gi(0), destroy_ci(4), destroy_gi(4)})})),
            "Destroy 2 GPU instances on GPU 0? [y/N] ");
  EXPECT_EQ(confirm_question(plan_of({on_gpu(1, {destroy_ci(0)})})), "Destroy 1 compute instance on GPU 1? [y/N] ");
  auto busy = destroy_gi(0);
  busy.clients = {client(7), client(8)};
  auto reset = on_gpu(2, {{model::Reset{}, "", {}}});
  reset.before.mig.partition.instances.push_back({});
  EXPECT_EQ(confirm_question(plan_of({on_gpu(0, {busy, destroy_ci(4)}), reset})),
            "Destroy 1 GPU instance and 1 compute instance on GPU 0; destroy 1 GPU instance on GPU 2; reset GPU 2; "
            "stop 2 processes? [y/N] ");
}

TEST(Confirm, AsksNothingIfNothingIsLost) {
  EXPECT_EQ(confirm_question(plan_of({})), "");
  EXPECT_EQ(
      confirm_question(plan_of({on_gpu(0, {{model::SetMig{true}, "", {}}, {model::CreateGi{seat(0)}, "a", {}}})})), "");
}

TEST(Confirm, AsksOnlyForRealGpusOnATerminalWithoutYes) {
  std::ostringstream out, err;
  Terminal terminal{out, err, false};
  ::unsetenv("GPUSLICE_CONFIRM");
  EXPECT_FALSE(confirmation(terminal, false, true, {})) << "no terminal";
  std::string asked;
  bool answer = false;
  terminal.ask = [&](const std::string& question, const std::stop_token&) {
    asked = question;
    return answer;
  };
  EXPECT_FALSE(confirmation(terminal, true, true, {})) << "--yes";
  EXPECT_FALSE(confirmation(terminal, false, false, {})) << "a simulated node";
  ::setenv("GPUSLICE_CONFIRM", "always", 1);
  EXPECT_TRUE(confirmation(terminal, false, false, {}));
  ::unsetenv("GPUSLICE_CONFIRM");

  const auto confirm = confirmation(terminal, false, true, {});
  ASSERT_TRUE(confirm);
  EXPECT_TRUE(confirm(plan_of({on_gpu(0, {{model::SetMig{true}, "", {}}})})));
  EXPECT_EQ(asked, "") << "nothing is lost";
  EXPECT_FALSE(confirm(plan_of({on_gpu(0, {destroy_gi(0)})})));
  EXPECT_EQ(asked, "Destroy 1 GPU instance on GPU 0? [y/N] ");
  answer = true;
  EXPECT_TRUE(confirm(plan_of({on_gpu(0, {destroy_gi(0)})})));
}

}  // namespace
}  // namespace gpuslice::cli
