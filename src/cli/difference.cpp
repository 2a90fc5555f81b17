#include "cli/difference.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::cli {
namespace {

// What differs on one GPU, a line each.
struct Lines {
  const model::Gpu* gpu{};
  std::vector<std::string> extra, missing;
};

struct Text {
  const mig::Capability& capability;
  const std::string& name;

  std::string operator()(const model::ComputeDisplay&) const { return "the compute display mode"; }
  std::string operator()(const ops::MigMode&) const { return "MIG mode"; }
  std::string operator()(const model::GiSeat& seat) const { return gpu_instance(seat) + called(); }
  std::string operator()(const model::CiSeat& seat) const {
    return fmt::format("compute instance {} in {}{}", plan::seat_text(capability, seat),
                       plan::seat_text(capability, seat.parent), called());
  }
  std::string operator()(const ops::GiName& of) const {
    return fmt::format("name{} of {}", called(), gpu_instance(of.seat));
  }
  std::string operator()(const ops::CiName& of) const {
    return fmt::format("name{} of compute instance at {} in {}", called(), plan::place_text(of.seat.placement),
                       gpu_instance(of.seat.parent));
  }
  std::string operator()(model::ComputeMode mode) const {
    return fmt::format("the compute mode to {}", plan::setting_text(mode));
  }
  std::string operator()(model::TimeSlice policy) const {
    return fmt::format("the time slice to {}", plan::setting_text(policy));
  }

  [[nodiscard]] std::string called() const { return name.empty() ? "" : " \"" + printable(name) + "\""; }
  [[nodiscard]] std::string gpu_instance(const model::GiSeat& seat) const {
    return "GPU instance " + plan::seat_text(capability, seat);
  }
};

// By GPU, in the order of the differences.
std::vector<Lines> lines_of(const model::Inventory& inventory, const std::vector<ops::Difference>& differences) {
  std::vector<Lines> all;
  for (const auto& one : differences) {
    const auto* gpu = inventory.find(one.gpu);
    if (gpu == nullptr) continue;
    if (all.empty() || all.back().gpu != gpu) all.push_back({gpu, {}, {}});
    auto& lines = one.side == ops::Difference::Side::extra ? all.back().extra : all.back().missing;
    lines.push_back(std::visit(Text{gpu->capability, one.name}, one.object));
  }
  return all;
}

}  // namespace

std::string difference_text(const model::Inventory& inventory, const std::vector<ops::Difference>& differences) {
  std::string text;
  for (const auto& lines : lines_of(inventory, differences)) {
    text += fmt::format("GPU {}: {}\n", lines.gpu->index.value, lines.gpu->name);
    for (const auto& line : lines.extra) text += "  - " + line + "\n";
    for (const auto& line : lines.missing) text += "  + " + line + "\n";
  }
  return text;
}

nlohmann::ordered_json difference_json(const model::Inventory& inventory,
                                       const std::vector<ops::Difference>& differences) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& [gpu, extra, missing] : lines_of(inventory, differences))
    all.push_back({{"gpu", gpu->index.value}, {"uuid", gpu->uuid}, {"extra", extra}, {"missing", missing}});
  return all;
}

}  // namespace gpuslice::cli
