#include "cli/state_json.hpp"

#include <memory>
#include <utility>

#include "cli/program.hpp"
#include "plan/instance_text.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::cli {
namespace {

namespace schema = report::schema;

template <class T>
ordered_json value_or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json();
}
template <class T>
ordered_json id_or_null(const std::optional<T>& id) {
  return id ? ordered_json(id->value) : ordered_json();
}
template <class T>
ordered_json setting_or_null(const std::optional<T>& setting) {
  return setting ? ordered_json(plan::setting_text(*setting)) : ordered_json();
}

const char* word(ops::DeviceNode::Of of) {
  switch (of) {
    case ops::DeviceNode::Of::driver:
      return "driver";
    case ops::DeviceNode::Of::gpu:
      return "gpu";
    case ops::DeviceNode::Of::gpu_instance:
      return "gpu-instance";
    case ops::DeviceNode::Of::compute_instance:
      break;
  }
  return "compute-instance";
}

const char* word(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::unknown:
      return "unknown";
    case ErrorKind::busy:
      return "busy";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::not_found:
      return "not-found";
    case ErrorKind::exists:
      return "exists";
    case ErrorKind::permission:
      return "permission";
    case ErrorKind::damaged:
      return "damaged";
    case ErrorKind::io:
      break;
  }
  return "io";
}

ordered_json seat_json(const std::string& profile, std::uint32_t id, mig::Placement placement) {
  return {{"profile", text_or_null(profile)}, {"profile_id", id}, {"placement", placement_json(placement)}};
}

std::vector<schema::Property> seat_properties() {
  return {{"profile", schema::nullable(schema::text()), "name of the profile; null: unknown"},
          {"profile_id", schema::count()},
          {"placement", schema::reference("placement")}};
}

}  // namespace

ordered_json text_or_null(const std::string& text) { return text.empty() ? ordered_json() : ordered_json(text); }

ordered_json placement_json(mig::Placement placement) { return {{"start", placement.start}, {"size", placement.size}}; }

ProfileNames names_by(const mig::Capability& capability) {
  return {[&capability](mig::GiProfileId gi) {
            const auto* profile = capability.find(gi);
            return profile != nullptr ? std::string(profile->name) : std::string{};
          },
          [&capability](mig::GiProfileId gi, mig::CiProfileId ci) { return ops::share_name(capability, gi, ci); }};
}

ProfileNames names_by(std::vector<store::GiProfileName> recorded) {
  const auto all = std::make_shared<std::vector<store::GiProfileName>>(std::move(recorded));
  return {[all](mig::GiProfileId gi) {
            for (const auto& one : *all)
              if (one.profile == gi) return one.name;
            return std::string{};
          },
          [all](mig::GiProfileId gi, mig::CiProfileId ci) {
            for (const auto& one : *all)
              for (const auto& inner : one.compute)
                if (one.profile == gi && inner.profile == ci) return inner.name;
            return std::string{};
          }};
}

ordered_json gi_json(const ProfileNames& names, const model::GiSeat& seat) {
  return seat_json(names.gi(seat.profile), seat.profile.value, seat.placement);
}
ordered_json ci_json(const ProfileNames& names, const model::CiSeat& seat) {
  return seat_json(names.ci(seat.parent.profile, seat.profile), seat.profile.value, seat.placement);
}

ordered_json state_json(const ProfileNames& names, const model::GpuState& state,
                        const std::vector<model::NamedGi>& named) {
  auto instances = ordered_json::array();
  for (const auto& gi : state.mig.partition.instances) {
    const auto* ours = model::entry_of(named, gi);
    auto one = gi_json(names, {gi.profile, gi.placement});
    one["name"] = text_or_null(ours != nullptr ? ours->name : "");
    one["compute"] = ordered_json::array();
    for (const auto& ci : gi.compute) {
      const auto* inner = ours != nullptr ? model::entry_of(ours->compute, ci) : nullptr;
      auto inside = ci_json(names, {{gi.profile, gi.placement}, ci.profile, ci.placement});
      inside["name"] = text_or_null(inner != nullptr ? inner->name : "");
      one["compute"].push_back(std::move(inside));
    }
    instances.push_back(std::move(one));
  }
  return {{"mig", state.mig.mode},
          {"mig_pending", state.mig.pending},
          {"compute_mode", setting_or_null(state.compute_mode)},
          {"time_slice", setting_or_null(state.time_slice)},
          {"instances", std::move(instances)}};
}

