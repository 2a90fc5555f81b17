// Checks the logs of the workers with a separate model (model.hpp), and reports whether they are possible.
//
//   hard_check START FINAL LOG...      START, FINAL: what `hard_worker LIBRARY list` printed before and after
//
// For each GPU there must be an order of all operations, each at one moment between its `before` and its `after`, in
// which every result, including refusals and queries, is that of the model, and which ends in FINAL. An operation whose
// worker was killed before it logged the result took effect either once, before the worker's death, or never. The
// search is exhaustive: it follows all sets of operations that may have taken effect at each moment. If an update was
// lost or made twice, a result is a mixture of two states, or a refusal is unjustified, no such order exists.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "model.hpp"
#include "record.hpp"

namespace {

using hard::Record;
using hard::State;

constexpr unsigned gpus = 8;

struct Op {
  Record r;
  bool open{};     // its worker was killed before the result was logged
  bool mutates{};  // changes the state at its position in the order
};

// A possible state, and which of the operations in progress have already taken effect in it.
struct Config {
  State state;
  std::uint64_t done{};  // one bit per slot of an operation in progress
  friend bool operator==(const Config&, const Config&) = default;
};
struct Hash {
  std::size_t operator()(const Config& c) const {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(&c.state), sizeof c.state}) ^
           c.done * 0x9e3779b97f4a7c15ULL;
  }
};

std::uint64_t steps = 0, most = 0;
std::uint64_t deaths = 0;
int wrong = 0;

std::string words(const Op& op) {
  static const char* const names[] = {"?",          "create_gi", "destroy_gi",      "create_ci",
                                      "destroy_ci", "set_mode",  "set_persistence", "list_gis",
                                      "remaining",  "get_mode",  "get_persistence"};
  const auto& r = op.r;
  char text[240];
  std::snprintf(text, sizeof text, "%s gpu %u gi %u ci %u profile %u at %u:%u value %u: %s %d [%lld, %lld]",
                names[r.kind], r.gpu, r.gi, r.ci, r.profile, r.start, r.size, r.value, op.open ? "no answer" : "answer",
                r.code, static_cast<long long>(r.before), static_cast<long long>(r.after));
  return text;
}
void fail(const std::string& what) {
  if (++wrong <= 10) std::printf("WRONG: %s\n", what.c_str());
}

class Gpu {
 public:
  explicit Gpu(const State& start) { configs_.push_back({start, 0}); }

  void replay(std::vector<Op>& ops) {
    struct Event {
      std::int64_t at;
      bool ends;  // if both are at the same moment, starts come before ends
      std::size_t op;
    };
    std::vector<Event> events;
    events.reserve(ops.size() * 2);
    for (std::size_t i = 0; i < ops.size(); ++i) {
      events.push_back({ops[i].r.before, false, i});
      events.push_back({ops[i].r.after, true, i});
    }
    std::sort(events.begin(), events.end(),
              [](const Event& a, const Event& b) { return a.at != b.at ? a.at < b.at : a.ends < b.ends; });
    std::vector<int> slot_of(ops.size(), -1);
    for (const auto& event : events) {
      if (!event.ends) {
        slot_of[event.op] = begin(ops[event.op]);
      } else {
        end(ops[event.op], slot_of[event.op]);
      }
    }
  }

  [[nodiscard]] bool can_be(const State& state) const {
    return std::any_of(configs_.begin(), configs_.end(), [&](const Config& c) { return c.state == state; });
  }
  [[nodiscard]] std::size_t endings() const { return configs_.size(); }

 private:
  int begin(const Op& op) {
    const int slot = __builtin_ctzll(~busy_);
    if (slot > 62) {
      std::printf("WRONG: more than 62 operations in progress\n");
      std::exit(1);
    }
    busy_ |= std::uint64_t{1} << slot;
    under_way_[slot] = &op;
    if (!op.mutates)
      for (auto& config : configs_) settle(config);
    return slot;
  }

