#include "mig/demand.hpp"

#include <algorithm>
#include <bitset>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "base/number.hpp"
#include "base/split.hpp"

namespace gpuslice::mig {
namespace {

// Parses a number followed by `unit` at the start of `text`, and removes both from `text`.
std::optional<unsigned> take(std::string_view& text, std::string_view unit) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number<unsigned>(text.substr(0, digits));
  if (!number || text.substr(digits, unit.size()) != unit) return std::nullopt;
  text.remove_prefix(digits + unit.size());
  return number;
}

// Parses "40gb", "3g", "3g.20gb", "1g.10gb+me" or "1g.24gb-me".
bool read_amount(std::string_view text, Need& need) {
  auto rest = text;
  if (const auto memory = take(rest, "gb"); memory && rest.empty()) {
    need.memory_gb = *memory;
    return *memory != 0;
  }
  rest = text;
  const auto slices = take(rest, "g");
  if (!slices || *slices == 0) return false;
  need.slices = *slices;
  if (rest.empty()) return true;
  if (rest.front() != '.') return false;
  rest.remove_prefix(1);
  const auto memory = take(rest, "gb");
  if (!memory || *memory == 0) return false;
  need.memory_gb = *memory;
  need.media = rest != "-me";
  if (rest.empty() || rest == "-me") return true;
  if (rest.front() != '+' || rest.size() == 1 || rest.back() == ',') return false;
  need.attributes = split(rest.substr(1), ',');
  return std::none_of(need.attributes.begin(), need.attributes.end(), [](const auto& one) { return one.empty(); });
}

std::string_view suffix_of(const GiProfile& profile) { return profile.name.substr(profile.base_name().size()); }

bool has_attribute(const Capability& capability, const GiProfile& profile, const std::string& attribute) {
  const auto suffix = suffix_of(profile);
  if (suffix.starts_with('+')) {
    const auto own = split(suffix.substr(1), ',');
    if (std::find(own.begin(), own.end(), attribute) != own.end()) return true;
    if (attribute == "me" && std::find(own.begin(), own.end(), "me.all") != own.end()) return true;
  }
  if (attribute == "gfx") return profile.graphics;
  if (!profile.engines) return false;
  const auto& engines = *profile.engines;
  if (attribute == "me") return engines.decoder != 0 && engines.jpeg != 0 && engines.ofa != 0;
  if (attribute != "me.all" || !capability.pool) return false;
  const auto& pool = *capability.pool;
  return engines.decoder >= pool.decoder && engines.encoder >= pool.encoder && engines.jpeg >= pool.jpeg &&
         engines.ofa >= pool.ofa;
}

using Profiles = std::vector<const GiProfile*>;
using Counts = std::vector<unsigned>;  // one for each need of a demand

constexpr unsigned never = std::numeric_limits<unsigned>::max();

// Assigns demanded instances to instances of given profiles so that the instances that serve have the least total
// memory.
class Assignment {
 public:
  Assignment(const Capability& capability, const Profiles& profiles, const Demand& demand) {
    for (const auto* profile : profiles)
      for (const auto& need : demand) serves_[profile].push_back(serves(capability, *profile, need));
  }

  // For each profile of `given`, the need that it serves, if any; nullopt if not all of `counts` can be served.
  std::optional<std::vector<std::optional<std::size_t>>> find(const Profiles& given, const Counts& counts) {
    wanted_.clear();
    for (std::size_t i = 0; i < counts.size(); ++i) wanted_.insert(wanted_.end(), counts[i], i);
    if (wanted_.size() > given.size()) return std::nullopt;
    given_ = &given;
    best_.assign((wanted_.size() + 1) << given.size(), unknown);
    if (cost(0, 0) == never) return std::nullopt;
    std::vector<std::optional<std::size_t>> need(given.size());
    unsigned used = 0;
    for (std::size_t at = 0; at < wanted_.size(); ++at)
      for (std::size_t seat = 0; seat < given.size(); ++seat) {
        if (!fits(seat, at, used) || through(at, used, seat) != cost(at, used)) continue;
        need[seat] = wanted_[at];
        used |= 1U << seat;
        break;
      }
    return need;
  }

