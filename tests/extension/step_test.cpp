// The kind of step and the part of a GPU's state that places.py adds: planned, performed, rolled back, stored and
// compared.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "node/port.hpp"
#include "ops/observe.hpp"
#include "ops/stepper.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"
#include "store/transaction.hpp"

namespace gpuslice {
namespace {

using namespace std::chrono_literals;
using model::Reservation;
using model::Reserve;

// A GPU without MIG that can be reserved.
class OneGpu : public node::Node, public node::Processes, public node::Reservations {
 public:
  OneGpu() { give<node::Processes, node::Reservations>(*this, *this); }
  node::Answer<std::vector<node::Process>> of(node::Subject) override { return std::vector<node::Process>{}; }
  node::Answer<std::uint32_t> reserved(GpuIndex) override { return percent; }
  node::Answer<void> reserve(GpuIndex, std::uint32_t wanted) override {
    if (refuses) return std::unexpected(node::DriverError{node::err_no_permission, "Insufficient Permissions"});
    if (!lies) percent = wanted;
    return {};
  }

  std::uint32_t percent{10};
  bool refuses{}, lies{};
};

class AddedStep : public ::testing::Test {
 protected:
  AddedStep() { ops::read_settings(*node, gpu); }
  Result<void> take(const model::Step& one) {
    ops::Workers workers(node, 10s);
    return ops::do_step(workers, gpu, one, 10s);
  }

  std::shared_ptr<OneGpu> node = std::make_shared<OneGpu>();
  model::Gpu gpu;
  model::Step step{Reserve{{40}}, "", {}};
};

TEST_F(AddedStep, HasAText) {
  EXPECT_EQ(plan::step_text(gpu.capability, step), "reserve 40 % of the GPU");
  EXPECT_EQ(plan::kind_word(step), "reserve");
}

TEST_F(AddedStep, HasAStateAfterItAndAnInverse) {
  const auto after = plan::after_step(gpu.capability, gpu.state, {}, step);
  ASSERT_TRUE(after) << after.error().message();
  EXPECT_EQ(after->reserved, Reservation{40});
  const auto back = plan::inverse(gpu.state, step);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->action, model::Action(Reserve{{10}}));
  EXPECT_EQ(*plan::after_step(gpu.capability, *after, {}, *back), gpu.state);
  gpu.state.reserved.reset();
  EXPECT_FALSE(plan::inverse(gpu.state, step)) << "the state to restore is unknown";
}

TEST_F(AddedStep, HasAPrecondition) {
  gpu.state.mig.mode = true;
  const auto refused = plan::after_step(gpu.capability, gpu.state, {}, step);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "reserve 40 % of the GPU: a GPU with MIG mode on cannot be reserved");
}

TEST_F(AddedStep, IsPerformedAndRolledBack) {
  const auto before = gpu.state;
  ASSERT_TRUE(take(step));
  EXPECT_EQ(node->percent, 40U);
  EXPECT_EQ(gpu.state.reserved, Reservation{40});
  ASSERT_TRUE(take(*plan::inverse(before, step)));
  EXPECT_EQ(node->percent, 10U);
  EXPECT_EQ(gpu.state, before);
}

TEST_F(AddedStep, AChangeByAnotherProgramIsDetectedBeforeIt) {
  node->percent = 90;
  const auto refused = take(step);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "GPU 0: was changed by another program: the reservation is 90 %");
  EXPECT_EQ(node->percent, 90U);
}

TEST_F(AddedStep, ARefusalAndFalseSuccessAreReported) {
  node->refuses = true;
  auto done = take(step);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message(),
            "GPU 0: cannot reserve 40 % of the GPU: the driver answers Insufficient Permissions");
  node->refuses = false;
  node->lies = true;
  done = take(step);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message(),
            "GPU 0: the driver reported success for \"reserve 40 % of the GPU\", but the reservation is 10 %");
}

store::Transaction transaction(const model::GpuState& before, const model::GpuState& after) {
  store::Transaction t;
  t.number = 1;
  t.verb = "apply";
  t.gpus.push_back({"GPU-0", GpuIndex{0}, before, after, {}, {}});
  return t;
}

TEST_F(AddedStep, ItsPartOfTheStateRoundTripsThroughTheJournal) {
  auto after = gpu.state;
  after.reserved = Reservation{40};
  const auto text = store::write_transaction(transaction(gpu.state, after));
  EXPECT_NE(text.find(R"("reserved":{"percent":40})"), std::string::npos) << text;
  const auto read = store::read_transaction(text, "journal");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->gpus[0].before, gpu.state);
  EXPECT_EQ(read->gpus[0].after, after);
}

// If nothing was requested, the key is omitted, so the journal equals one from before this way of sharing existed.
TEST_F(AddedStep, AJournalWithoutThePartCanBeRead) {
  gpu.state.reserved.reset();
  const auto text = store::write_transaction(transaction(gpu.state, gpu.state));
  EXPECT_EQ(text.find("reserved"), std::string::npos) << text;
  const auto read = store::read_transaction(text, "journal");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_FALSE(read->gpus[0].after.reserved);
}

TEST_F(AddedStep, StatesThatDifferInItAreDifferent) {
  auto other = gpu.state;
  other.reserved = Reservation{11};
  EXPECT_FALSE(plan::same_shape(gpu.state, other));
  other.reserved.reset();
  EXPECT_TRUE(plan::same_shape(gpu.state, other)) << "the part was not requested";
}

// Nodes that lack the facet are not affected.
TEST_F(AddedStep, ANodeWithoutTheFacetIsNotAffected) {
  const node::Node bare;
  EXPECT_FALSE(bare.has<node::Reservations>());
  const auto answer = bare.reservations().reserved(GpuIndex{0});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, node::err_not_supported);
}

}  // namespace
}  // namespace gpuslice