  // An operation that changes nothing is placed in the order as soon as its result is right. This excludes no possible
  // order.
  void settle(Config& config) const {
    for (std::uint64_t left = busy_ & ~config.done; left != 0; left &= left - 1) {
      const int slot = __builtin_ctzll(left);
      const auto& op = *under_way_[slot];
      if (!op.mutates && hard::right(config.state, op.r)) config.done |= std::uint64_t{1} << slot;
    }
  }

  void end(const Op& op, int slot) {
    const std::uint64_t bit = std::uint64_t{1} << slot;
    std::unordered_set<Config, Hash> ended, seen;
    std::vector<Config> open;
    for (const auto& config : configs_) {
      if ((config.done & bit) != 0 || op.open) {
        auto one = config;
        one.done &= ~bit;
        ended.insert(one);
      }
      if ((config.done & bit) == 0 && seen.insert(config).second) open.push_back(config);
    }
    std::vector<State> next;
    while (!open.empty()) {
      const auto config = open.back();
      open.pop_back();
      for (std::uint64_t left = busy_ & ~config.done; left != 0; left &= left - 1) {
        const int other = __builtin_ctzll(left);
        const auto& candidate = *under_way_[other];
        if (!candidate.mutates) continue;
        ++steps;
        hard::after(config.state, candidate.r, candidate.open, next);
        for (const auto& state : next) {
          Config one{state, config.done | std::uint64_t{1} << other};
          settle(one);
          if ((one.done & bit) != 0) {
            auto finished = one;
            finished.done &= ~bit;
            ended.insert(finished);
          } else if (seen.insert(one).second) {
            open.push_back(one);
          }
        }
        if (seen.size() > 2'000'000) {
          std::printf("WRONG: too many orders to follow at %s\n", words(op).c_str());
          std::exit(1);
        }
      }
    }
    busy_ &= ~bit;
    if (ended.empty()) {
      fail("no order contains " + words(op));
      for (auto& config : configs_) config.done &= ~bit;  // continue as if it had not happened
      return;
    }
    configs_.assign(ended.begin(), ended.end());
    most = std::max<std::uint64_t>(most, configs_.size());
  }

  std::vector<Config> configs_;
  std::uint64_t busy_{0};
  const Op* under_way_[64]{};
};

std::vector<State> read_states(const char* path) {
  std::vector<State> states(gpus, State::empty());
  std::ifstream in(path);
  std::string sort;
  unsigned gpu{}, a{}, b{}, c{}, d{};
  for (unsigned lines = 0; in >> sort >> gpu; ++lines) {
    if (gpu >= gpus) std::exit(2);
    auto& state = states[gpu];
    if (sort == "gpu" && in >> a >> b) {
      state.mode = static_cast<std::uint8_t>(a);
      state.persistence = static_cast<std::uint8_t>(b);
    } else if (sort == "gi" && in >> a >> b >> c >> d && a < hard::ids) {
      if (hard::place_of(a).start != c || hard::place_of(a).size != d)
        fail("GPU instance " + std::to_string(a) + " has a placement that does not match its id");
      state.gi[a] = static_cast<std::uint8_t>(b);
    } else if (sort == "ci" && in >> a >> b >> c >> d && a < hard::ids && b < hard::cis) {
      state.ci[a][b] = static_cast<std::uint8_t>(c * 16 + d);
    } else {
      std::printf("WRONG: cannot read %s\n", path);
      std::exit(2);
    }
  }
  return states;
}

