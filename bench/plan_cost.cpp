// Measures planning: random changes of one GPU, and of eight, on the products with the most possible layouts.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "catalog/product.hpp"
#include "mig/layouts.hpp"
#include "plan/planner.hpp"

namespace {

using namespace gpuslice;

class Dice {
 public:
  explicit Dice(const std::string& product) : known_(**catalog::find(product)) {
    std::vector<const mig::GiProfile*> profiles;
    for (const auto& profile : known_.capability.profiles) profiles.push_back(&profile);
    mig::for_each_layout(known_.capability, profiles,
                         [&](const mig::SeatList& seats, bool) { layouts_.push_back(seats); });
  }

  model::Gpu gpu(std::uint32_t index) {
    model::Gpu made;
    made.index = GpuIndex{index};
    made.uuid = "GPU-" + std::to_string(index);
    made.name = std::string(known_.names[0]);
    made.product = std::string(known_.key);
    made.capability = known_.capability;
    made.state.mode = made.state.pending = true;
    for (const auto& seat : layout()) {
      mig::GpuInstance gi;
      gi.id = mig::GiId{static_cast<std::uint32_t>(made.state.partition.instances.size())};
      gi.profile = seat.profile->id;
      gi.placement = seat.placement;
      const auto& whole = *seat.profile->default_compute();
      gi.compute.push_back({mig::CiId{0}, whole.id, whole.sites[0]});
      made.state.partition.instances.push_back(gi);
      if (random_() % 4 != 0)
        made.made.push_back({seat.placement, seat.profile->id, "", {{whole.sites[0], whole.id, ""}}});
      if (random_() % 4 == 0) made.clients.push_back({1000, "", "", {}, gi.id, mig::CiId{0}});
    }
    return made;
  }
  // GPU instances with several slices are requested with one-slice compute instances: the largest number of instances
  // to place.
  model::Target target() {
    model::Target made;
    made.mig = true;
    made.foreign = random_() % 2 == 0 ? model::Foreign::remove : model::Foreign::keep;
    for (const auto& seat : layout()) {
      model::TargetGi gi{"", seat.profile->id, {}, {}};
      const auto& compute = seat.profile->compute;
      for (unsigned i = 0; i < seat.profile->slices; ++i) gi.compute.push_back({"", compute[0].id, {}});
      if (random_() % 2 == 0) gi.compute = {{"", seat.profile->default_compute()->id, {}}};
      made.instances.push_back(std::move(gi));
    }
    return made;
  }

 private:
  const mig::SeatList& layout() { return layouts_[random_() % layouts_.size()]; }

  const catalog::Product& known_;
  std::vector<mig::SeatList> layouts_;
  std::mt19937 random_{1};
};

void report(const std::string& what, std::vector<double>& milliseconds, unsigned refused) {
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto at = [&](double part) {
    return milliseconds[static_cast<std::size_t>(part * static_cast<double>(milliseconds.size() - 1))];
  };
  std::printf("%-34s median %7.3f ms, 99 %% under %7.3f ms, worst %7.3f ms; %zu plans, %u refused\n", what.c_str(),
              at(0.5), at(0.99), at(1.0), milliseconds.size(), refused);
}

void measure(const std::string& product, std::uint32_t gpus, unsigned count) {
  Dice dice(product);
  std::vector<double> milliseconds;
  unsigned refused = 0;
  for (unsigned i = 0; i < count; ++i) {
    model::Inventory inventory;
    std::vector<model::GpuTarget> targets;
    for (std::uint32_t gpu = 0; gpu < gpus; ++gpu) {
      inventory.gpus.push_back(dice.gpu(gpu));
      targets.push_back({GpuIndex{gpu}, dice.target()});
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto plan = plan::plan_node(inventory, targets);
    const auto end = std::chrono::steady_clock::now();
    milliseconds.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
    refused += plan ? 0 : 1;
  }
  report(std::to_string(gpus) + "x " + product, milliseconds, refused);
}

}  // namespace

int main() {
  for (const auto* product : {"a100-40gb", "h100-80gb-sxm5", "a30", "rtx-pro-6000"}) measure(product, 1, 2000);
  for (const auto* product : {"a100-40gb", "h100-80gb-sxm5"}) measure(product, 8, 500);
  return 0;
}