 private:
  static constexpr unsigned unknown = never - 1;

  [[nodiscard]] bool fits(std::size_t seat, std::size_t at, unsigned used) const {
    return (used >> seat & 1U) == 0 && serves_.at((*given_)[seat])[wanted_[at]];
  }
  // The least total memory of seats that serve the demanded instances from `at` on, without the `used` seats.
  unsigned cost(std::size_t at, unsigned used) {
    if (at == wanted_.size()) return 0;
    const auto key = at << given_->size() | used;
    if (best_[key] != unknown) return best_[key];
    unsigned best = never;
    for (std::size_t seat = 0; seat < given_->size(); ++seat)
      if (fits(seat, at, used)) best = std::min(best, through(at, used, seat));
    return best_[key] = best;
  }
  unsigned through(std::size_t at, unsigned used, std::size_t seat) {
    const auto rest = cost(at + 1, used | 1U << seat);
    return rest == never ? never : rest + nominal_gb(*(*given_)[seat]);
  }

  std::map<const GiProfile*, std::vector<bool>> serves_;
  const Profiles* given_{};
  std::vector<std::size_t> wanted_;  // one entry for each demanded instance: the index of its need
  std::vector<unsigned> best_;
};

Counts counts_of(const Demand& demand) {
  Counts counts;
  for (const auto& need : demand) counts.push_back(need.count);
  return counts;
}

Profiles profiles_of(const SeatList& seats) {
  Profiles profiles;
  for (const auto& seat : seats) profiles.push_back(seat.profile);
  return profiles;
}

unsigned memory_of(const SeatList& seats) {
  unsigned memory = 0;
  for (const auto& seat : seats) memory += nominal_gb(*seat.profile);
  return memory;
}

// The total memory that is demanded.
unsigned demanded_gb(const Capability& capability, const Profiles& profiles, const Demand& demand) {
  unsigned sum = 0;
  for (const auto& need : demand) {
    unsigned one = need.memory_gb;
    if (one == 0) {
      one = never;
      for (const auto* profile : profiles)
        if (serves(capability, *profile, need)) one = std::min(one, nominal_gb(*profile));
      if (one == never) one = 0;
    }
    sum += one * need.count;
  }
  return sum;
}

// The maximal layouts as sets of seats, to find those that contain a given layout.
class MaximalLayouts {
 public:
  void add(const SeatList& seats) { all_.push_back({set_of(seats), memory_of(seats)}); }

  [[nodiscard]] unsigned most_memory_beside(const SeatList& seats) {
    const auto set = set_of(seats);
    const auto own = memory_of(seats);
    unsigned most = 0;
    for (const auto& one : all_)
      if ((one.seats & set) == set) most = std::max(most, one.memory - own);
    return most;
  }

 private:
  using Set = std::bitset<256>;  // more than the number of sites: at most 17 profiles with 8 sites each
  struct One {
    Set seats;
    unsigned memory;
  };
  Set set_of(const SeatList& seats) {
    Set set;
    for (const auto& seat : seats)
      set.set(numbers_.emplace(std::pair(seat.profile, seat.placement.start), numbers_.size()).first->second);
    return set;
  }

  std::map<std::pair<const GiProfile*, std::uint8_t>, std::size_t> numbers_;
  std::vector<One> all_;
};

Room room_beside(const Capability& capability, const Profiles& profiles, const SeatList& seats,
                 MaximalLayouts& maximal) {
  Room room;
  room.memory_gb = maximal.most_memory_beside(seats);
  Partition partition;
  unsigned slices = 0;
  for (const auto& seat : seats) {
    GpuInstance one;
    one.id = GiId{static_cast<std::uint32_t>(partition.instances.size())};  // only the number of ids matters here
    one.profile = seat.profile->id;
    one.placement = seat.placement;
    partition.instances.push_back(one);
    slices += seat.profile->slices;
  }
  room.compute_slices = capability.compute_slices - std::min<unsigned>(slices, capability.compute_slices);
  for (const auto* profile : profiles)
    if (nominal_gb(*profile) > room.largest_gb && remaining(capability, partition, *profile) != 0)
      room.largest_gb = nominal_gb(*profile);
  return room;
}

// What fits on one GPU, as a count for each need of a demand.
class OneGpu {
 public:
  OneGpu(const Capability& capability, const Profiles& profiles, const Demand& demand)
      : assignment_(capability, profiles, demand) {
    std::set<Profiles> seen;
    for_each_layout(capability, profiles, [&](const SeatList& seats, bool is_maximal) {
      if (!is_maximal) return;
      auto one = profiles_of(seats);
      std::sort(one.begin(), one.end());
      if (seen.insert(one).second) maximal_.push_back(one);
    });
  }

