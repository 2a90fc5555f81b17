// Runs the planner on cases: reads each case as a line of JSON from standard input and prints the answer as a line. It
// only converts; the right answers come from plan_oracle.py. plan_rules.py defines a case.
#include <algorithm>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "catalog/product.hpp"
#include "plan/gpu_planner.hpp"
#include "plan/resolve.hpp"
#include "plan/step_rules.hpp"

namespace {

using namespace gpuslice;
using nlohmann::json;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return *std::move(result);
}

// The planner's placement of `profile` at `start`. A placement that it does not know is an error here.
template <class Profile>
mig::Placement place(const Profile& profile, const json& start) {
  for (const auto site : profile.sites)
    if (site.start == start.get<unsigned>()) return site;
  throw std::runtime_error("no placement at " + start.dump());
}
template <class Profile>
std::optional<mig::Placement> wanted_place(const Profile& profile, const json& wanted) {
  if (!wanted.contains("start")) return std::nullopt;
  return place(profile, wanted["start"]);
}

void hold(model::Gpu& gpu, const json& what, std::optional<mig::GiId> gi, std::optional<mig::CiId> ci) {
  for (const auto& pid : what.value("busy", json::array())) {
    model::Client client;
    client.pid = pid.get<std::uint32_t>();
    client.gi = gi;
    client.ci = ci;
    gpu.clients.push_back(client);
  }
}

void stand(model::Gpu& gpu, const json& said) {
  const auto& profile = *must(plan::find_profile(gpu.capability, said.at("profile").get<std::string>()));
  mig::GpuInstance gi;
  gi.id = mig::GiId{said.at("id").get<std::uint32_t>()};
  gi.profile = profile.id;
  gi.placement = place(profile, said.at("start"));
  if (gi.placement.size != said.at("size").get<unsigned>()) throw std::runtime_error("another size: " + said.dump());
  model::NamedGi named{gi.placement, gi.profile, said.value("name", ""), {}};
  hold(gpu, said, gi.id, std::nullopt);
  for (const auto& one : said.at("cis")) {
    const auto& compute = *must(plan::find_profile(profile, one.at("profile").get<std::string>()));
    const mig::ComputeInstance ci{mig::CiId{static_cast<std::uint32_t>(gi.compute.size())}, compute.id,
                                  place(compute, one.at("start"))};
    gi.compute.push_back(ci);
    hold(gpu, one, gi.id, ci.id);
    if (one.at("made").get<bool>()) named.compute.push_back({ci.placement, ci.profile, one.value("name", "")});
  }
  auto& all = gpu.state.mig.partition.instances;
  all.insert(std::find_if(all.begin(), all.end(), [&](const auto& g) { return g.id > gi.id; }), gi);
  if (said.at("made").get<bool>()) gpu.made.push_back(named);
}

model::Gpu gpu_of(const json& said) {
  const auto& product = *must(catalog::find(said.at("product").get<std::string>()));
  const auto& before = said.at("before");
  model::Gpu gpu;
  gpu.name = said.value("board", std::string(product.names[0]));
  gpu.product = std::string(product.key);
  gpu.capability = catalog::capability(product, said.value("driver", "580.126.09"), gpu.name);
  gpu.state.mig.mode = before.at("mig").get<bool>();
  gpu.state.mig.pending = before.value("pending", gpu.state.mig.mode);
  gpu.state.mig.compute_display = before.value("compute_display", true);
  hold(gpu, before, std::nullopt, std::nullopt);
  for (const auto& gi : before.at("gis")) stand(gpu, gi);
  if (!mig::legal(gpu.capability, gpu.state.mig.partition))
    throw std::runtime_error("the current partition is not legal");
  return gpu;
}

model::Target target_of(const model::Gpu& gpu, const json& said) {
  model::Target target;
  target.mig = said.at("target").at("mig").get<bool>();
  target.foreign = said.at("foreign") == "keep" ? model::Foreign::keep : model::Foreign::remove;
  for (const auto& wanted : said.at("target").at("gis")) {
    const auto& profile = *must(plan::find_profile(gpu.capability, wanted.at("profile").get<std::string>()));
    model::TargetGi gi{wanted.value("name", ""), profile.id, wanted_place(profile, wanted), {}};
    for (const auto& one : wanted.at("cis")) {
      const auto& compute = *must(plan::find_profile(profile, one.at("profile").get<std::string>()));
      gi.compute.push_back({one.value("name", ""), compute.id, wanted_place(compute, one)});
    }
    target.instances.push_back(gi);
  }
  return target;
}

// The names of steps in plan_replay.py. There is no name for a reset, which is never planned for a layout.
std::string kind_text(const model::Step& step) {
  static const std::map<std::string_view, std::string> words = {{"compute-display-mode", "compute_display"},
                                                                {"reboot", "reboot"},
                                                                {"enable-mig", "enable_mig"},
                                                                {"disable-mig", "disable_mig"},
                                                                {"destroy-compute-instance", "destroy_ci"},
                                                                {"destroy-gpu-instance", "destroy_gi"},
                                                                {"create-gpu-instance", "create_gi"},
                                                                {"create-compute-instance", "create_ci"}};
  const auto found = words.find(plan::kind_word(step));
  return found != words.end() ? found->second : "?";
}

json step_of(const model::Gpu& gpu, const model::Step& step) {
  json out = {{"kind", kind_text(step)}, {"clients", json::array()}};
  for (const auto& client : step.clients) out["clients"].push_back(client.pid);
  const auto* gi = model::gi_seat(step);
  if (gi == nullptr) return out;
  out["gi"] = {std::to_string(gi->profile.value), gi->placement.start, gi->placement.size};
  const auto* ci = model::ci_seat(step);
  if (ci == nullptr) return out;
  const auto* profile = gpu.capability.find(gi->profile)->find(ci->profile);
  out["ci"] = {std::to_string(profile->slices) + "c", ci->placement.start, ci->placement.size};
  return out;
}

json answer(const json& said) {
  const auto gpu = gpu_of(said);
  const auto plan = plan::plan_gpu(gpu, target_of(gpu, said));
  if (!plan) {
    const auto& why = plan.error();
    json out = {{"ok", false}, {"in_the_way", json::array()}, {"nearest", json::array()}};
    out["reason"] = why.reason == plan::Refusal::Reason::no_mig     ? "no_mig"
                    : why.reason == plan::Refusal::Reason::too_much ? "too_much"
                                                                    : "in_the_way";
    for (const auto id : why.instances) out["in_the_way"].push_back(id.value);
    for (const auto& gi : why.nearest) out["nearest"].push_back(std::to_string(gi.profile.value));
    return out;
  }
  json out = {{"ok", true}, {"steps", json::array()}};
  out["cost"] = {plan->cost.busy, plan->cost.stopped, plan->cost.steps};
  for (const auto& step : plan->steps) out["steps"].push_back(step_of(gpu, step));
  out["places"] = json::array();  // placements of the wanted instances, in that order
  for (const auto& gi : plan->made) {
    json starts = json::array();
    for (const auto& ci : gi.compute) starts.push_back(ci.placement.start);
    out["places"].push_back({gi.placement.start, starts});
  }
  return out;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << answer(json::parse(line)).dump() << '\n' << std::flush;
    } catch (const std::exception& error) {
      std::cerr << "plan_cases: " << error.what() << "\n" << line << "\n";
      return 2;
    }
  }
  return 0;
}
