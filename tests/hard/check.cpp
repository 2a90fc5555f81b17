// Replays what workers wrote down against a model of its own, and says whether all of it can have happened.
//
//   check FINAL LOG...      FINAL: lines "gpu gi" of the GPU instances that are there in the end
//
// It shares no code with gpuslice. Board: A100, variant A, where an id names a place (1 is 0:4, 2 is 4:4, 3-6 quarters, 7-13 eighths).
// For each instance the successful creations and destructions must have an order, each inside its [before, after], in which they
// alternate and end in the final state; an operation whose worker was killed may or may not have happened. Two instances on one slice must
// never both be there for certain; a compute instance never without its GPU instance; and every refusal must have had a reason.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "record.hpp"

namespace {

using hard::Record;
constexpr std::int64_t forever = INT64_MAX;

struct Op {
  Record r;
  bool open{};  // its worker was killed before the answer
};
struct Life {
  std::int64_t create_before{}, create_after{}, destroy_before{forever}, destroy_after{forever};
};

int wrong = 0;
std::uint64_t checks = 0;
void fail(const std::string& what) {
  if (++wrong <= 20) std::printf("WRONG: %s\n", what.c_str());
}

struct Place {
  unsigned start, size;
};
Place place_of(unsigned gi) {
  if (gi == 0) return {0, 8};
  if (gi <= 2) return {(gi - 1) * 4, 4};
  if (gi <= 6) return {(gi - 3) * 2, 2};
  return {gi - 7, 1};
}
bool overlap(Place a, Place b) { return a.start < b.start + b.size && b.start < a.start + a.size; }
unsigned size_of(unsigned profile) { return profile == 19 || profile == 20 ? 1 : profile == 14 || profile == 15 ? 2 : 4; }

std::string name(const Record& r) {
  char text[160];
  std::snprintf(text, sizeof text, "kind %u gpu %u gi %u ci %u profile %u at %u:%u code %d [%lld, %lld]", r.kind, r.gpu, r.gi, r.ci, r.profile, r.start,
                r.size, r.code, static_cast<long long>(r.before), static_cast<long long>(r.after));
  return text;
}

using Key = std::tuple<unsigned, unsigned, unsigned>;  // gpu, gi, ci (255 for the GPU instance itself)

// The lives of one instance: creations and destructions put into an order that their intervals allow.
// `spare(create, now, limit)` gives the interval of an operation that may have happened, begun by `limit` and not over before
// `now`, the one that had to be over first; or nothing.
template <class Spare>
std::vector<Life> lives_of(const Key& key, std::vector<Record> creates, std::vector<Record> destroys, std::optional<bool> alive_in_the_end, Spare spare) {
  const auto by_deadline = [](const Record& a, const Record& b) { return a.after < b.after; };
  std::sort(creates.begin(), creates.end(), by_deadline);
  std::sort(destroys.begin(), destroys.end(), by_deadline);
  std::vector<Life> lives;
  std::size_t c = 0, d = 0;
  std::int64_t now = INT64_MIN;
  bool alive = false;
  const auto take = [&](bool create, std::int64_t before, std::int64_t after) {
    ++checks;
    now = std::max(now, before);
    if (now > after) fail("no order fits instance " + std::to_string(std::get<0>(key)) + "/" + std::to_string(std::get<1>(key)) + "/" + std::to_string(std::get<2>(key)));
    if (create) lives.push_back({before, after});
    else if (!lives.empty()) lives.back().destroy_before = before, lives.back().destroy_after = after;
    alive = create;
  };
  // Of the operations that fit the state: the one with the earliest end among those that had begun before the next operation of the
  // other sort had to be over. Taken ones are skipped.
  std::vector<bool> used_creates(creates.size()), used_destroys(destroys.size());
  const auto first = [](std::size_t& from, const std::vector<bool>& used) {
    while (from < used.size() && used[from]) ++from;
    return from;
  };
  for (;;) {
    first(c, used_creates);
    first(d, used_destroys);
    if (c >= creates.size() && d >= destroys.size()) break;
    const auto& mine = alive ? destroys : creates;
    const auto& other = alive ? creates : destroys;
    auto& used = alive ? used_destroys : used_creates;
    const auto m = alive ? d : c;
    const auto o = alive ? c : d;
    const std::int64_t limit = o < other.size() ? other[o].after : forever;
    std::size_t pick = m;
    while (pick < mine.size() && (used[pick] || mine[pick].before > limit)) ++pick;
    if (pick < mine.size()) {
      take(!alive, mine[pick].before, mine[pick].after);
      used[pick] = true;
      continue;
    }
    Life found;
    if (spare(!alive, now, limit, found)) {
      take(!alive, found.create_before, found.create_after);
      continue;
    }
    if (o >= other.size()) {  // only operations that do not fit the state are left
      fail("an update is lost or was made twice: " + name(mine[m]));
      used[m] = true;
      continue;
    }
    fail("an update is lost or was made twice: " + name(other[o]));
    (alive ? used_creates : used_destroys)[o] = true;  // go on with the rest
  }
  if (alive_in_the_end && alive != *alive_in_the_end) {
    Life found;
    if (spare(!alive, now, forever, found)) take(!alive, found.create_before, found.create_after);
    else fail("the final state of instance " + std::to_string(std::get<0>(key)) + "/" + std::to_string(std::get<1>(key)) + "/" + std::to_string(std::get<2>(key)) + " is not what the log leads to");
  }
  return lives;
}

bool perhaps_alive(const std::vector<Life>& lives, std::int64_t before, std::int64_t after) {
  // Lives are in order of time; those that began after the interval cannot matter.
  for (auto it = std::upper_bound(lives.begin(), lives.end(), after, [](std::int64_t t, const Life& l) { return t < l.create_before; }); it != lives.begin();) {
    --it;
    if (it->destroy_after >= before) return true;
    if (it->destroy_after < before - 60'000'000'000LL) break;
  }
  return false;
}
bool surely_alive(const std::vector<Life>& lives, std::int64_t before, std::int64_t after) {
  for (auto it = std::upper_bound(lives.begin(), lives.end(), after, [](std::int64_t t, const Life& l) { return t < l.create_before; }); it != lives.begin();) {
    --it;
    if (it->create_after < before && it->destroy_before > after) return true;
    if (it->destroy_after < before - 60'000'000'000LL) break;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::map<std::pair<unsigned, unsigned>, bool> final_gis;
  std::ifstream final_file(argv[1]);
  for (unsigned gpu, gi; final_file >> gpu >> gi;) final_gis[{gpu, gi}] = true;
  std::vector<Op> ops;
  std::uint64_t torn = 0;
  for (int i = 2; i < argc; ++i) {
    std::ifstream log(argv[i], std::ios::binary);
    Record r;
    Op last;
    bool pending = false;
    const std::size_t begun = ops.size();
    while (log.read(reinterpret_cast<char*>(&r), sizeof r)) {
      if (r.phase == hard::intent) {
        if (pending) last.open = true, last.r.after = forever, ops.push_back(last);
        last = {r, false};
        pending = true;
      } else {
        ops.push_back({r, false});
        pending = false;
      }
    }
    // Ids that could not be asked, because somebody destroyed the instance at once: from the other uses of the same handle.
    std::map<std::uint64_t, std::uint8_t> gis, cis;
    for (std::size_t at = begun; at < ops.size(); ++at) {
      const auto& one = ops[at].r;
      if ((one.kind == hard::create_gi || one.kind == hard::destroy_gi) && one.gi != 255 && one.handle != 0) gis[one.handle] = one.gi;
      if ((one.kind == hard::create_ci || one.kind == hard::destroy_ci) && one.ci != 255 && one.handle != 0) cis[one.handle] = one.ci;
    }
    for (std::size_t at = begun; at < ops.size(); ++at) {
      auto& one = ops[at].r;
      if (one.kind == hard::create_gi && one.gi == 255 && gis.count(one.handle) != 0) one.gi = gis[one.handle];
      if (one.kind == hard::create_ci && one.ci == 255 && cis.count(one.handle) != 0) one.ci = cis[one.handle];
    }
    if (log.gcount() != 0) ++torn;  // a record cut by a kill: its intent counts as open if it was whole
    if (pending) last.open = true, last.r.after = forever, ops.push_back(last);
  }

  std::map<Key, std::pair<std::vector<Record>, std::vector<Record>>> done;  // creations, destructions that answered success
  std::vector<Record> open_creates, open_destroys;                          // may have happened; or happened with an unknown id
  std::map<int, std::uint64_t> codes;
  std::uint64_t attempts = 0, changed = 0, unanswered = 0;
  for (const auto& op : ops) {
    const auto& r = op.r;
    if (r.kind == hard::read_all) {
      if (!op.open && r.code != 0) fail("a read was refused: " + name(r));
      continue;
    }
    ++attempts;
    const bool create = r.kind == hard::create_gi || r.kind == hard::create_ci;
    if (op.open) ++unanswered;
    else ++codes[r.code];
    if (!op.open && r.code != 0) continue;
    if (!op.open) ++changed;
    const bool unknown = r.kind == hard::create_gi ? r.gi == 255 : r.kind == hard::create_ci && r.ci == 255;
    if (op.open || unknown) {
      (create ? open_creates : open_destroys).push_back(r);
      continue;
    }
    const bool is_gi = r.kind == hard::create_gi || r.kind == hard::destroy_gi;
    auto& both = done[{r.gpu, r.gi, is_gi ? 255U : r.ci}];
    (create ? both.first : both.second).push_back(r);
  }
  for (const auto& [where, yes] : final_gis) done[{where.first, where.second, 255}];

  std::map<Key, std::vector<Life>> lives;
  for (auto& [key, both] : done) {
    const auto [gpu, gi, ci] = key;
    const auto spare = [&](bool create, std::int64_t now, std::int64_t limit, Life& found) {
      auto& list = create ? open_creates : open_destroys;
      auto best = list.end();
      for (auto it = list.begin(); it != list.end(); ++it) {
        if (it->gpu != gpu || it->before > limit || it->after < now) continue;
        if (ci == 255) {
          if (it->kind != (create ? hard::create_gi : hard::destroy_gi)) continue;
          if (!create && it->gi != gi) continue;
          if (create && (size_of(it->profile) != place_of(gi).size || (it->size != 0 && it->start != place_of(gi).start))) continue;
        } else {
          if (it->kind != (create ? hard::create_ci : hard::destroy_ci) || it->gi != gi || (!create && it->ci != ci)) continue;
        }
        if (best == list.end() || it->after < best->after) best = it;
      }
      if (best == list.end()) return false;
      found = {best->before, best->after};
      list.erase(best);
      return true;
    };
    // Which compute instances are left in the end is not given: either end is right for them.
    const std::optional<bool> in_the_end = ci == 255 ? std::optional(final_gis.count({gpu, gi}) != 0) : std::nullopt;
    lives[key] = lives_of(key, both.first, both.second, in_the_end, spare);
  }

  // Two instances on one slice, or a compute instance without its GPU instance, for certain.
  std::map<std::pair<unsigned, unsigned>, std::vector<std::pair<std::int64_t, std::int64_t>>> slices;
  for (const auto& [key, list] : lives) {
    const auto [gpu, gi, ci] = key;
    for (const auto& life : list) {
      if (life.create_after >= life.destroy_before) continue;
      if (ci == 255) {
        for (unsigned s = 0; s < place_of(gi).size; ++s) slices[{gpu, place_of(gi).start + s}].emplace_back(life.create_after, life.destroy_before);
      } else {
        ++checks;
        const auto parent = lives.find({gpu, gi, 255});
        if (parent == lives.end() || !perhaps_alive(parent->second, life.create_after, std::min(life.destroy_before, life.create_after)))
          fail("a compute instance without its GPU instance: " + std::to_string(gpu) + "/" + std::to_string(gi) + "/" + std::to_string(ci));
      }
    }
  }
  for (auto& [slice, spans] : slices) {
    std::sort(spans.begin(), spans.end());
    for (std::size_t i = 1; i < spans.size(); ++i) {
      ++checks;
      if (spans[i].first < spans[i - 1].second) fail("two instances on slice " + std::to_string(slice.second) + " of GPU " + std::to_string(slice.first));
    }
  }

  // Refusals must have had a reason.
  for (const auto& op : ops) {
    const auto& r = op.r;
    if (op.open || r.code == 0 || r.kind == hard::read_all) continue;
    ++checks;
    bool justified = false;
    if (r.kind == hard::create_gi && r.code == 23) {
      for (unsigned gi = 0; gi < 15 && !justified; ++gi) {
        const auto found = lives.find({r.gpu, gi, 255});
        if (found == lives.end()) continue;
        const bool in_the_way = r.size == 0 || r.profile == 20 || overlap(place_of(gi), {r.start, r.size});
        justified = in_the_way && perhaps_alive(found->second, r.before, r.after);
      }
      for (const auto& open : open_creates) justified = justified || (open.kind == hard::create_gi && open.gpu == r.gpu && open.before <= r.after);
    } else if (r.kind == hard::destroy_gi && r.code == 19) {
      for (unsigned ci = 0; ci < 8 && !justified; ++ci) {
        const auto found = lives.find({r.gpu, r.gi, ci});
        justified = found != lives.end() && perhaps_alive(found->second, r.before, r.after);
      }
      for (const auto& open : open_creates) justified = justified || (open.kind == hard::create_ci && open.gpu == r.gpu && open.gi == r.gi && open.before <= r.after);
    } else if (r.kind == hard::create_ci && r.code == 23) {
      for (unsigned ci = 0; ci < 8 && !justified; ++ci) {
        const auto found = lives.find({r.gpu, r.gi, ci});
        justified = found != lives.end() && perhaps_alive(found->second, r.before, r.after);
      }
      for (const auto& open : open_creates) justified = justified || (open.kind == hard::create_ci && open.gpu == r.gpu && open.gi == r.gi && open.before <= r.after);
    } else if (r.code == 2 || r.code == 6) {  // what it named was gone
      const auto found = lives.find({r.gpu, r.gi, r.kind == hard::destroy_ci ? r.ci : 255U});
      justified = found == lives.end() || !surely_alive(found->second, r.before, r.after);
    }
    if (!justified) fail("a refusal without a reason: " + name(r));
  }

  std::printf("%llu attempts to change, %llu changed something (%.0f %%), %llu without an answer; refusals:", static_cast<unsigned long long>(attempts),
              static_cast<unsigned long long>(changed), attempts != 0 ? 100.0 * static_cast<double>(changed) / static_cast<double>(attempts) : 0.0,
              static_cast<unsigned long long>(unanswered));
  for (const auto& [code, count] : codes)
    if (code != 0) std::printf(" %d x%llu", code, static_cast<unsigned long long>(count));
  std::printf("\n%zu operations, %llu checks, %llu records cut by a kill, %d wrong\n", ops.size(), static_cast<unsigned long long>(checks),
              static_cast<unsigned long long>(torn), wrong);
  return wrong == 0 && changed > 0 ? 0 : 1;
}