  bool fits(const Counts& counts) {
    return std::any_of(maximal_.begin(), maximal_.end(),
                       [&](const Profiles& one) { return assignment_.find(one, counts).has_value(); });
  }
  // The highest count of one need that fits together with the counts of the others.
  unsigned most_of(Counts counts, std::size_t need, unsigned limit) {
    counts[need] = 0;
    while (counts[need] < limit) {
      ++counts[need];
      if (!fits(counts)) return counts[need] - 1;
    }
    return limit;
  }
  // All counts up to `limits` that fit, and that cannot be increased any further.
  std::vector<Counts> fullest(const Counts& limits) {
    std::vector<Counts> found;
    Counts counts(limits.size());
    fill(limits, counts, 0, found);
    return found;
  }

 private:
  void fill(const Counts& limits, Counts& counts, std::size_t need, std::vector<Counts>& found) {
    if (need == limits.size()) {
      for (std::size_t i = 0; i < limits.size(); ++i) {
        if (counts[i] == limits[i]) continue;
        ++counts[i];
        const bool more = fits(counts);
        --counts[i];
        if (more) return;
      }
      found.push_back(counts);
      return;
    }
    for (counts[need] = 0; counts[need] <= limits[need]; ++counts[need]) {
      if (!fits(counts)) break;
      fill(limits, counts, need + 1, found);
    }
    counts[need] = 0;
  }

  Assignment assignment_;
  std::vector<Profiles> maximal_;
};

// How many GPUs are needed to serve all of `wanted`, found by trying every way to fill one GPU after another. nullopt
// if there are too many ways, or if the demand cannot be served.
std::optional<unsigned> gpus_for(OneGpu& gpu, const Counts& wanted) {
  constexpr std::size_t most_states = 50'000;
  std::size_t states = 1;
  for (const auto count : wanted)
    if ((states *= count + 1) > most_states) return std::nullopt;
  const auto ways = gpu.fullest(wanted);
  std::set<Counts> left{wanted};
  std::set<Counts> seen{wanted};
  for (unsigned gpus = 1; !left.empty(); ++gpus) {
    std::set<Counts> next;
    for (const auto& counts : left)
      for (const auto& way : ways) {
        auto rest = counts;
        bool done = true;
        for (std::size_t i = 0; i < rest.size(); ++i) {
          rest[i] -= std::min(rest[i], way[i]);
          done = done && rest[i] == 0;
        }
        if (done) return gpus;
        if (seen.insert(rest).second) next.insert(std::move(rest));
      }
    left = std::move(next);
  }
  return std::nullopt;
}

}  // namespace

Result<Demand> parse_demand(std::string_view text) {
  std::string lower(text);
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto object = [](std::string_view part) { return "--need " + (part.empty() ? "\"\"" : std::string(part)); };
  Demand demand;
  auto parts = split(lower, ',');
  if (lower.empty() || lower.back() == ',') parts.emplace_back();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // Attributes are separated by commas, too: "1g.24gb+gfx,me".
    while (i + 1 < parts.size() && parts[i].find('+') != std::string::npos && !parts[i + 1].empty() &&
           parts[i + 1].front() >= 'a') {
      parts[i + 1].insert(0, parts[i] + ",");
      ++i;
    }
    std::string_view rest = parts[i];
    Need need;
    if (const auto count = take(rest, "x"))
      need.count = *count;
    else
      rest = parts[i];
    need.text = rest;
    if (!read_amount(rest, need))
      return fail(ErrorKind::usage, object(parts[i]),
                  "is not an amount of memory, a profile or a number of compute slices",
                  "such as 2x40gb, 3g.20gb or 2x3g");
    if (need.count == 0 || need.count > most_of_a_need)
      return fail(ErrorKind::usage, object(parts[i]),
                  "must request 1 to " + std::to_string(most_of_a_need) + " instances", "such as 2x" + need.text);
    demand.push_back(std::move(need));
  }
  if (demand.size() > most_needs)
    return fail(ErrorKind::usage, "--need", "has more than " + std::to_string(most_needs) + " kinds of instances");
  return demand;
}

