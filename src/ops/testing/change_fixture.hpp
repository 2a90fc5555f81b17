// Shared by tests of changes: an A100 with MIG enabled, in memory; a store in a temporary folder; a fake machine; and
// short helper functions.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/testing/temp_dir.hpp"
#include "node/testing/fake_node.hpp"
#include "ops/change.hpp"
#include "ops/observe.hpp"
#include "ops/testing/fake_host.hpp"
#include "plan/planner.hpp"
#include "plan/shape.hpp"

namespace gpuslice::ops::testing {

// The fake driver, with hooks before its calls.
class Meddled : public node::testing::FakeNode {
 public:
  using FakeNode::FakeNode;
  node::Answer<node::CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                                       std::optional<mig::Placement> placement) override {
    if (before_create_ci) before_create_ci();
    if (before_create_ci_on) before_create_ci_on(gpu);
    if (!lies) return FakeNode::create_ci(gpu, gi, profile, placement);
    return node::CiInfo{mig::CiId{0}, profile, placement->start, placement->size};
  }
  node::Answer<void> destroy_gi(GpuIndex gpu, mig::GiId gi) override {
    if (before_destroy_gi) before_destroy_gi();
    return FakeNode::destroy_gi(gpu, gi);
  }
  std::function<void()> before_create_ci, before_destroy_gi;
  std::function<void(GpuIndex)> before_create_ci_on;
  bool lies{};
};

class Change : public ::testing::Test {
 protected:
  Change() {
    for (auto* one : {&gpu(0)}) {
      one->name = "NVIDIA A100-SXM4-40GB";
      one->profiles = node::testing::a100_40_profiles();
      one->mig = {true, true};
    }
  }
  node::testing::FakeGpu& gpu(std::size_t index) { return driver->gpus[index]; }

  [[nodiscard]] Subject subject() {
    return {std::make_shared<Workers>(driver, options.timeout), store::NodeStore(dir.path("store")), host,
            [this](const Event& event) {
              events.push_back(event);
              if (on_event) on_event(event);
            }};
  }
  [[nodiscard]] bool told(Event::Kind kind) const {
    return std::any_of(events.begin(), events.end(), [&](const auto& event) { return event.kind == kind; });
  }
  // Writes the journal of a change `t` that was killed.
  void interrupt(store::Transaction t) {
    const auto lock = subject().store.lock("apply");
    ASSERT_TRUE(lock);
    ASSERT_TRUE(subject().store.begin(t));
  }
  static model::Layout layout(const std::vector<std::string>& profiles, model::Foreign foreign = model::Foreign::keep) {
    model::GpuEntry entry;
    entry.mig = true;
    entry.foreign = foreign;
    for (const auto& word : profiles) {
      model::WantedGi gi;
      const auto equals = word.find('=');
      gi.profile = word.substr(equals == std::string::npos ? 0 : equals + 1);
      if (equals != std::string::npos) gi.name = word.substr(0, equals);
      entry.instances.push_back(gi);
    }
    model::Layout made;
    made.gpus.push_back(entry);
    return made;
  }
  std::expected<Changed, Failure> apply(const model::Layout& wanted) {
    return change(subject(), options,
                  [&](const model::Inventory& inventory) { return plan::plan_layout(inventory, wanted); });
  }
  std::expected<Changed, Failure> undo() {
    auto again = options;
    again.verb = "undo";
    return ops::undo(subject(), again, [](const model::Inventory&, const Undo&) {});
  }
  std::string shape() {
    const auto seen = see(subject());
    EXPECT_TRUE(seen) << seen.error().message();
    const auto& one = seen->inventory.gpus[0];
    return plan::shape_text(one.capability, one.state);
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    const auto seen = see(subject());
    for (const auto& made : seen->inventory.gpus[0].made) all.push_back(made.name);
    return all;
  }
  void run_client(std::uint32_t pid, std::uint32_t gi) {
    node::Process process;
    process.pid = pid;
    process.name = "train";
    process.gi = gi;
    process.ci = 0;
    gpu(0).processes.push_back(process);
  }

  std::shared_ptr<Meddled> driver = std::make_shared<Meddled>();
  gpuslice::testing::TempDir dir;
  FakeHost host;
  ChangeOptions options;
  std::vector<Event> events;
  std::function<void(const Event&)> on_event;
};

// The shape of an A100 with 3g.20gb and 1g.5gb, as the planner places them.
inline constexpr const char* three_and_one = "MIG on 1g.5gb@0:1{1g.5gb@0:1} 3g.20gb@4:4{3g.20gb@0:3}";

}  // namespace gpuslice::ops::testing