ordered_json step_json(const mig::Capability& capability, const model::Step& step) {
  const auto names = names_by(capability);
  const auto* gi = model::gi_seat(step);
  const auto* ci = model::ci_seat(step);
  return {{"kind", plan::kind_word(step)},
          {"text", plan::step_text(capability, step)},
          {"gpu_instance", gi != nullptr ? gi_json(names, *gi) : ordered_json()},
          {"compute_instance", ci != nullptr ? ci_json(names, *ci) : ordered_json()},
          {"name", text_or_null(step.name)}};
}

ordered_json client_json(const model::Client& client) {
  return {{"pid", client.pid},
          {"user", text_or_null(client.user)},
          {"command", text_or_null(client.command)},
          {"memory_bytes", value_or_null(client.memory_bytes)},
          {"gi", id_or_null(client.gi)},
          {"ci", id_or_null(client.ci)}};
}

ordered_json clients_json(const std::vector<model::Client>& clients) {
  auto all = ordered_json::array();
  for (const auto& client : clients) all.push_back(client_json(client));
  return all;
}

ordered_json device_nodes_json(const std::optional<std::vector<ops::DeviceNode>>& nodes) {
  if (!nodes) return nullptr;
  auto all = ordered_json::array();
  for (const auto& one : *nodes)
    all.push_back(
        {{"of", word(one.of)}, {"path", one.path}, {"major", value_or_null(one.major)}, {"minor", one.minor}});
  return all;
}

ordered_json instances_json(const std::vector<ops::Instance>& instances) {
  auto all = ordered_json::array();
  for (const auto& one : instances)
    all.push_back(
        {{"gpu", one.gpu.value},
         {"gpu_uuid", one.gpu_uuid},
         {"gi", one.gi.value},
         {"ci", id_or_null(one.ci)},
         {"uuid", text_or_null(one.uuid)},
         {"name", text_or_null(one.name)},
         {"gi_name", text_or_null(one.gi_name)},
         {"gpu_instance", seat_json(one.gi_profile, one.gi_seat.profile.value, one.gi_seat.placement)},
         {"compute_instance",
          one.ci_seat ? seat_json(one.ci_profile, one.ci_seat->profile.value, one.ci_seat->placement) : ordered_json()},
         {"device_nodes", device_nodes_json(one.nodes)}});
  return all;
}

ordered_json remains_json(const std::vector<ops::Remainder>& remains) {
  auto all = ordered_json::array();
  for (const auto& one : remains)
    all.push_back({{"gpu", id_or_null(one.gpu)}, {"uuid", text_or_null(one.uuid)}, {"what", one.what}});
  return all;
}

namespace {

// The driver's answer, if it is the reason.
ordered_json driver_json(const Error& error) {
  if (error.code == 0) return nullptr;
  return {{"code", error.code}, {"text", text_or_null(error.words)}};
}

}  // namespace

ordered_json error_json(const Error& error, const std::string& node) {
  return {{"kind", word(error.kind)},
          {"object", text_or_null(error.object)},
          {"what", error.what},
          {"driver", driver_json(error)},
          {"try", hint_words(error.hint, node)}};
}