// Reads the operations of one log.
void read_log(const std::string& path, std::vector<std::vector<Op>>& ops) {
  std::vector<Op> mine;
  std::ifstream log(path, std::ios::binary);
  Record r;
  Op last;
  bool pending = false;
  std::uint64_t number = 0;
  while (log.read(reinterpret_cast<char*>(&r), sizeof r)) {
    if (r.kind == hard::death) {
      if (pending) {
        last.open = true;
        last.r.after = r.after;
        mine.push_back(last);
      }
      pending = false;
      ++deaths;
    } else if (r.phase == hard::intent) {
      if (pending || r.number != ++number) fail("a log without results: " + path);
      last = {r, false, false};
      pending = true;
    } else {
      if (!pending || r.number != number || r.kind != last.r.kind || r.before != last.r.before)
        fail("a log with a result of no operation: " + path);
      mine.push_back({r, false, false});
      pending = false;
    }
  }
  if (pending || log.gcount() != 0) fail("an incomplete log of a worker that was not killed: " + path);
  // If an id could not be read because the instance was destroyed immediately, it is taken from other uses of the same
  // handle.
  std::map<std::uint64_t, std::uint8_t> gis, cis;
  for (const auto& [one, open, mutates] : mine) {
    if ((one.kind == hard::create_gi || one.kind == hard::destroy_gi) && one.gi != hard::unknown)
      gis[one.handle] = one.gi;
    if ((one.kind == hard::create_ci || one.kind == hard::destroy_ci) && one.ci != hard::unknown)
      cis[one.handle] = one.ci;
  }
  for (auto& op : mine) {
    auto& one = op.r;
    if (one.kind == hard::create_gi && one.gi == hard::unknown && gis.count(one.handle) != 0) one.gi = gis[one.handle];
    if (one.kind == hard::create_ci && one.ci == hard::unknown && cis.count(one.handle) != 0) one.ci = cis[one.handle];
    op.mutates = hard::changes(one.kind) && (op.open || one.code == hard::success);
    // A query whose result was not logged, or could not be read by the worker, gives no information.
    if ((op.open && !hard::changes(one.kind)) || one.spare[0] != 0) continue;
    if (one.gpu >= gpus || one.after < one.before)
      fail("an impossible record: " + words(op));
    else
      ops[one.gpu].push_back(op);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const auto start = read_states(argv[1]);
  const auto final = read_states(argv[2]);
  std::vector<std::vector<Op>> ops(gpus);
  for (int i = 3; i < argc; ++i) read_log(argv[i], ops);

  std::uint64_t all = 0, attempts = 0, changed = 0, unanswered = 0;
  std::map<int, std::uint64_t> codes;
  for (unsigned gpu = 0; gpu < gpus; ++gpu) {
    for (const auto& op : ops[gpu]) {
      ++all;
      if (op.open)
        ++unanswered;
      else
        ++codes[op.r.code];
      if (!hard::changes(op.r.kind)) continue;
      ++attempts;
      if (!op.open && op.r.code == hard::success) ++changed;
    }
    Gpu replayed(start[gpu]);
    replayed.replay(ops[gpu]);
    if (!replayed.can_be(final[gpu]))
      fail("the final state of GPU " + std::to_string(gpu) + " is not one of the " +
           std::to_string(replayed.endings()) + " that the log leads to");
  }
  std::printf(
      "%llu operations, %llu on GPU 0; %llu wanted to change something, %llu did (%.0f %% of all), %llu questions, "
      "%llu without an answer; answers:",
      static_cast<unsigned long long>(all), static_cast<unsigned long long>(ops[0].size()),
      static_cast<unsigned long long>(attempts), static_cast<unsigned long long>(changed),
      all != 0 ? 100.0 * static_cast<double>(changed) / static_cast<double>(all) : 0.0,
      static_cast<unsigned long long>(all - attempts), static_cast<unsigned long long>(unanswered));
  for (const auto& [code, count] : codes) std::printf(" %d x%llu", code, static_cast<unsigned long long>(count));
  std::printf("\n%llu steps tried, at most %llu states possible at once, %llu deaths, %d wrong\n",
              static_cast<unsigned long long>(steps), static_cast<unsigned long long>(most),
              static_cast<unsigned long long>(deaths), wrong);
  return wrong == 0 && all > 0 && changed * 2 >= all ? 0 : 1;
}
