// One of eight simulated GPUs does not answer. Meanwhile a program with one thread per GPU reads and changes the other
// seven through the driver library of such a node.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "base/testing/temp_dir.hpp"
#include "nvml/adapter.hpp"
#include "ops/observe.hpp"
#include "ops/stepper.hpp"
#include "sim/driver.hpp"
#include "simhost/create_node.hpp"

namespace gpuslice {
namespace {

using namespace std::chrono_literals;

constexpr GpuIndex broken{3};

std::string make_node(const std::string& nodes) {
  simhost::NodeSpec spec;
  for (int i = 0; i < 8; ++i) {
    simhost::GpuSpec gpu;
    gpu.product = "a100-40gb";
    gpu.mig = true;
    spec.gpus.push_back(gpu);
  }
  simhost::NodeParts parts;
  parts.library = parts.program = GPUSLICE_LIBRARY;  // the program is never run
  const auto made = simhost::create_node(nodes, "n", spec, parts);
  EXPECT_TRUE(made) << made.error().message();
  return made ? made->directory : "";
}

// Delays every call on that GPU for much longer than the tests run.
void hang(const std::string& node) {
  const auto driver = sim::Driver::open(node, node);
  ASSERT_TRUE(driver) << driver.error().message();
  sim::Fault fault;
  fault.kind = sim::FaultKind::delay;
  fault.scope = sim::FaultScope::function;
  fault.function.set("nvmlDeviceGetMigMode");
  fault.gpu = static_cast<std::int32_t>(broken.value);
  fault.delay_us = 3'600'000'000;
  fault.repeat = 0;
  ASSERT_TRUE((*driver)->state().transact(
      [&](sim::NodeDynamic& all) { return sim::order_fault(all.orders, fault).has_value(); }));
}

// Ends the process, with 0 on success. Uses _exit because a worker is still in the hung call, and because
// ThreadSanitizer reports there (but not at _Exit).
[[noreturn]] void seven_work(const std::string& node) {
  ::setenv("GPUSLICE_SIM_NODE", node.c_str(), 1);
  ops::Workers workers(5min);
  const auto opened = workers.open([&]() -> Result<std::unique_ptr<node::Node>> {
    nvml::Options options;
    options.library = node + "/lib/libnvidia-ml.so.1";
    options.simulated_only = true;
    return nvml::open(options);
  });
  const auto failed = [](std::string what) {
    std::fprintf(stderr, "%s\n", what.c_str());
    ::_exit(1);
  };
  if (!opened) failed(opened.error().message());
  // Calls the GPU until it counts as hung, as in a program that has stopped waiting for it.
  while (!workers.hung(broken))
    static_cast<void>(
        workers.on(broken, 50ms, [](node::Node& n) -> Result<bool> { return n.mig().mig_mode(broken).has_value(); }));

  const auto seen = ops::observe(workers);
  if (!seen || seen->gpus.size() != 8) failed("the node was not read");
  for (auto gpu : seen->gpus) {
    if ((gpu.index == broken) != !gpu.problem.empty())
      failed("GPU " + std::to_string(gpu.index.value) + ": " + gpu.problem);
    if (gpu.index == broken) continue;
    const model::GiSeat seat{mig::GiProfileId{9}, mig::Placement{4, 4}};
    for (const model::Action& action : {model::Action{model::CreateGi{seat}}, model::Action{model::DestroyGi{seat}}})
      if (const auto done = ops::do_step(workers, gpu, {action, "", {}}, 5min); !done) failed(done.error().message());
  }
  if (!workers.hung(broken)) failed("the hung GPU answered");
  ::_exit(0);
}

TEST(OneOfEightGpusHangs, AndSevenAreReadAndChanged) {
  GTEST_FLAG_SET(death_test_style, "fast");
  const testing::TempDir nodes;
  const auto node = make_node(nodes.path());
  hang(node);
  EXPECT_EXIT(seven_work(node), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace gpuslice
