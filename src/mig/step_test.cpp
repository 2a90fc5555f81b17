#include "mig/step.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "catalog/testing/parts.hpp"

namespace gpuslice::mig {
namespace {

using catalog::testing::gpu;
using catalog::testing::partition;

const Capability& ampere() { return gpu("a100-40gb"); }
const Capability& hopper() { return gpu("h100-80gb-sxm5"); }
const Capability& blackwell() { return gpu("rtx-pro-6000-blackwell-96gb"); }
const Capability& without_mig() { return gpu("t4-16gb"); }
// A workstation board, which allows MIG only in the compute display mode.
Capability workstation() {
  auto c = blackwell();
  c.mode.needs_compute_display = true;
  return c;
}

GpuState mode(bool now, bool pending) {
  GpuState state;
  state.mode = now;
  state.pending = pending;
  return state;
}
GpuState on(Partition standing = {}) {
  auto state = mode(true, true);
  state.partition = standing;
  return state;
}

Holder on_gpu(unsigned key) { return {key, {}, {}}; }
Holder inside(unsigned key, unsigned gi, unsigned ci) { return {key, GiId{gi}, CiId{ci}}; }

// 4g at 0 (GI 2, compute instances 0 and 1 of two slices each) and 3g at 4 (GI 1, empty).
GpuState busy() {
  Partition p;
  p.instances.push_back(catalog::testing::instance(ampere(), {"3g.20gb", 4}, 1));
  p.instances.push_back(catalog::testing::instance(ampere(), {"4g.20gb", 0}, 2));
  p.instances[1].compute.push_back({CiId{0}, CiProfileId{1}, {0, 2}});
  p.instances[1].compute.push_back({CiId{1}, CiProfileId{1}, {2, 2}});
  return on(p);
}

template <class Ids>
std::vector<unsigned> numbers(const Ids& ids) {
  std::vector<unsigned> found;
  for (const auto& id : ids) found.push_back(id.value);
  return found;
}
std::vector<unsigned> numbers(const FixedVector<std::uint32_t, 16>& keys) { return {keys.begin(), keys.end()}; }

using Nums = std::vector<unsigned>;

// --- Refusals: every operation with every possible reason, and the instances and clients listed as the cause.

using R = RefusalReason;

struct Why {
  R reason{};
  Obstacle obstacle{Obstacle::none};
  Nums instances, compute, keys;  // what is listed as the cause
};
Why plain(R reason) { return {reason, Obstacle::none, {}, {}, {}}; }
Why held_by(Nums instances, Nums compute, Nums keys) { return {R::in_use, Obstacle::none, instances, compute, keys}; }
Why no_room(Obstacle obstacle, Nums instances, Nums compute) { return {R::no_room, obstacle, instances, compute, {}}; }

struct Refused {
  const char* what;
  GpuState state;
  std::vector<Holder> holders;
  Op op;
  Why why;
};

void expect_refused(const Capability& on_board, const std::vector<Refused>& rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto stepped = step(on_board, row.state, row.holders, row.op);
    ASSERT_FALSE(stepped);
    const auto& why = stepped.error();
    EXPECT_EQ(why.reason, row.why.reason);
    EXPECT_EQ(why.obstacle, row.why.obstacle);
    EXPECT_EQ(numbers(why.instances), row.why.instances);
    EXPECT_EQ(numbers(why.compute), row.why.compute);
    EXPECT_EQ(numbers(why.holders), row.why.keys);
  }
}

Op create_gi(unsigned profile, Placement placement, unsigned id) {
  return CreateGi{GiProfileId{profile}, placement, GiId{id}};
}
Op destroy_gi(unsigned id) { return DestroyGi{GiId{id}}; }
Op create_ci(unsigned gi, unsigned profile, Placement placement, unsigned id) {
  return CreateCi{GiId{gi}, CiProfileId{profile}, placement, CiId{id}};
}
Op destroy_ci(unsigned gi, unsigned id) { return DestroyCi{GiId{gi}, CiId{id}}; }

TEST(Refusal, WithoutMigHardwareOrInTheWrongDisplayMode) {
  GpuState hidden = mode(false, false);
  hidden.compute_display = false;
  const std::pair<Capability, GpuState> boards[] = {{without_mig(), {}}, {workstation(), hidden}};
  for (const auto& [board, state] : boards)
    for (const Op& op : {Op{SetMode{true}}, Op{SetMode{false}}, create_gi(0, {0, 8}, 0), destroy_gi(0),
                         create_ci(0, 0, {0, 1}, 0), destroy_ci(0, 0)})
      expect_refused(board, {{"", state, {}, op, plain(R::no_mig)}});
}

TEST(Refusal, OfModeAndReset) {
  expect_refused(ampere(),
                 {{"off with instances", busy(), {}, SetMode{false}, held_by({1, 2}, {}, {})},
                  {"reset under clients", busy(), {on_gpu(4), inside(7, 2, 0)}, Reset{}, held_by({}, {}, {4, 7})}});
  const auto with_instance = on(partition(hopper(), {{"1g.10gb", 0}}));
  expect_refused(hopper(), {{"off with instances", with_instance, {}, SetMode{false}, held_by({0}, {}, {})},
                            {"reset", mode(false, false), {on_gpu(4)}, Reset{}, held_by({}, {}, {4})}});
}

TEST(Refusal, OfCreatingAGpuInstance) {
  const auto one = on(partition(ampere(), {{"1g.5gb", 0}}));
  expect_refused(ampere(),
                 {{"MIG off", mode(false, false), {}, create_gi(0, {0, 8}, 0), plain(R::mode_off)},
                  {"a switch waits", mode(false, true), {}, create_gi(0, {0, 8}, 0), plain(R::mode_off)},
                  {"another product's", on(), {}, create_gi(47, {0, 1}, 0), plain(R::unknown_profile)},
                  {"another profile's placement", on(), {}, create_gi(19, {7, 1}, 14), plain(R::unknown_site)},
                  {"start right, size wrong", on(), {}, create_gi(19, {0, 2}, 9), plain(R::unknown_site)},
                  {"taken slices", busy(), {}, create_gi(19, {3, 1}, 14), no_room(Obstacle::slices, {2}, {})},
                  {"all of them taken", busy(), {}, create_gi(0, {0, 8}, 0), no_room(Obstacle::slices, {1, 2}, {})},
                  {"id in use", one, {}, create_gi(19, {6, 1}, 0), plain(R::id_taken)},
                  {"no such id", on(), {}, create_gi(19, {6, 1}, 15), plain(R::id_taken)},
                  {"clients", on(), {on_gpu(5), on_gpu(9)}, create_gi(19, {6, 1}, 9), held_by({}, {}, {5, 9})},
                  {"one of two", busy(), {inside(3, 2, 0), on_gpu(5)}, create_gi(0, {0, 8}, 0), held_by({}, {}, {5})}});
  const auto engines_gone = on(partition(blackwell(), {{"1g.24gb+me.all", 9}, {"1g.24gb-me", 0}}));
  expect_refused(blackwell(),
                 {{"engines", engines_gone, {}, create_gi(14, {3, 3}, 4), no_room(Obstacle::engines, {0, 1}, {})}});
}

TEST(Refusal, OfDestroyingAGpuInstance) {
  expect_refused(ampere(), {{"not there", busy(), {}, destroy_gi(5), plain(R::not_found)},
                            {"compute inside", busy(), {}, destroy_gi(2), held_by({}, {0, 1}, {})},
                            {"a client inside", busy(), {inside(8, 2, 1)}, destroy_gi(2), held_by({}, {0, 1}, {8})},
                            {"a client of the GPU", busy(), {on_gpu(6)}, destroy_gi(1), held_by({}, {}, {6})}});
}

TEST(Refusal, OfComputeInstances) {
  const std::vector<Holder> inside_both{inside(8, 2, 1), inside(9, 2, 0), inside(11, 2, 1)};
  expect_refused(ampere(),
                 {{"no such instance", busy(), {}, create_ci(5, 0, {0, 1}, 0), plain(R::not_found)},
                  {"unknown profile", busy(), {}, create_ci(1, 3, {0, 4}, 0), plain(R::unknown_profile)},
                  {"unknown place", busy(), {}, create_ci(1, 1, {3, 2}, 0), plain(R::unknown_site)},
                  {"taken slices", busy(), {}, create_ci(2, 0, {3, 1}, 2), no_room(Obstacle::slices, {}, {1})},
                  {"all of them taken", busy(), {}, create_ci(2, 3, {0, 4}, 2), no_room(Obstacle::slices, {}, {0, 1})},
                  {"no such id", busy(), {}, create_ci(1, 0, {0, 1}, 8), plain(R::id_taken)},
                  {"destroy in no instance", busy(), {}, destroy_ci(5, 0), plain(R::not_found)},
                  {"destroy a missing instance", busy(), {}, destroy_ci(1, 0), plain(R::not_found)},
                  {"destroy under clients", busy(), inside_both, destroy_ci(2, 1), held_by({}, {}, {8, 11})}});
}

TEST(Step, ATakenComputeIdIsRefused) {
  auto state = busy();
  state.partition.find(GiId{1})->compute.push_back({CiId{4}, CiProfileId{0}, {0, 1}});
  const auto stepped = step(ampere(), state, {}, CreateCi{GiId{1}, CiProfileId{0}, {1, 1}, CiId{4}});
  ASSERT_FALSE(stepped);
  EXPECT_EQ(stepped.error().reason, RefusalReason::id_taken);
}

// With more clients than fit into a Refusal, the first sixteen are listed.
TEST(Step, NamesTheFirstSixteenClients) {
  std::vector<Holder> crowd;
  for (unsigned key = 100; key < 140; ++key) crowd.push_back(on_gpu(key));
  const auto stepped = step(ampere(), busy(), crowd, Reset{});
  ASSERT_FALSE(stepped);
  EXPECT_EQ(stepped.error().holders.size(), 16u);
  EXPECT_EQ(stepped.error().holders[0], 100u);
  EXPECT_EQ(stepped.error().holders[15], 115u);
}

// --- Clients that do not prevent an operation.

TEST(Step, ClientsInsideAnInstanceDoNotBlockOthers) {
  const std::vector<Holder> holders{inside(1, 2, 0)};
  auto state = busy();
  state.partition.instances.erase(state.partition.find(GiId{1}));
  EXPECT_TRUE(step(ampere(), state, holders, CreateGi{GiProfileId{19}, {6, 1}, GiId{9}}));
  EXPECT_TRUE(step(ampere(), busy(), holders, DestroyGi{GiId{1}}));
  EXPECT_TRUE(step(ampere(), busy(), holders, CreateCi{GiId{1}, CiProfileId{2}, {0, 3}, CiId{0}}));
  EXPECT_TRUE(step(ampere(), busy(), holders, DestroyCi{GiId{2}, CiId{1}}));
}

TEST(Step, InstancesStayInOrderOfTheirIds) {
  auto state = on();
  for (const auto& op : {CreateGi{GiProfileId{19}, {6, 1}, GiId{9}}, CreateGi{GiProfileId{5}, {0, 4}, GiId{2}},
                         CreateGi{GiProfileId{14}, {4, 2}, GiId{3}}}) {
    const auto stepped = step(ampere(), state, {}, op);
    ASSERT_TRUE(stepped);
    state = stepped->state;
  }
  EXPECT_EQ(state.partition.instances[0].id, GiId{2});
  EXPECT_EQ(state.partition.instances[1].id, GiId{3});
  EXPECT_EQ(state.partition.instances[2].id, GiId{9});
  EXPECT_EQ(state.partition.instances[0].placement, (Placement{0, 4}));
  for (const unsigned id : {1U, 0U}) {
    const auto stepped =
        step(ampere(), state, {}, CreateCi{GiId{3}, CiProfileId{0}, {static_cast<std::uint8_t>(id), 1}, CiId{id}});
    ASSERT_TRUE(stepped);
    state = stepped->state;
  }
  EXPECT_EQ(state.partition.find(GiId{3})->compute[0].id, CiId{0});
  EXPECT_EQ(state.partition.find(GiId{3})->compute[1].id, CiId{1});
}

// --- The mode, by generation.

TEST(Mode, SwitchesByTheRulesOfTheGeneration) {
  GpuState display = mode(false, false);
  display.compute_display = true;
  const auto board = workstation();
  const std::vector<Holder> none;
  const std::vector<Holder> client{on_gpu(1)};
  const struct {
    const char* what;
    const Capability& on;
    GpuState before;
    const std::vector<Holder>& holders;
    bool enable;
    GpuState after;
    Activation activation;
  } rows[] = {
      {"Ampere, idle", ampere(), mode(false, false), none, true, mode(true, true), Activation::active},
      {"Ampere, idle, off", ampere(), mode(true, true), none, false, mode(false, false), Activation::active},
      {"Ampere, in use", ampere(), mode(false, false), client, true, mode(false, true), Activation::waits_for_clients},
      {"Ampere, in use, off", ampere(), mode(true, true), client, false, mode(true, false),
       Activation::waits_for_clients},
      {"Ampere, requested again while pending", ampere(), mode(false, true), client, true, mode(false, true),
       Activation::waits_for_clients},
      {"Ampere, requested again when idle", ampere(), mode(false, true), none, true, mode(true, true),
       Activation::active},
      {"Ampere, cancelled", ampere(), mode(false, true), client, false, mode(false, false), Activation::active},
      {"Ampere, switching off cancelled", ampere(), mode(true, false), client, true, mode(true, true),
       Activation::active},
      {"Ampere, already on", ampere(), mode(true, true), client, true, mode(true, true), Activation::active},
      {"Hopper, idle", hopper(), mode(false, false), none, true, mode(true, true), Activation::active},
      {"Hopper, in use", hopper(), mode(false, false), client, true, mode(true, true), Activation::active},
      {"Hopper, in use, off", hopper(), mode(true, true), client, false, mode(false, false), Activation::active},
      {"Blackwell with a display server", blackwell(), mode(false, false), client, true, mode(true, true),
       Activation::active},
      {"workstation in the compute display mode", board, display, client, true, mode(true, true), Activation::active},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto stepped = step(row.on, row.before, row.holders, SetMode{row.enable});
    ASSERT_TRUE(stepped);
    EXPECT_EQ(stepped->state, row.after);
    EXPECT_EQ(stepped->activation, row.activation);
  }
}

TEST(Mode, RequestingTheCurrentModeKeepsTheInstances) {
  const std::vector<Holder> client{inside(1, 2, 0)};
  const auto stepped = step(ampere(), busy(), client, SetMode{true});
  ASSERT_TRUE(stepped);
  EXPECT_EQ(stepped->state, busy());
}

// NVIDIA MIG User Guide: instances survive neither; the mode survives on Ampere and is lost on later parts.
TEST(Mode, ResetAndRebootKeepTheModeOnlyOnAmpere) {
  auto hopper_on = on(partition(hopper(), {{"3g.40gb", 0}}));
  auto with_display = mode(true, true);
  with_display.compute_display = false;
  auto display_after = mode(false, false);
  display_after.compute_display = false;
  const struct {
    const char* what;
    const Capability& on;
    GpuState before, after;
  } rows[] = {
      {"Ampere, on with instances", ampere(), busy(), mode(true, true)},
      {"Ampere, enable waiting", ampere(), mode(false, true), mode(true, true)},
      {"Ampere, disable waiting", ampere(), mode(true, false), mode(false, false)},
      {"Ampere, off", ampere(), mode(false, false), mode(false, false)},
      {"Hopper, on with instances", hopper(), hopper_on, mode(false, false)},
      {"Blackwell, on", blackwell(), mode(true, true), mode(false, false)},
      {"the display mode stays", workstation(), with_display, display_after},
      {"no MIG", without_mig(), mode(false, false), mode(false, false)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reset = step(row.on, row.before, {}, Reset{});
    ASSERT_TRUE(reset);
    EXPECT_EQ(reset->state, row.after);
    const std::vector<Holder> clients{on_gpu(1), inside(2, 2, 0)};  // a reboot ends them
    const auto reboot = step(row.on, row.before, clients, Reboot{});
    ASSERT_TRUE(reboot);
    EXPECT_EQ(reboot->state, row.after);
  }
}

}  // namespace
}  // namespace gpuslice::mig
