#include "cli/slices_view.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"

namespace gpuslice::cli {
namespace {

// A 1g.5gb at 0:1 and, beside it, a 1g.5gb that a process uses.
model::Gpu gpu_in_use(const std::string& name) {
  model::Gpu gpu;
  gpu.capability = (*catalog::find("a100-40gb"))->capability;
  gpu.state.mig.mode = gpu.state.mig.pending = true;
  for (const std::uint8_t start : {std::uint8_t{0}, std::uint8_t{1}}) {
    mig::GpuInstance gi;
    gi.id = mig::GiId{7U + start};
    gi.profile = mig::GiProfileId{19};
    gi.placement = {start, 1};
    gi.compute.push_back({mig::CiId{0}, mig::CiProfileId{0}, {0, 1}});
    gpu.state.mig.partition.instances.push_back(gi);
  }
  gpu.made.push_back({{1, 1}, mig::GiProfileId{19}, name, {}});
  model::Client client;
  client.pid = 4711;
  client.gi = mig::GiId{8};
  gpu.clients.push_back(client);
  return gpu;
}

std::string first_line(const model::Gpu& gpu) {
  const auto text = slices_drawing(gpu.capability, gpu.state, gpu.made, gpu.clients);
  return text.substr(0, text.find('\n'));
}

TEST(SlicesView, MarksAnInstanceInUseAtAnyWidth) {
  const std::string free = "|........|........|........|........|........|........|";
  EXPECT_EQ(first_line(gpu_in_use("")), "|1g.5gb  |1g.5gb *" + free);
  EXPECT_EQ(first_line(gpu_in_use("a-long-name")), "|1g.5gb  |a-long~*" + free);
}

TEST(SlicesView, AfterThePlanOnlyKeptInstancesAreInUse) {
  const auto gpu = gpu_in_use("");
  model::GpuPlan plan;
  plan.before = gpu.state;
  plan.after = gpu.state;
  // The plan destroys the instance in use and creates another one; the new one has the same id until the driver assigns
  // one.
  plan.after.mig.partition.instances[1].placement = {4, 1};
  model::Plan all;
  all.gpus.push_back(plan);
  const auto drawing = plan_drawing({"580", {gpu}}, all);
  EXPECT_NE(drawing.find("before |1g.5gb  |1g.5gb *|"), std::string::npos) << drawing;
  EXPECT_NE(drawing.find("after  |1g.5gb  |........|........|........|1g.5gb  |"), std::string::npos) << drawing;
  EXPECT_TRUE(drawing.ends_with(slices_legend()));
}

}  // namespace
}  // namespace gpuslice::cli