std::string need_text(const Need& need) {
  return need.count == 1 ? need.text : std::to_string(need.count) + "x" + need.text;
}

unsigned nominal_gb(const GiProfile& profile) {
  auto rest = profile.name;
  if (!take(rest, "g.")) return 0;
  return take(rest, "gb").value_or(0);
}

bool serves(const Capability& capability, const GiProfile& profile, const Need& need) {
  if (profile.slices < need.slices || nominal_gb(profile) < need.memory_gb) return false;
  if (need.media && suffix_of(profile) == "-me") return false;
  return std::all_of(need.attributes.begin(), need.attributes.end(),
                     [&](const auto& attribute) { return has_attribute(capability, profile, attribute); });
}

Layouts layouts_for(const Capability& capability, const std::vector<const GiProfile*>& profiles, const Demand& demand) {
  Layouts layouts;
  Assignment assignment(capability, profiles, demand);
  MaximalLayouts maximal;
  const auto counts = counts_of(demand);
  const auto demanded = demanded_gb(capability, profiles, demand);
  for_each_layout(capability, profiles, [&](const SeatList& seats, bool is_maximal) {
    ++layouts.legal;
    layouts.maximal += is_maximal ? 1 : 0;
    if (is_maximal) maximal.add(seats);
    const auto need = assignment.find(profiles_of(seats), counts);
    if (!need) return;
    unsigned serving = 0;
    for (std::size_t i = 0; i < seats.size(); ++i)
      if ((*need)[i]) serving += nominal_gb(*seats[i].profile);
    layouts.serving.push_back({seats, *need, serving - demanded, {}, is_maximal});
  });
  for (auto& one : layouts.serving) one.room = room_beside(capability, profiles, one.seats, maximal);
  const auto rank = [](const Serving& one) {
    // The layout with the most room is the best, so the rank decreases with the room.
    return std::tuple(one.surplus_gb, never - one.room.memory_gb, never - one.room.compute_slices,
                      never - one.room.largest_gb, one.seats.size());
  };
  std::stable_sort(layouts.serving.begin(), layouts.serving.end(),
                   [&](const Serving& a, const Serving& b) { return rank(a) < rank(b); });
  return layouts;
}

Shortfall why_not(const Capability& capability, const std::vector<const GiProfile*>& profiles, const Demand& demand) {
  for (std::size_t i = 0; i < demand.size(); ++i)
    if (std::none_of(profiles.begin(), profiles.end(),
                     [&](const auto* profile) { return serves(capability, *profile, demand[i]); }))
      return {Shortfall::Reason::no_profile, i, 0, std::nullopt};
  OneGpu gpu(capability, profiles, demand);
  const auto wanted = counts_of(demand);
  const auto gpus = gpus_for(gpu, wanted);
  const Counts nothing(demand.size());
  for (std::size_t i = 0; i < demand.size(); ++i)
    if (const auto fit = gpu.most_of(nothing, i, wanted[i]); fit < wanted[i])
      return {Shortfall::Reason::too_many, i, fit, gpus};
  auto before = nothing;
  for (std::size_t i = 0; i < demand.size(); ++i) {
    if (const auto fit = gpu.most_of(before, i, wanted[i]); fit < wanted[i])
      return {Shortfall::Reason::together, i, fit, gpus};
    before[i] = wanted[i];
  }
  // Not reached for a demand that no layout serves.
  return {Shortfall::Reason::together, demand.size() - 1, wanted.back(), 1U};
}

}  // namespace gpuslice::mig
