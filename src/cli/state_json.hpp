// The JSON of placements, instances, states, steps and clients: the same in plans, events, differences and the history.
// Every key is always present; null means not applicable or unknown.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/step.hpp"
#include "ops/effects.hpp"
#include "ops/failure.hpp"
#include "report/schema.hpp"
#include "store/transaction.hpp"

namespace gpuslice::cli {

using nlohmann::ordered_json;

// The text, or null if it is empty.
[[nodiscard]] ordered_json text_or_null(const std::string& text);
// {"start": 4, "size": 4}
[[nodiscard]] ordered_json placement_json(mig::Placement placement);

// Names of profiles, empty if unknown: from a GPU, which must outlive this, or as recorded with a change.
struct ProfileNames {
  std::function<std::string(mig::GiProfileId)> gi;
  std::function<std::string(mig::GiProfileId, mig::CiProfileId)> ci;
};
[[nodiscard]] ProfileNames names_by(const mig::Capability& capability);
[[nodiscard]] ProfileNames names_by(std::vector<store::GiProfileName> recorded);

// {"profile": "3g.20gb", "profile_id": 9, "placement": {...}}
[[nodiscard]] ordered_json gi_json(const ProfileNames& names, const model::GiSeat& seat);
[[nodiscard]] ordered_json ci_json(const ProfileNames& names, const model::CiSeat& seat);
// MIG mode, settings and instances with their names.
[[nodiscard]] ordered_json state_json(const ProfileNames& names, const model::GpuState& state,
                                      const std::vector<model::NamedGi>& named);
[[nodiscard]] ordered_json step_json(const mig::Capability& capability, const model::Step& step);
[[nodiscard]] ordered_json client_json(const model::Client& client);
[[nodiscard]] ordered_json clients_json(const std::vector<model::Client>& clients);
[[nodiscard]] ordered_json device_nodes_json(const std::optional<std::vector<ops::DeviceNode>>& nodes);
[[nodiscard]] ordered_json instances_json(const std::vector<ops::Instance>& instances);
[[nodiscard]] ordered_json remains_json(const std::vector<ops::Remainder>& remains);
// An error: {"kind": "refused", "object": ..., "what": ..., "try": [...]}.
[[nodiscard]] ordered_json error_json(const Error& error, const std::string& node);

// The schemas of these objects, by their names under "$defs".
struct Definition {
  std::string name;
  report::schema::Json schema;
};
[[nodiscard]] std::vector<Definition> state_definitions();

}  // namespace gpuslice::cli
