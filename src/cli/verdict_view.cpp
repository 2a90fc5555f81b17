#include "cli/verdict_view.hpp"

#include <fmt/format.h>

#include "cli/plan_view.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::cli {
namespace {

using Kind = ops::Verdict::Kind;

ordered_json placements_json(const std::vector<mig::Placement>& all) {
  auto list = ordered_json::array();
  for (const auto at : all) list.push_back(placement_json(at));
  return list;
}

ordered_json reason_json(const plan::Exhausted& e) {
  return {{"kind", "exhausted"},
          {"resource", plan::resource_key(e.resource)},
          {"profile", text_or_null(e.profile)},
          {"requested", e.requested},
          {"held", e.held},
          {"total", e.total}};
}
ordered_json reason_json(const plan::Overlap& o) {
  return {{"kind", "overlap"},
          {"profile", o.profile},
          {"placement", placement_json(o.at)},
          {"other_profile", o.other},
          {"other_placement", placement_json(o.other_at)},
          {"other_gi", o.other_id ? ordered_json(*o.other_id) : ordered_json()},
          {"other_line", text_or_null(o.other_origin.text())},
          {"free_placements", placements_json(o.free)}};
}
ordered_json reason_json(const plan::NoArrangement& n) {
  ordered_json reason = {{"kind", "no-arrangement"}};
  reason["choices"] = ordered_json::array();
  for (const auto& choice : n.choices)
    reason["choices"].push_back({{"profile", choice.profile}, {"placements", placements_json(choice.placements)}});
  return reason;
}

ordered_json shortage_json(const plan::Shortage& shortage) {
  auto reason = std::visit([](const auto& one) { return reason_json(one); }, shortage.reason);
  reason["inside"] = text_or_null(shortage.inside);
  return reason;
}

const char* word(plan::Refusal::Reason reason) {
  switch (reason) {
    case plan::Refusal::Reason::no_mig:
      return "no-mig";
    case plan::Refusal::Reason::too_much:
      return "too-much";
    case plan::Refusal::Reason::in_the_way:
      return "in-the-way";
  }
  return "unknown";
}

}  // namespace

std::string verdict_text(const ops::Verdict& verdict) {
  switch (verdict.kind) {
    case Kind::nothing_to_do:
    case Kind::ready:
      return {};
    case Kind::stops_clients:
      return fmt::format("refused without --force, --stop-unit or --before: apply would stop {} process{}",
                         verdict.stops.size(), verdict.stops.size() == 1 ? "" : "es");
    case Kind::needs_reboot:
      return "refused for now: change the display mode and reboot the host first, then apply the layout";
  }
  return {};
}

Exit exit_of(const ops::Verdict& verdict) { return verdict.refused() ? Exit::refused : Exit::done; }

ordered_json verdict_json(const ops::Verdict& verdict) {
  ordered_json object = {{"outcome", verdict.refused()                     ? "refused"
                                     : verdict.kind == Kind::nothing_to_do ? "nothing-to-do"
                                                                           : "ready"},
                         {"reason", nullptr},
                         {"status", status(exit_of(verdict))}};
  if (verdict.kind == Kind::stops_clients) object["reason"] = "clients";
  if (verdict.kind == Kind::needs_reboot) object["reason"] = "reboot";
  object["stops"] = ordered_json::array();
  for (const auto& one : verdict.stops) {
    ordered_json process = {{"gpu", one.gpu.value}};
    process.update(client_json(one.client));
    object["stops"].push_back(std::move(process));
  }
  object["refusals"] = ordered_json::array();
  return object;
}

ordered_json no_plan_json(const Error& error, const std::vector<plan::Refusal>& refusals, const std::string& node) {
  const auto exit = exit_of(error.kind);
  ordered_json verdict = {{"outcome", exit == Exit::unknown   ? "unknown"
                                      : exit == Exit::refused ? "refused"
                                                              : "invalid"},
                          {"reason", exit == Exit::refused ? ordered_json("impossible") : ordered_json()},
                          {"status", status(exit)},
                          {"stops", ordered_json::array()},
                          {"refusals", ordered_json::array()}};
  for (const auto& refusal : refusals) {
    ordered_json one = {{"gpu", refusal.gpu.value},
                        {"reason", word(refusal.reason)},
                        {"text", refusal.what},
                        {"line", text_or_null(refusal.origin.text())}};
    one["shortage"] = refusal.shortage ? shortage_json(*refusal.shortage) : ordered_json();
    one["instances"] = ordered_json::array();
    for (const auto id : refusal.instances) one["instances"].push_back(id.value);
    verdict["refusals"].push_back(std::move(one));
  }
  return {{"event", "plan"},
          {"digest", nullptr},
          {"error", error_json(error, node)},
          {"recovery", nullptr},
          {"verdict", std::move(verdict)},
          {"cost", nullptr},
          {"gpus", ordered_json::array()}};
}

std::vector<Definition> verdict_definitions() {
  using namespace report::schema;
  const Property inside = {"inside", nullable(text()),
                           "GPU instance profile whose compute instances do not fit; null: GPU instances do not fit"};
  const auto exhausted =
      object({{"kind", constant("exhausted")},
              {"resource", words({"memory_slices", "compute_slices", "copy_engines", "decoders", "encoders",
                                  "jpeg_engines", "ofa_engines", "instances_of_profile", "instances"})},
              {"profile", nullable(text()), "the profile if resource is instances_of_profile; else null"},
              {"requested", count(), "amount for the instances to be created"},
              {"held", count(), "amount for the instances that stay"},
              {"total", count()},
              inside});
  const auto overlap = object({{"kind", constant("overlap")},
                               {"profile", text()},
                               {"placement", reference("placement")},
                               {"other_profile", text()},
                               {"other_placement", reference("placement")},
                               {"other_gi", nullable(count()), "null: the other instance is requested too"},
                               {"other_line", nullable(text()), "FILE:LINE of the other request"},
                               {"free_placements", list_of(reference("placement")), "free placements of the profile"},
                               inside});
  const auto no_arrangement =
      object({{"kind", constant("no-arrangement")},
              {"choices", list_of(object({{"profile", text()}, {"placements", list_of(reference("placement"))}})),
               "the possible placements, every combination of which overlaps"},
              inside});
  return {{"shortage", {{"oneOf", Json::array({exhausted, overlap, no_arrangement})}}},
          {"verdict",
           object({{"outcome", words({"ready", "nothing-to-do", "refused", "unknown", "invalid"}), "outcome of apply"},
                   {"reason", nullable(words({"clients", "reboot", "impossible"})), "why it is refused; else null"},
                   {"status", count(), "exit status of apply without further options"},
                   {"stops",
                    list_of(object({{"gpu", count()},
                                    {"pid", count()},
                                    {"user", nullable(text())},
                                    {"command", nullable(text())},
                                    {"memory_bytes", nullable(count())},
                                    {"gi", nullable(count())},
                                    {"ci", nullable(count())}})),
                    "processes that the plan stops"},
                   {"refusals",
                    list_of(object({{"gpu", count()},
                                    {"reason", words({"no-mig", "too-much", "in-the-way"})},
                                    {"text", text()},
                                    {"line", nullable(text()), "FILE:LINE of the request"},
                                    {"shortage", nullable(reference("shortage"))},
                                    {"instances", list_of(count()), "ids of GPU instances in the way"}})),
                    "the reasons why there is no plan, for each GPU"}})}};
}

}  // namespace gpuslice::cli
