#include "smi/mig/change.hpp"

#include <algorithm>
#include <limits>

#include <fmt/printf.h>

#include "base/number.hpp"
#include "smi/cells.hpp"
#include "smi/gpu_select.hpp"
#include "smi/mig/instances.hpp"

namespace gpuslice::smi {
namespace {

using node::Answer;
using node::DriverError;

// One item of a -cgi or -cci list: a profile by id or name, and where it should start.
struct Wanted {
  std::string profile;
  std::optional<std::uint32_t> start;
};

DriverError invalid_argument(Session& session) {
  return {node::err_invalid_argument, session.node.identity().error_text(node::err_invalid_argument)};
}

// Parses "19", "1g.5gb" or "MIG 1g.5gb", each optionally followed by ":start".
Wanted parse_wanted(const std::string& item) {
  const auto colon = item.find(':');
  if (colon == std::string::npos) return Wanted{item, std::nullopt};
  // nvidia-smi ignores a start that is not a number; the driver then chooses the placement.
  return Wanted{item.substr(0, colon), parse_number<std::uint32_t>(std::string_view(item).substr(colon + 1))};
}

template <class Profile>
const Profile* find_profile(const std::vector<Profile>& profiles, const std::string& wanted) {
  const auto id = parse_number<std::uint32_t>(wanted);
  const auto found = std::ranges::find_if(profiles, [&](const Profile& p) {
    return id ? p.id.value == *id : p.name == wanted || p.name == "MIG " + wanted;
  });
  return found == profiles.end() ? nullptr : &*found;
}

// The placement at `start`. Even if the profile has no placement there, or no GPU could have it, the driver is called
// and refuses it.
std::optional<mig::Placement> place_at(const Answer<std::vector<mig::Placement>>& places,
                                       std::optional<std::uint32_t> start) {
  if (!start) return std::nullopt;
  constexpr std::uint32_t most = std::numeric_limits<std::uint8_t>::max();
  mig::Placement place{static_cast<std::uint8_t>(std::min(*start, most)), 0};
  for (const auto& possible : places.value_or(std::vector<mig::Placement>{})) {
    if (place.size == 0 || possible.start == *start) place.size = possible.size;
  }
  return place;
}

Answer<void> create_compute(Session& session, const GiRow& parent, const std::optional<std::string>& item) {
  const auto attempt = [&]() -> Answer<void> {
    const auto profiles = GPUSLICE_TRY(session.node.mig().ci_profiles(parent.gpu, parent.instance.id));
    const node::CiProfileInfo* profile = nullptr;
    std::optional<mig::Placement> place;
    if (item) {
      const auto wanted = parse_wanted(*item);
      profile = find_profile(profiles, wanted.profile);
      if (profile != nullptr) {
        place = place_at(session.node.mig().ci_placements(parent.gpu, parent.instance.id, profile->id), wanted.start);
      }
    } else {
      // The default profile is the one that uses the whole GPU instance; if there are two, the later one.
      const auto takes_all = [&](const auto& one) { return one.slices == parent.profile.slices; };
      const auto last = std::find_if(profiles.rbegin(), profiles.rend(), takes_all);
      const auto whole = last == profiles.rend() ? profiles.end() : std::prev(last.base());
      if (whole != profiles.end()) profile = &*whole;
    }
    if (profile == nullptr) return std::unexpected(invalid_argument(session));
    const auto made = GPUSLICE_TRY(session.node.mig().create_ci(parent.gpu, parent.instance.id, profile->id, place));
    session.out << fmt::sprintf(
        "Successfully created compute instance ID %2u on GPU %2u GPU instance ID %2u using profile %s (ID %2u)\n",
        made.id.value, parent.gpu.value, parent.instance.id.value, profile->name, made.profile.value);
    return {};
  };
  auto answer = attempt();
  if (!answer) {
    session.out << fmt::sprintf(
        "Unable to create a compute instance on GPU %2u GPU instance ID %2u using profile %s: %s\n", parent.gpu.value,
        parent.instance.id.value, item.value_or("default"), answer.error().text);
  }
  return answer;
}

Answer<GiRow> create_instance(Session& session, GpuIndex gpu, const std::string& item) {
  const auto attempt = [&]() -> Answer<GiRow> {
    const auto profiles = GPUSLICE_TRY(session.node.mig().gi_profiles(gpu));
    const auto wanted = parse_wanted(item);
    const auto* profile = find_profile(profiles, wanted.profile);
    if (profile == nullptr) return std::unexpected(invalid_argument(session));
    const auto place = place_at(session.node.mig().gi_placements(gpu, profile->id), wanted.start);
    const auto made = GPUSLICE_TRY(session.node.mig().create_gi(gpu, profile->id, place));
    session.out << fmt::sprintf("Successfully created GPU instance ID %2u on GPU %2u using profile %s (ID %2u)\n",
                                made.id.value, gpu.value, profile->name, profile->id.value);
    return GiRow{gpu, *profile, made};
  };
  auto answer = attempt();
  if (!answer) {
    session.out << fmt::sprintf("Unable to create a GPU instance on GPU %2u using profile %s: %s\n", gpu.value, item,
                                answer.error().text);
  }
  return answer;
}

int failed_to(Session& session, const char* what, const DriverError& error) {
  session.out << fmt::sprintf("Failed to %s: %s\n", what, error.text);
  return exit_status(error.code);
}

}  // namespace

int create_gpu_instances(Session& session, const MigRequest& request) {
  const auto gpus = mig_enabled(session);
  if (gpus.empty()) return no_mig_devices(session);
  for (const GpuIndex gpu : gpus) {
    for (const auto& item : split_list(request.profiles.value_or(""))) {
      const auto made = create_instance(session, gpu, item);
      if (!made) return failed_to(session, "create GPU instances", made.error());
      if (!request.default_compute) continue;
      const auto compute = create_compute(session, *made, std::nullopt);
      if (!compute) return failed_to(session, "create GPU instances", compute.error());
    }
  }
  return 0;
}

int create_compute_instances(Session& session, const MigRequest& request) {
  const auto parents = gpu_instances_asked_for(session, request.gis);
  if (!parents) return parents.error();
  for (const auto& parent : *parents) {
    std::vector<std::optional<std::string>> items;
    if (request.profiles) {
      for (auto& item : split_list(*request.profiles)) items.emplace_back(std::move(item));
    } else {
      items.emplace_back(std::nullopt);
    }
    for (const auto& item : items) {
      const auto made = create_compute(session, parent, item);
      if (!made) return failed_to(session, "create compute instances", made.error());
    }
  }
  return 0;
}

int destroy_gpu_instances(Session& session, const MigRequest& request) {
  const auto rows = gpu_instances_asked_for(session, request.gis);
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    if (const auto gone = session.node.mig().destroy_gi(row.gpu, row.instance.id); !gone) {
      session.out << fmt::sprintf("Unable to destroy GPU instance ID %2u from GPU %2u: %s\n", row.instance.id.value,
                                  row.gpu.value, gone.error().text);
      return failed_to(session, "destroy GPU instances", gone.error());
    }
    session.out << fmt::sprintf("Successfully destroyed GPU instance ID %2u from GPU %2u\n", row.instance.id.value,
                                row.gpu.value);
  }
  return 0;
}

int destroy_compute_instances(Session& session, const MigRequest& request) {
  const auto rows = compute_instances_asked_for(session, request.gis, request.cis);
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    const auto gi = row.parent.instance.id;
    if (const auto gone = session.node.mig().destroy_ci(row.parent.gpu, gi, row.instance.id); !gone) {
      session.out << fmt::sprintf("Unable to destroy compute instance ID %2u from GPU %2u GPU instance ID %2u: %s\n",
                                  row.instance.id.value, row.parent.gpu.value, gi.value, gone.error().text);
      return failed_to(session, "destroy compute instances", gone.error());
    }
    session.out << fmt::sprintf("Successfully destroyed compute instance ID %2u from GPU %2u GPU instance ID %2u\n",
                                row.instance.id.value, row.parent.gpu.value, gi.value);
  }
  return 0;
}

}  // namespace gpuslice::smi
