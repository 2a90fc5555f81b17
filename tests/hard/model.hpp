// The checker's model of one GPU of the node: an A100 40GB of variant A, on which an id determines the placement. It
// shares no code with gpuslice.
//
// Placements from the NVIDIA MIG User Guide: 7g 0:8, 4g 0:4, 3g 0:4 and 4:4, 2g 0:2 2:2 4:2, 1g double memory also 6:2,
// 1g 0 to 6. Ids: 0 the whole GPU, 1-2 halves, 3-6 quarters, 7-13 eighths. With these placements, the slices always run
// out before compute slices and engines do, except that at most one 1g with media engines fits. A compute instance gets
// the lowest free id and, if no placement is given, the lowest free one.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "record.hpp"

namespace hard {

constexpr int success = 0, invalid_argument = 2, not_supported = 3, not_found = 6, in_use = 19, insufficient = 23;

constexpr unsigned ids = 14, cis = 8;
constexpr std::uint8_t none = 255;

struct Place {
  unsigned start, size;
  [[nodiscard]] bool overlaps(Place other) const {
    return start < other.start + other.size && other.start < start + size;
  }
};
constexpr Place place_of(unsigned gi) {
  if (gi == 0) return {0, 8};
  if (gi <= 2) return {(gi - 1) * 4, 4};
  if (gi <= 6) return {(gi - 3) * 2, 2};
  return {gi - 7, 1};
}

struct Profile {
  unsigned id, size, last_start, limit, compute;  // placements start at multiples of the size, up to last_start
};
constexpr std::array<Profile, 7> profiles = {{{19, 1, 6, 7, 1},
                                              {20, 1, 6, 1, 1},
                                              {14, 2, 4, 3, 2},
                                              {15, 2, 6, 4, 1},
                                              {9, 4, 4, 2, 3},
                                              {5, 4, 0, 1, 4},
                                              {0, 8, 0, 1, 7}}};
constexpr const Profile* profile_of(unsigned id) {
  for (const auto& one : profiles)
    if (one.id == id) return &one;
  return nullptr;
}

// The relevant state of a GPU. It has no padding, because it is compared and hashed as bytes.
struct State {
  std::array<std::uint8_t, ids> gi;                   // profile id, or none
  std::array<std::array<std::uint8_t, cis>, ids> ci;  // start * 16 + size, or none
  std::uint8_t mode, persistence;

