#include "cli/resolve_json.hpp"

#include <utility>

#include "cli/state_json.hpp"
#include "handover/forms.hpp"

namespace gpuslice::cli {
namespace {

template <class T>
ordered_json value_or_null(const std::optional<T>& value) {
  return value ? ordered_json(value->value) : ordered_json();
}

ordered_json forms_json(const handover::Device& device) {
  auto all = ordered_json::object();
  for (const auto& form : handover::forms(device)) all[std::string(form.key)] = text_or_null(form.text);
  return all;
}

ordered_json device_json(const std::string& word, const ops::UsableDevice& one) {
  const auto& device = one.device;
  auto instance = ordered_json::array();
  if (one.instance) instance = instances_json({*one.instance})[0];
  const auto of_instance = [&](const char* key) { return one.instance ? instance[key] : ordered_json(); };
  return {{"word", word},
          {"gpu", device.gpu.value},
          {"gpu_uuid", text_or_null(device.gpu_uuid)},
          {"gpu_name", text_or_null(device.gpu_name)},
          {"pci", text_or_null(device.pci)},
          {"gi", value_or_null(device.gi)},
          {"ci", value_or_null(device.ci)},
          {"uuid", text_or_null(device.uuid)},
          {"name", text_or_null(device.name)},
          {"gi_name", text_or_null(one.instance ? one.instance->gi_name : std::string{})},
          {"profile", text_or_null(handover::profile_text(device))},
          {"gpu_instance", of_instance("gpu_instance")},
          {"compute_instance", of_instance("compute_instance")},
          {"mig_index", device.mig_index ? ordered_json(*device.mig_index) : ordered_json()},
          {"mig_mode", one.mig_mode},
          {"device_nodes", device_nodes_json(device.nodes)},
          {"clients", clients_json(one.clients)},
          {"forms", forms_json(device)}};
}

ordered_json placement_or_null(const std::optional<mig::Placement>& placement) {
  return placement ? placement_json(*placement) : ordered_json();
}

ordered_json past_json(const ops::Past& past) {
  return {{"gpu", past.gpu.value},
          {"gpu_uuid", past.gpu_uuid},
          {"gi", past.gi.value},
          {"ci", value_or_null(past.ci)},
          {"name", text_or_null(past.name)},
          {"uuid", text_or_null(past.uuid)},
          {"gi_profile", text_or_null(past.gi_profile)},
          {"gi_placement", placement_json(past.gi_placement)},
          {"ci_profile", text_or_null(past.ci_profile)},
          {"ci_placement", placement_or_null(past.ci_placement)},
          {"change",
           {{"number", past.number}, {"verb", past.verb}, {"user", text_or_null(past.user)}, {"started", past.time}}},
          {"destroyed", past.destroyed}};
}

}  // namespace

ordered_json resolved_json(const std::vector<ops::Resolved>& resolved, const std::string& node) {
  ordered_json document = {{"devices", ordered_json::array()}, {"missing", ordered_json::array()}};
  for (const auto& one : resolved) {
    for (const auto& device : one.devices) document["devices"].push_back(device_json(one.word, device));
    if (!one.error) continue;
    document["missing"].push_back({{"word", one.word},
                                   {"reason", error_json(*one.error, node)},
                                   {"was", one.past ? past_json(*one.past) : ordered_json()}});
  }
  return document;
}

report::schema::Json resolved_schema() {
  using namespace report::schema;
  std::vector<Property> forms;
  for (const auto& form : handover::forms({}))
    forms.push_back(
        {std::string(form.key), nullable(text()), std::string(form.title) + "; null: no such form, or not known"});
  const auto device = object({
      {"word", text(), "the argument that names it"},
      {"gpu", count(), "index of the GPU"},
      {"gpu_uuid", nullable(text())},
      {"gpu_name", nullable(text()), "name of the GPU as the driver prints it"},
      {"pci", nullable(text()), "PCI address of the GPU"},
      {"gi", nullable(count()), "GPU instance id; null: the whole GPU"},
      {"ci", nullable(count()), "compute instance id; null: the whole GPU"},
      {"uuid", nullable(text()), "of the GPU or MIG device; null: the driver does not report it"},
      {"name", nullable(text()),
       "name given by a layout or by create --name: of the GPU instance, of the compute "
       "instance, or both with a slash; null: none"},
      {"gi_name", nullable(text()), "name of the GPU instance; null: none"},
      {"profile", nullable(text()), "such as 1c.3g.20gb; null: the whole GPU, or not known"},
      {"gpu_instance", nullable(reference("gpu_instance")), "null: the whole GPU, or not known"},
      {"compute_instance", nullable(reference("compute_instance")), "null: the whole GPU, or not known"},
      {"mig_index", nullable(count()), "index of the MIG device on its GPU; null: the whole GPU, or not known"},
      {"mig_mode", flag(), "MIG mode of the GPU"},
      {"device_nodes", reference("device_nodes"), "null: they cannot be read"},
      {"clients", list_of(reference("client")), "processes that use it"},
      {"forms", object(forms), "how programs name the device, and how to start something on it"},
  });
  const auto change = object({{"number", count()},
                              {"verb", text()},
                              {"user", nullable(text()), "null: not known"},
                              {"started", text(), "time in UTC"}});
  const auto was = object({
      {"gpu", count(), "index of the GPU at that time"},
      {"gpu_uuid", text()},
      {"gi", count()},
      {"ci", nullable(count()), "null: a GPU instance"},
      {"name", nullable(text())},
      {"uuid", nullable(text()), "of the MIG device; null: not recorded"},
      {"gi_profile", nullable(text())},
      {"gi_placement", reference("placement")},
      {"ci_profile", nullable(text())},
      {"ci_placement", nullable(reference("placement"))},
      {"change", change, "the newest recorded change that had to do with it"},
      {"destroyed", flag(), "true: by that change; false: it existed after it, and what removed it is not recorded"},
  });
  const auto missing = object({{"word", text()},
                               {"reason", reference("error")},
                               {"was", nullable(was), "what the history says of it; null: nothing"}});
  return object({{"devices", list_of(device)}, {"missing", list_of(missing), "arguments that name no device"}});
}

}  // namespace gpuslice::cli
