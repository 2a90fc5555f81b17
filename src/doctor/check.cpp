#include "doctor/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gpuslice::doctor {

std::string_view state_word(State state) {
  switch (state) {
    case State::healthy:
      return "healthy";
    case State::findings:
      return "findings";
    case State::skipped:
      return "skipped";
    case State::unknown:
      return "unknown";
    case State::not_applicable:
      return "not-applicable";
    case State::blocked:
      return "blocked";
  }
  return "unknown";
}

std::string_view severity_word(Severity severity) { return severity == Severity::problem ? "problem" : "advice"; }

void Answer::problem(const GpuFacts& gpu, std::string what, std::string why, Hint hint) {
  add(Severity::problem, gpu.index, fmt::format("GPU {}", gpu.index.value), std::move(what), std::move(why),
      std::move(hint));
}
void Answer::problem(std::string object, std::string what, std::string why, Hint hint) {
  add(Severity::problem, std::nullopt, std::move(object), std::move(what), std::move(why), std::move(hint));
}
void Answer::advice(const GpuFacts& gpu, std::string what, std::string why, Hint hint) {
  add(Severity::advice, gpu.index, fmt::format("GPU {}", gpu.index.value), std::move(what), std::move(why),
      std::move(hint));
}
void Answer::advice(std::string object, std::string what, std::string why, Hint hint) {
  add(Severity::advice, std::nullopt, std::move(object), std::move(what), std::move(why), std::move(hint));
}

void Answer::add(Severity severity, std::optional<GpuIndex> gpu, std::string object, std::string what, std::string why,
                 Hint hint) {
  result_.findings.push_back(
      {check_.id, severity, gpu, std::move(object), std::move(what), std::move(why), std::move(hint), false});
}

// Of several notes the worst decides: what should have been possible, then what was not.
void Answer::note(State state, std::string why) {
  const auto rank = [](State one) { return one == State::unknown ? 2 : one == State::skipped ? 1 : 0; };
  if (result_.reasons.empty() || rank(state) > rank(result_.state)) result_.state = state;
  result_.reasons.push_back(std::move(why));
}

void Answer::unreachable(const GpuFacts& gpu) {
  if (gpu.reach == GpuFacts::Reach::limited && alone_)
    skip(fmt::format("GPU {}: {}", gpu.index.value, gpu.problem));
  else if (alone_)
    unknown(fmt::format("GPU {}: {}", gpu.index.value,
                        gpu.reach == GpuFacts::Reach::lost ? "the driver has lost it" : gpu.problem));
}

Outcome Answer::take() {
  result_.check = &check_;
  if (!result_.findings.empty()) result_.state = State::findings;
  return std::move(result_);
}

const Check* find_check(std::string_view id) {
  const auto found = std::ranges::find(checks(), id, &Check::id);
  return found != checks().end() ? &*found : nullptr;
}

std::vector<Outcome> diagnose(const NodeFacts& facts, const std::vector<std::string>& only) {
  const auto made = [&](std::string_view id) { return only.empty() || std::ranges::find(only, id) != only.end(); };
  const bool alone = !made("gpu-lost") || !made("gpu-answers");
  std::vector<Outcome> results;
  for (const auto& check : checks()) {
    if (!made(check.id)) continue;
    if (facts.no_driver && check.needs_driver) {
      results.push_back({&check, State::blocked, {"the driver does not answer"}, {}});
      continue;
    }
    Answer answer(check, alone);
    check.look(facts, answer);
    results.push_back(answer.take());
  }
  return results;
}

Verdict verdict_of(const std::vector<Outcome>& results) {
  const auto any = [&](State state) {
    return std::ranges::any_of(results, [&](const Outcome& one) { return one.state == state; });
  };
  if (any(State::findings)) return Verdict::findings;
  return any(State::unknown) || any(State::blocked) ? Verdict::unknown : Verdict::healthy;
}

}  // namespace gpuslice::doctor
