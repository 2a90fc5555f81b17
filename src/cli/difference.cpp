#include "cli/difference.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/printable.hpp"
#include "cli/state_json.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::cli {
namespace {

// The differences on one GPU, one line each.
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

// The differences grouped by GPU, in their order.
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

// The fields of one difference besides its GPU.
struct Fields {
  ProfileNames names;
  const ops::Difference& of;

  ordered_json operator()(const model::ComputeDisplay&) const {
    return different("compute-display-mode", nullptr, nullptr, true, false);
  }
  ordered_json operator()(const ops::MigMode&) const {
    const bool wanted = of.side == ops::Difference::Side::missing;
    return different("mig-mode", nullptr, nullptr, wanted, !wanted);
  }
  ordered_json operator()(const model::GiSeat& seat) const {
    return fields("gpu-instance", side(), gi_json(names, seat), nullptr, text_or_null(of.name), nullptr, nullptr);
  }
  ordered_json operator()(const model::CiSeat& seat) const {
    return fields("compute-instance", side(), gi_json(names, seat.parent), ci_json(names, seat), text_or_null(of.name),
                  nullptr, nullptr);
  }
  ordered_json operator()(const ops::GiName& name) const {
    return name_of("gpu-instance-name", gi_json(names, name.seat), nullptr);
  }
  ordered_json operator()(const ops::CiName& name) const {
    return name_of("compute-instance-name", gi_json(names, name.seat.parent), ci_json(names, name.seat));
  }
  ordered_json operator()(model::ComputeMode mode) const {
    return different("compute-mode", nullptr, nullptr, plan::setting_text(mode), nullptr);
  }
  ordered_json operator()(model::TimeSlice policy) const {
    return different("time-slice", nullptr, nullptr, plan::setting_text(policy), nullptr);
  }

 private:
  [[nodiscard]] const char* side() const { return of.side == ops::Difference::Side::extra ? "extra" : "missing"; }
  static ordered_json fields(const char* kind, const char* state, ordered_json gi, ordered_json ci, ordered_json name,
                             ordered_json expected, ordered_json actual) {
    ordered_json made = {{"kind", kind}, {"state", state}};
    made["gpu_instance"] = std::move(gi);
    made["compute_instance"] = std::move(ci);
    made["name"] = std::move(name);
    made["expected"] = std::move(expected);
    made["actual"] = std::move(actual);
    return made;
  }
  static ordered_json different(const char* kind, ordered_json gi, ordered_json ci, ordered_json expected,
                                ordered_json actual) {
    return fields(kind, "different", std::move(gi), std::move(ci), nullptr, std::move(expected), std::move(actual));
  }
  [[nodiscard]] ordered_json name_of(const char* kind, ordered_json gi, ordered_json ci) const {
    const bool is_wanted = of.side == ops::Difference::Side::missing;
    return different(kind, std::move(gi), std::move(ci), is_wanted ? ordered_json(of.name) : ordered_json(),
                     is_wanted ? ordered_json() : ordered_json(of.name));
  }
};

// A changed name gives two consecutive differences; JSON shows them as one.
bool joined_to_last(const ops::Difference& wanted, ordered_json& all) {
  const bool is_name =
      std::holds_alternative<ops::GiName>(wanted.object) || std::holds_alternative<ops::CiName>(wanted.object);
  if (!is_name || wanted.side != ops::Difference::Side::missing || all.empty()) return false;
  auto& last = all.back();
  const bool is_other_half = last["state"] == "different" && last["expected"].is_null() && last["actual"].is_string();
  if (is_other_half) last["expected"] = wanted.name;
  return is_other_half;
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

const char* word(ops::Match::Answer answer) {
  switch (answer) {
    case ops::Match::Answer::matches:
      return "matches";
    case ops::Match::Answer::differs:
      return "differs";
    case ops::Match::Answer::unknown:
      break;
  }
  return "unknown";
}

ordered_json match_json(const model::Inventory& inventory, const ops::Match& match, const std::string& node) {
  auto all = ordered_json::array();
  for (const auto& one : match.differences) {
    const auto* gpu = inventory.find(one.gpu);
    if (gpu == nullptr || joined_to_last(one, all)) continue;
    ordered_json fields = {{"gpu", gpu->index.value}, {"uuid", text_or_null(gpu->uuid)}};
    fields.update(std::visit(Fields{names_by(gpu->capability), one}, one.object));
    all.push_back(std::move(fields));
  }
  return {{"verdict", word(match.answer)},
          {"reason", match.reason ? error_json(*match.reason, node) : ordered_json()},
          {"differences", std::move(all)}};
}

report::schema::Json match_schema() {
  using namespace report::schema;
  const auto value = Json{{"type", Json::array({"string", "boolean", "null"})}};
  const auto difference =
      object({{"gpu", count(), "index of the GPU"},
              {"uuid", nullable(text()), "UUID of the GPU; null: a GPU of the catalogue"},
              {"kind", words({"gpu-instance", "compute-instance", "gpu-instance-name", "compute-instance-name",
                              "mig-mode", "compute-display-mode", "compute-mode", "time-slice"})},
              {"state", words({"extra", "missing", "different"}),
               "extra: it exists and should not; missing: it should exist and does not; different: see expected and "
               "actual"},
              {"gpu_instance", nullable(reference("gpu_instance")), "the GPU instance, or the one that it is in"},
              {"compute_instance", nullable(reference("compute_instance"))},
              {"name", nullable(text()), "name of the extra or missing instance; null: no name"},
              {"expected", value, "expected mode or name"},
              {"actual", value, "actual mode or name; null: no name, or unknown"}});
  return object({{"verdict", words({"matches", "differs", "unknown"})},
                 {"reason", nullable(reference("error")),
                  "why the verdict is unknown, or why this node cannot match the layout; then differences is empty"},
                 {"differences", list_of(difference)}});
}

}  // namespace gpuslice::cli
