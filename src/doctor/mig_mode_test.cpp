#include "doctor/client_text.hpp"
#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::client;
using testing::found;
using testing::healthy;
using testing::hints;
using testing::outcome_of;
using testing::Words;

constexpr const char* workstation = "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition";

NodeFacts in_display_mode() {
  auto facts = healthy("rtx-pro-6000");
  auto& gpu = facts.gpus[0].gpu;
  gpu.name = workstation;
  gpu.capability = catalog::capability(**catalog::find(workstation), testing::driver, workstation);
  gpu.state.mig.compute_display = false;
  facts.gpus[0].readings.ecc = facts.gpus[0].readings.ecc_pending = std::nullopt;
  return facts;
}

TEST(MigAvailable, SaysThatTheDisplayModeHidesItAndWhatDoesNotMatter) {
  auto facts = in_display_mode();
  EXPECT_EQ(found(facts), Words{"mig-available GPU 0: MIG is [N/A]: the board is in a display mode (no display "
                                "attached, no display active, compute mode Default do not matter)"});
  EXPECT_EQ(hints(facts), Words{"sudo displaymodeselector --gpumode physical_display_disabled"});
  facts.gpus[0].gpu.state.mig.compute_display = true;
  EXPECT_EQ(found(facts), Words{});
}

TEST(MigAvailable, AGpuWithoutMigIsHealthy) {
  const auto facts = healthy("t4");
  EXPECT_EQ(found(facts), Words{});
  EXPECT_EQ(outcome_of(facts, "mig-available").reasons, Words{"GPU 0: Tesla T4 has no MIG; time-slicing and MPS work"});
}

TEST(MigAvailable, SaysThatAGpuShouldHaveItAndDoesNot) {
  auto facts = healthy("h200");
  facts.gpus[0].gpu.capability = {};
  EXPECT_EQ(found(facts), Words{"mig-available GPU 0: MIG is [N/A], although NVIDIA H200 supports it"});
  facts.gpus[0].readings.virtualization = 2;
  EXPECT_EQ(found(facts), Words{});
  EXPECT_EQ(outcome_of(facts, "mig-available").reasons, Words{"GPU 0: it is a virtual GPU; MIG is set on the host"});
}

TEST(MigAvailable, AnOldDriverIsTheCauseAndTheOnlyFinding) {
  auto facts = healthy("h200");
  facts.gpus[0].gpu.capability = {};
  facts.versions = Versions{};
  facts.versions->driver = "450.80.02";
  const auto all = found(facts);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].starts_with("driver-too-old ")) << all[0];
}

TEST(MigPending, NamesTheProcessesThatPreventTheReset) {
  auto facts = healthy();
  facts.gpus[0].gpu.state.mig.pending = true;
  EXPECT_EQ(found(facts), Words{"mig-pending GPU 0: MIG mode is on only after its next reset"});
  EXPECT_EQ(hints(facts), Words{"gpuslice reset --gpu 0"});
  facts.gpus[0].gpu.clients = {client(1648, "/usr/lib/xorg/Xorg"), client(1849, "/usr/bin/gnome-shell")};
  EXPECT_EQ(found(facts), Words{"mig-pending GPU 0: MIG mode is on only after its next reset, which Xorg (1648) and "
                                "gnome-shell (1849) prevent"});
  EXPECT_EQ(hints(facts), Words{"sudo systemctl stop display-manager"});
}

TEST(ClientText, ShowsTwoOfMany) {
  const std::vector<model::Client> all = {client(1, "/a/python x"), client(2, ""), client(3, "b"), client(4, "c")};
  EXPECT_EQ(clients_text(all), "python (1), process 2 and 2 more");
  EXPECT_EQ(clients_text({all[0]}), "python (1)");
  EXPECT_EQ(clients_hint(all).line(), "ps -fp 1,2,3,4");
  EXPECT_EQ(clients_hint({client(9, "/usr/bin/nv-hostengine -n")}).line(), "sudo systemctl stop nvidia-dcgm");
}

}  // namespace
}  // namespace gpuslice::doctor
