#include "cli/schemas.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "base/nearest.hpp"
#include "cli/difference.hpp"
#include "cli/doctor_view.hpp"
#include "cli/event_json.hpp"
#include "cli/history_json.hpp"
#include "cli/layouts_for_need.hpp"
#include "cli/plan_view.hpp"
#include "cli/resolve_json.hpp"
#include "cli/state_json.hpp"
#include "cli/verdict_view.hpp"
#include "report/json_text.hpp"
#include "spec/keys.hpp"

namespace gpuslice::cli {
namespace {

using report::schema::Json;

Json layout_file() { return Json::parse(spec::schema_json()); }

constexpr std::array<Output, 30> all = {{
    {"list", "gpuslice list --output json", list_schema},
    {"who", "gpuslice who --output json", who_schema},
    {"query", "gpuslice query --output json", query_schema},
    {"query-fields", "gpuslice query --list --output json", query_fields_schema},
    {"plan", "gpuslice plan --output json", plan_schema},
    {"diff", "gpuslice diff --output json", match_schema},
    {"assert", "gpuslice assert --output json", match_schema},
    {"events", "one line of gpuslice apply, create, destroy, enable, disable, reset, undo or recover --output json",
     events_schema},
    {"export", "gpuslice export --output json: a layout file", layout_file},
    {"history", "gpuslice history --output json", history_schema},
    {"doctor", "gpuslice doctor --output json", doctor_schema},
    {"doctor-checks", "gpuslice doctor --list --output json", doctor_checks_schema},
    {"status", "gpuslice status --output json", status_schema},
    {"restore", "gpuslice restore --output json", restore_schema},
    {"products", "gpuslice products --output json", products_schema},
    {"profiles", "gpuslice profiles --output json", profiles_schema},
    {"profiles-for", "gpuslice profiles --for PRODUCT --output json", profiles_for_schema},
    {"placements", "gpuslice placements --output json", placements_schema},
    {"placements-for", "gpuslice placements --for PRODUCT --output json", placements_for_schema},
    {"layouts", "gpuslice layouts --output json", layouts_schema},
    {"layouts-need", "gpuslice layouts --need DEMAND --output json", need_schema},
    {"resolve", "gpuslice resolve --output json", resolved_schema},
    {"cdi-list", "gpuslice cdi list --output json", cdi_list_schema},
    {"cdi-check", "gpuslice cdi check --output json", cdi_check_schema},
    {"sim-list", "gpuslice sim list --output json", sim_list_schema},
    {"sim-faults", "gpuslice sim faults --output json", sim_faults_schema},
    {"sim-latency", "gpuslice sim latency --output json", sim_latency_schema},
    {"sim-trace", "gpuslice sim trace --output json", sim_trace_schema},
    {"sim-tree", "gpuslice sim tree --output json", sim_tree_schema},
    {"sim-snapshots", "gpuslice sim snapshot --output json", sim_snapshots_schema},
}};

// Every name under "$defs" that `in` refers to.
void collect(const Json& in, std::set<std::string>& names) {
  if (in.is_object())
    if (const auto found = in.find("$ref"); found != in.end() && found->is_string())
      names.insert(found->get<std::string>().substr(std::string_view("#/$defs/").size()));
  for (const auto& inner : in)
    if (inner.is_structured()) collect(inner, names);
}

// The shared definitions that a schema uses, directly or through others.
Json definitions_for(const Json& schema) {
  auto known = state_definitions();
  for (auto& one : verdict_definitions()) known.push_back(std::move(one));
  std::set<std::string> names;
  collect(schema, names);
  for (std::size_t before = 0; before != names.size();) {
    before = names.size();
    for (const auto& one : known)
      if (names.contains(one.name)) collect(one.schema, names);
  }
  auto used = Json::object();
  for (const auto& one : known)
    if (names.contains(one.name)) used[one.name] = one.schema;
  return used;
}

}  // namespace

std::span<const Output> outputs() { return all; }

Result<std::string> output_schema(const std::string& name) {
  const auto found = std::ranges::find(all, name, &Output::name);
  if (found == all.end()) {
    std::vector<std::string_view> names;
    for (const auto& one : all) names.push_back(one.name);
    const auto near = nearest(name, names, 3);
    return fail(ErrorKind::usage, name,
                near.empty() ? "is not an output" : fmt::format("is not an output; nearest: {}", fmt::join(near, ", ")),
                Hint::gpuslice({"schema", Hint::flag("list")}));
  }
  auto made = found->schema();
  if (made.contains("$schema"))
    return report::json_text(made, 2) + "\n";  // the schema of layout files is complete already
  Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"$id", "urn:gpuslice:output:" + name},
                   {"title", found->title}};
  document.update(made);
  if (auto used = definitions_for(made); !used.empty()) document["$defs"] = std::move(used);
  return report::json_text(document, 2) + "\n";
}

}  // namespace gpuslice::cli