  static State empty() {
    State s;
    std::memset(&s, none, sizeof s);
    s.mode = 1;
    s.persistence = 0;
    return s;
  }
  friend bool operator==(const State& a, const State& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

  [[nodiscard]] bool anything() const {
    for (const auto one : gi)
      if (one != none) return true;
    return false;
  }
  [[nodiscard]] bool has_ci(unsigned id) const {
    for (const auto one : ci[id])
      if (one != none) return true;
    return false;
  }
  [[nodiscard]] bool free_for(Place place) const {
    for (unsigned id = 0; id < ids; ++id)
      if (gi[id] != none && place_of(id).overlaps(place)) return false;
    return true;
  }
  // The placements that are free for one more instance of the profile, as one bit per id.
  [[nodiscard]] std::uint32_t room(const Profile& profile) const {
    unsigned there = 0;
    for (const auto one : gi) there += one == profile.id ? 1 : 0;
    if (there >= profile.limit) return 0;
    std::uint32_t found = 0;
    for (unsigned id = 0; id < ids; ++id) {
      const auto place = place_of(id);
      if (place.size == profile.size && place.start <= profile.last_start && free_for(place)) found |= 1U << id;
    }
    return found;
  }
  [[nodiscard]] unsigned remaining(const Profile& profile) const {
    unsigned there = 0;
    for (const auto one : gi) there += one == profile.id ? 1 : 0;
    const auto places = static_cast<unsigned>(__builtin_popcount(room(profile)));
    return places < profile.limit - there ? places : profile.limit - there;
  }
  [[nodiscard]] std::uint32_t list(unsigned profile) const {
    std::uint32_t found = 0;
    for (unsigned id = 0; id < ids; ++id)
      if (gi[id] == profile) found |= 1U << id;
    return found;
  }
};
static_assert(sizeof(State) == ids * (1 + cis) + 2);

// Only compute profiles 0 and 1 are used: one slice and two slices. They can start at every slice where they fit: an
// A100 80GB PCIe under 515.43.04 created a 1c at slice 0 and a 2c at slice 1 of a 3g.
constexpr bool has_compute_profile(const Profile& gi, unsigned ci_profile) {
  return ci_profile == 0 || (ci_profile == 1 && gi.compute >= 2);
}
constexpr bool compute_site(const Profile& gi, unsigned start, unsigned size) { return start + size <= gi.compute; }
inline bool compute_free(const State& state, unsigned gi, Place place) {
  for (const auto one : state.ci[gi])
    if (one != none && Place{one / 16U, one % 16U}.overlaps(place)) return false;
  return true;
}
// The placement of a compute instance for which none was given; size 0 if none is free.
inline Place first_fit(const State& state, unsigned gi, const Profile& profile, unsigned size) {
  for (unsigned start = 0; start < 8; ++start)
    if (compute_site(profile, start, size) && compute_free(state, gi, {start, size})) return {start, size};
  return {0, 0};
}

inline bool changes(Kind kind) { return kind <= set_persistence; }

// Whether the result of `r`, which changes nothing (a query or a refusal), is right in `state`.
inline bool right(const State& state, const Record& r) {
  switch (r.kind) {
    case list_gis:
      return r.code == success && state.list(r.profile) == r.value;
    case remaining:
      return r.code == success && state.remaining(*profile_of(r.profile)) == r.value;
    case get_mode:
      return r.code == success && state.mode == r.value;
    case get_persistence:
      return r.code == success && state.persistence == r.value;
    case create_gi: {
      if (r.code == not_supported) return state.mode == 0;
      if (r.code != insufficient || state.mode == 0) return false;
      const auto room = state.room(*profile_of(r.profile));
      if (r.size == 0) return room == 0;
      for (unsigned id = 0; id < ids; ++id)
        if ((room >> id & 1) != 0 && place_of(id).start == r.start) return false;
      return true;
    }
    case destroy_gi:
      if (r.code == in_use) return state.gi[r.gi] != none && state.has_ci(r.gi);
      return (r.code == invalid_argument || r.code == not_found) && state.gi[r.gi] == none;
    case create_ci: {
      const auto* profile = state.gi[r.gi] == none ? nullptr : profile_of(state.gi[r.gi]);
      if (profile == nullptr) return r.code == invalid_argument || r.code == not_found;
      const bool offered = has_compute_profile(*profile, r.profile);
      if (r.code == not_supported || r.code == invalid_argument)
        return !offered || (r.size != 0 && !compute_site(*profile, r.start, r.size));
      if (r.code != insufficient || !offered) return false;
      if (r.size != 0) return !compute_free(state, r.gi, {r.start, r.size});
      return first_fit(state, r.gi, *profile, r.profile + 1U).size == 0;
    }
    case destroy_ci:
      return (r.code == invalid_argument || r.code == not_found) &&
             (state.gi[r.gi] == none || state.ci[r.gi][r.ci] == none);
    case set_mode:
      return r.code == in_use && r.value == 0 && state.anything();
    default:
      return false;
  }
}

// The states to which a successful `r` can lead. They must agree with its result, unless that was not logged (`open`).
inline void after(const State& state, const Record& r, bool open, std::vector<State>& into) {
  into.clear();
  State next = state;
  switch (r.kind) {
    case create_gi: {
      if (state.mode == 0) return;
      const auto room = state.room(*profile_of(r.profile));
      for (unsigned id = 0; id < ids; ++id) {
        if ((room >> id & 1) == 0 || (r.size != 0 && place_of(id).start != r.start) ||
            (!open && r.gi != unknown && r.gi != id))
          continue;
        next = state;
        next.gi[id] = r.profile;
        into.push_back(next);
      }
      return;
    }
    case destroy_gi:
      if (state.gi[r.gi] == none || state.has_ci(r.gi)) return;
      next.gi[r.gi] = none;
      break;
    case create_ci: {
      const auto* profile = state.gi[r.gi] == none ? nullptr : profile_of(state.gi[r.gi]);
      if (profile == nullptr || !has_compute_profile(*profile, r.profile)) return;
      Place place{r.start, r.size};
      if (r.size == 0) place = first_fit(state, r.gi, *profile, r.profile + 1U);
      if (place.size == 0 || !compute_site(*profile, place.start, place.size) || !compute_free(state, r.gi, place))
        return;
      unsigned id = 0;
      while (id < cis && state.ci[r.gi][id] != none) ++id;
      if (id == cis || (!open && r.ci != unknown && r.ci != id)) return;
      next.ci[r.gi][id] = static_cast<std::uint8_t>(place.start * 16 + place.size);
      break;
    }
    case destroy_ci:
      if (state.gi[r.gi] == none || state.ci[r.gi][r.ci] == none) return;
      next.ci[r.gi][r.ci] = none;
      break;
    case set_mode:
      if (r.value == 0 && state.anything()) return;
      next.mode = static_cast<std::uint8_t>(r.value);
      break;
    case set_persistence:
      next.persistence = static_cast<std::uint8_t>(r.value);
      break;
    default:
      return;
  }
  into.push_back(next);
}

}  // namespace hard
