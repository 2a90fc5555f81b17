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
#include <functional>
#include <map>
#include <optional>
#include <random>
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
std::size_t unordered = 0;
constexpr std::size_t most_unordered = 20;  // of a million; 0 to 8 were seen, and 0 whenever nothing was killed
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

// Where the log needs a creation or destruction that nobody saw answered: not over before `now`, begun by `limit`.
struct Gap {
  Key key;
  bool create{};
  std::int64_t now{}, limit{};
};

// True when the operation, whose answer is missing, may be the one that the gap needs.
bool explains(const Record& r, bool create, const Gap& gap) {
  const auto [gpu, gi, ci] = gap.key;
  if (create != gap.create || r.gpu != gpu || r.before > gap.limit || r.after < gap.now) return false;
  if (ci != 255) {
    if (r.kind != (create ? hard::create_ci : hard::destroy_ci) || r.gi != gi) return false;
    return r.ci == 255 || r.ci == ci;
  }
  if (r.kind != (create ? hard::create_gi : hard::destroy_gi)) return false;
  if (!create) return r.gi == gi;
  return size_of(r.profile) == place_of(gi).size && (r.size == 0 || r.start == place_of(gi).start);
}

// The lives of one instance: creations and destructions put into an order that their intervals allow.
// `spare(create, now, limit)` notes that an operation is needed that nobody saw answered, and gives its interval.
// An operation that was answered late may have happened much earlier, so where both it and one that was never answered fit, either may be
// right: `coin` decides, and the caller tries again with another coin when the order found does not explain everything.
template <class Spare, class Coin>
std::vector<Life> lives_of(const Key& key, std::vector<Record> creates, std::vector<Record> destroys, std::optional<bool> alive_in_the_end, Spare spare,
                           Coin coin, std::vector<std::string>& failures) {
  const auto fail = [&](const std::string& what) { failures.push_back(what); };
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
    Life found;
    if (pick < mine.size() && mine[pick].after > limit && coin() && spare(!alive, now, limit, found)) {
      take(!alive, found.create_before, found.create_after);
      continue;
    }
    if (pick < mine.size()) {
      take(!alive, mine[pick].before, mine[pick].after);
      used[pick] = true;
      continue;
    }
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
    while (log.read(reinterpret_cast<char*>(&r), sizeof r)) {
      if (r.kind == hard::death) {
        if (pending) last.open = true, last.r.after = r.after, ops.push_back(last);
        pending = false;
      } else if (r.phase == hard::intent) {
        if (pending) last.open = true, last.r.after = forever, ops.push_back(last);
        last = {r, false};
        pending = true;
      } else {
        ops.push_back({r, false});
        pending = false;
      }
    }
    if (log.gcount() != 0) ++torn;  // a record cut by a kill: its intent counts as open if it was whole
    if (pending) last.open = true, last.r.after = forever, ops.push_back(last);
  }

  // Ids that could not be asked, because somebody destroyed the instance at once: from the other uses of the same handle.
  std::map<std::pair<unsigned, std::uint64_t>, std::uint8_t> gis, cis;
  for (const auto& [r, open] : ops) {
    if (r.handle == 0) continue;
    if ((r.kind == hard::create_gi || r.kind == hard::destroy_gi) && r.gi != 255) gis[{r.gpu, r.handle}] = r.gi;
    if ((r.kind == hard::create_ci || r.kind == hard::destroy_ci) && r.ci != 255) cis[{r.gpu, r.handle}] = r.ci;
  }
  for (auto& [r, open] : ops) {
    if (r.kind == hard::create_gi && r.gi == 255 && gis.count({r.gpu, r.handle}) != 0) r.gi = gis[{r.gpu, r.handle}];
    if (r.kind == hard::create_ci && r.ci == 255 && cis.count({r.gpu, r.handle}) != 0) r.ci = cis[{r.gpu, r.handle}];
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
  std::vector<Gap> gaps;
  for (auto& [key, both] : done) {
    const auto [gpu, gi, ci] = key;
    // Which compute instances are left in the end is not given: either end is right for them.
    const std::optional<bool> in_the_end = ci == 255 ? std::optional(final_gis.count({gpu, gi}) != 0) : std::nullopt;
    std::vector<Gap> found_gaps;
    std::vector<std::string> failures;
    std::vector<Record> mine;  // what may have happened here
    for (const auto* list : {&open_creates, &open_destroys})
      for (const auto& r : *list)
        if (explains(r, list == &open_creates, {key, list == &open_creates, INT64_MIN, forever})) mine.push_back(r);
    for (unsigned attempt = 0; attempt < 300; ++attempt) {
      found_gaps.clear();
      failures.clear();
      std::minstd_rand dice(attempt + 1);
      const auto coin = [&] { return attempt != 0 && dice() % (2 + attempt % 30) == 0; };
      std::vector<bool> used(mine.size());
      // One that fits is needed here; which one it was is settled for all instances together below.
      const auto spare = [&, key = key](bool create, std::int64_t now, std::int64_t limit, Life& found) {
        std::size_t best = mine.size();
        for (std::size_t i = 0; i < mine.size(); ++i) {
          const bool creates = mine[i].kind == hard::create_gi || mine[i].kind == hard::create_ci;
          if (!used[i] && explains(mine[i], creates, {key, create, now, limit}) && (best == mine.size() || mine[i].after < mine[best].after)) best = i;
        }
        if (best == mine.size()) return false;
        used[best] = true;
        found_gaps.push_back({key, create, now, limit});
        found = {now, limit};
        return true;
      };
      lives[key] = lives_of(key, both.first, both.second, in_the_end, spare, coin, failures);
      if (failures.empty()) break;
    }
    // The search for an order is not complete where kills left operations open: what it does not order is counted and bounded.
    if (mine.empty())
      for (const auto& what : failures) fail(what);
    else
      unordered += failures.size();
    gaps.insert(gaps.end(), found_gaps.begin(), found_gaps.end());
  }

  // Every gap needs an operation of its own that may have happened: a matching, found by augmenting paths.
  std::vector<Record> open_ops = open_creates;
  open_ops.insert(open_ops.end(), open_destroys.begin(), open_destroys.end());
  std::vector<std::vector<std::size_t>> fits(gaps.size());
  for (std::size_t g = 0; g < gaps.size(); ++g)
    for (std::size_t i = 0; i < open_ops.size(); ++i)
      if (explains(open_ops[i], i < open_creates.size(), gaps[g])) fits[g].push_back(i);
  std::vector<std::size_t> taken_by(open_ops.size(), SIZE_MAX);
  for (std::size_t g = 0; g < gaps.size(); ++g) {
    ++checks;
    std::vector<bool> seen(open_ops.size());
    const std::function<bool(std::size_t)> place = [&](std::size_t gap) {
      for (const auto i : fits[gap]) {
        if (seen[i]) continue;
        seen[i] = true;
        if (taken_by[i] != SIZE_MAX && !place(taken_by[i])) continue;
        taken_by[i] = gap;
        return true;
      }
      return false;
    };
    if (!place(g)) ++unordered;
  }

  // What holds whatever the order was: from the answer to a creation until the first moment at which any destruction of that instance
  // may have begun, it was there. Two such spans never share a slice, and no GPU instance was destroyed while a compute instance in it was there.
  std::map<Key, std::vector<Record>> ends;
  for (const auto& [key, both] : done) ends[key] = both.second;
  for (const auto& r : open_destroys) ends[{r.gpu, r.gi, r.kind == hard::destroy_gi ? 255U : r.ci}].push_back(r);
  std::map<std::pair<unsigned, unsigned>, std::vector<std::pair<std::int64_t, std::int64_t>>> slices;
  std::map<std::pair<unsigned, unsigned>, std::vector<std::pair<std::int64_t, std::int64_t>>> computes;
  for (const auto& [key, both] : done) {
    const auto [gpu, gi, ci] = key;
    auto& destroys = ends[key];
    std::sort(destroys.begin(), destroys.end(), [](const Record& x, const Record& y) { return x.before < y.before; });
    std::vector<std::int64_t> latest(destroys.size() + 1, INT64_MIN);  // the latest end among those before
    for (std::size_t i = 0; i < destroys.size(); ++i) latest[i + 1] = std::max(latest[i], destroys[i].after);
    for (const auto& r : both.first) {
      const auto next = std::upper_bound(destroys.begin(), destroys.end(), r.after, [](std::int64_t t, const Record& x) { return t < x.before; });
      if (latest[static_cast<std::size_t>(next - destroys.begin())] >= r.before) continue;  // one may already have ended it
      const std::pair span(r.after, next == destroys.end() ? forever : next->before);
      if (ci != 255) computes[{gpu, gi}].push_back(span);
      else
        for (unsigned slice = 0; slice < place_of(gi).size; ++slice) slices[{gpu, place_of(gi).start + slice}].push_back(span);
    }
  }
  for (auto& [slice, spans] : slices) {
    std::sort(spans.begin(), spans.end());
    for (std::size_t i = 1; i < spans.size(); ++i) {
      ++checks;
      if (spans[i].first < spans[i - 1].second) fail("two instances on slice " + std::to_string(slice.second) + " of GPU " + std::to_string(slice.first));
    }
  }
  for (auto& [gi, spans] : computes) {
    std::sort(spans.begin(), spans.end());
    for (const auto& r : done[{gi.first, gi.second, 255}].second) {
      ++checks;
      for (auto it = std::upper_bound(spans.begin(), spans.end(), std::pair(r.before, forever)); it != spans.begin() && (it - 1)->first > r.before - 1'000'000'000LL; --it)
        if ((it - 1)->first < r.before && (it - 1)->second > r.after) fail("destroyed with a compute instance inside: " + name(r));
    }
  }

  // Refusals must have had a reason.
  for (const auto& op : ops) {
    const auto& r = op.r;
    if (op.open || r.code == 0 || r.kind == hard::read_all) continue;
    ++checks;
    bool justified = false;
    // The order found above is one that can have been, not the only one: what lies within 50 ms may have been the other way round.
    const std::int64_t before = r.before - 50'000'000, after = r.after + 50'000'000;
    if (r.kind == hard::create_gi && r.code == 23) {
      for (unsigned gi = 0; gi < 15 && !justified; ++gi) {
        const auto found = lives.find({r.gpu, gi, 255});
        if (found == lives.end()) continue;
        const bool in_the_way = r.size == 0 || r.profile == 20 || overlap(place_of(gi), {r.start, r.size});
        justified = in_the_way && perhaps_alive(found->second, before, after);
      }
      for (const auto& open : open_creates) justified = justified || (open.kind == hard::create_gi && open.gpu == r.gpu && open.before <= after);
    } else if (r.kind == hard::destroy_gi && r.code == 19) {
      for (unsigned ci = 0; ci < 8 && !justified; ++ci) {
        const auto found = lives.find({r.gpu, r.gi, ci});
        justified = found != lives.end() && perhaps_alive(found->second, before, after);
      }
      for (const auto& open : open_creates) justified = justified || (open.kind == hard::create_ci && open.gpu == r.gpu && open.gi == r.gi && open.before <= after);
    } else if (r.kind == hard::create_ci && r.code == 23) {
      for (unsigned ci = 0; ci < 8 && !justified; ++ci) {
        const auto found = lives.find({r.gpu, r.gi, ci});
        justified = found != lives.end() && perhaps_alive(found->second, before, after);
      }
      for (const auto& open : open_creates) justified = justified || (open.kind == hard::create_ci && open.gpu == r.gpu && open.gi == r.gi && open.before <= after);
    } else if (r.code == 2 || r.code == 6) {  // what it named was gone
      const auto found = lives.find({r.gpu, r.gi, r.kind == hard::destroy_ci ? r.ci : 255U});
      justified = found == lives.end() || !surely_alive(found->second, before, after);
    }
    if (!justified) fail("a refusal without a reason: " + name(r));
  }

  if (unordered > most_unordered) fail(std::to_string(unordered) + " operations of instances with an open operation find no order");
  std::printf("%llu attempts to change, %llu changed something (%.0f %%), %llu without an answer; refusals:", static_cast<unsigned long long>(attempts),
              static_cast<unsigned long long>(changed), attempts != 0 ? 100.0 * static_cast<double>(changed) / static_cast<double>(attempts) : 0.0,
              static_cast<unsigned long long>(unanswered));
  for (const auto& [code, count] : codes)
    if (code != 0) std::printf(" %d x%llu", code, static_cast<unsigned long long>(count));
  std::printf("\n%zu operations, %llu checks, %zu not ordered beside an open operation, %llu records cut by a kill, %d wrong\n", ops.size(),
              static_cast<unsigned long long>(checks), unordered, static_cast<unsigned long long>(torn), wrong);
  return wrong == 0 && changed > 0 ? 0 : 1;
}