std::vector<Definition> state_definitions() {
  using namespace report::schema;
  const auto named = [](Property last = {}) {
    auto all = seat_properties();
    all.push_back({"name", nullable(text()), "name given by a layout or by create --name; null: none"});
    if (!last.key.empty()) all.push_back(std::move(last));
    return object(all);
  };
  return {
      {"placement", object({{"start", count()}, {"size", count()}})},
      {"gpu_instance", object(seat_properties())},
      {"compute_instance", object(seat_properties())},
      {"state",
       object({{"mig", flag(), "MIG mode"},
               {"mig_pending", flag(), "MIG mode after the next reset of the GPU"},
               {"compute_mode", nullable(words({"Default", "Prohibited", "Exclusive_Process"})), "null: not read"},
               {"time_slice", nullable(words({"default", "short", "medium", "long"})), "null: not read"},
               {"instances", list_of(named({"compute", list_of(named())}))}})},
      {"client",
       object({{"pid", count()},
               {"user", nullable(text()), "null: unknown"},
               {"command", nullable(text()), "null: unknown"},
               {"memory_bytes", nullable(count()), "null: the driver does not report it"},
               {"gi", nullable(count()), "GPU instance id; null: it uses the whole GPU"},
               {"ci", nullable(count()), "compute instance id; null: it uses the whole GPU or GPU instance"}})},
      {"device_nodes", nullable(list_of(object({{"of", words({"driver", "gpu", "gpu-instance", "compute-instance"})},
                                                {"path", text()},
                                                {"major", nullable(count()), "null: /proc/devices does not list it"},
                                                {"minor", count()}})))},
      {"instance",
       object({{"gpu", count(), "index of the GPU"},
               {"gpu_uuid", text()},
               {"gi", count(), "GPU instance id"},
               {"ci", nullable(count()), "compute instance id; null: a GPU instance"},
               {"uuid", nullable(text()), "UUID of the MIG device; null: a GPU instance, which has none"},
               {"name", nullable(text()), "name given by a layout or by create --name; null: none"},
               {"gi_name", nullable(text()), "name of the GPU instance, also of its compute instances; null: none"},
               {"gpu_instance", reference("gpu_instance")},
               {"compute_instance", nullable(reference("compute_instance"))},
               {"device_nodes", reference("device_nodes"), "null: they cannot be read"}})},
      {"remainder", object({{"gpu", nullable(count()), "index of the GPU; null: unknown"},
                            {"uuid", nullable(text()), "of a GPU that is missing or cannot be read; else null"},
                            {"what", text()}})},
      {"step", object({{"kind", text()},
                       {"text", text()},
                       {"gpu_instance", nullable(reference("gpu_instance"))},
                       {"compute_instance", nullable(reference("compute_instance"))},
                       {"name", nullable(text())},
                       {"clients", list_of(reference("client")), "processes that have to end first"}})},
      {"driver_answer", object({{"code", count(), "NVML's return code (nvmlReturn_t)"}, {"text", nullable(text())}})},
      {"error",
       object({{"kind", words({"usage", "unknown", "busy", "refused", "unsupported", "not-found", "exists",
                               "permission", "damaged", "io"})},
               {"object", nullable(text())},
               {"what", text()},
               {"driver", nullable(reference("driver_answer")), "the driver's answer; null: it is not the reason"},
               {"try", list_of(text()), "arguments of the suggested gpuslice command; empty: no suggestion"}})},
      {"cost", object({{"busy_stopped", count()}, {"instances_destroyed", count()}, {"steps", count()}})},
      {"plan_gpu",
       object({{"index", count()},
               {"uuid", nullable(text()), "null: a GPU of the catalogue"},
               {"name", text()},
               {"cost", reference("cost")},
               {"steps", list_of(reference("step"))},
               {"renames",
                list_of(object({{"gpu_instance", reference("gpu_instance")},
                                {"compute_instance", nullable(reference("compute_instance")), "null: the GPU instance"},
                                {"from", nullable(text()), "null: no name"},
                                {"to", nullable(text()), "null: no name"},
                                {"clients", list_of(reference("client")), "processes that use it"}})),
                "instances that stay and get another name"},
               {"before", reference("state")},
               {"after", reference("state")}})},
  };
}

}  // namespace gpuslice::cli
