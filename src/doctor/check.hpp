// The checks of `gpuslice doctor`: one row each, with a stable id, what it looks for and why that matters. Pure.
//
// A cause is one finding: a lost GPU is found by `gpu-lost` only, and a driver that does not answer by the check that
// knows the reason. A check that another finding makes impossible is `blocked`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/facts.hpp"

namespace gpuslice::doctor {

struct Check;

// problem: something does not work, or will not. advice: it works and is likely to surprise somebody.
enum class Severity : std::uint8_t { problem, advice };

struct Finding {
  std::string_view check;  // its id
  Severity severity{};
  std::optional<GpuIndex> gpu;  // absent: of the node
  std::string object;           // "GPU 0", "/etc/cdi/nvidia.yaml"
  std::string what;             // "the driver has lost the GPU (XID 79)"
  std::string why;              // what that means
  Hint hint;                    // what to type next
  bool fixable{};               // doctor --fix can do it
};

// What became of a check.
enum class State : std::uint8_t {
  healthy,
  findings,
  skipped,         // not possible here, for a reason that is no fault: `reasons`
  unknown,         // it should have been possible: `reasons`
  not_applicable,  // there is nothing to check: `reasons`
  blocked,         // another finding makes it impossible
};
[[nodiscard]] std::string_view state_word(State state);  // "not-applicable"
[[nodiscard]] std::string_view severity_word(Severity severity);

struct Outcome {
  const Check* check{};
  State state{};
  std::vector<std::string> reasons;
  std::vector<Finding> findings;
};

// Where a check puts its answer.
class Answer {
 public:
  // `alone`: the check that finds lost and silent GPUs is not made, so each check has to name them.
  Answer(const Check& check, bool alone) : check_(check), alone_(alone) {}
  void problem(const GpuFacts& gpu, std::string what, std::string why, Hint hint);
  void problem(std::string object, std::string what, std::string why, Hint hint);
  void advice(const GpuFacts& gpu, std::string what, std::string why, Hint hint);
  void advice(std::string object, std::string what, std::string why, Hint hint);
  void fixable() { result_.findings.back().fixable = true; }  // the latest finding
  void skip(std::string why) { note(State::skipped, std::move(why)); }
  void unknown(std::string why) { note(State::unknown, std::move(why)); }
  void not_applicable(std::string why) { note(State::not_applicable, std::move(why)); }
  // A GPU that cannot be asked, which `gpu-lost` and `gpu-answers` report.
  void unreachable(const GpuFacts& gpu);
  // The fact, or null after its reason was noted.
  template <class T>
  const T* known(const Fact<T>& fact) {
    if (fact) return &*fact;
    if (fact.error().kind == Missing::Kind::skipped)
      skip(fact.error().why);
    else
      unknown(fact.error().why);
    return nullptr;
  }
  [[nodiscard]] Outcome take();

 private:
  void add(Severity severity, std::optional<GpuIndex> gpu, std::string object, std::string what, std::string why,
           Hint hint);
  void note(State state, std::string why);

  const Check& check_;
  bool alone_;
  Outcome result_{};
};

struct Check {
  std::string_view id;
  std::string_view title;    // what holds on a healthy node: "The driver can use every GPU"
  std::string_view why;      // why that matters, one sentence
  std::string_view reads;    // what it reads
  std::string_view sources;  // the documents and lines whose warning it checks; empty: none of them
  bool needs_driver{true};   // it asks NVML
  void (*look)(const NodeFacts& facts, Answer& answer){};
};

// In the order in which they are made and shown: causes before consequences.
[[nodiscard]] std::span<const Check> checks();
[[nodiscard]] const Check* find_check(std::string_view id);

// Calls `look` for each GPU that can be asked.
template <class Look>
void each_gpu(const NodeFacts& facts, Answer& answer, Look look) {
  for (const auto& gpu : facts.gpus) {
    if (gpu.reach == GpuFacts::Reach::answers)
      look(gpu);
    else
      answer.unreachable(gpu);
  }
}

// Makes the checks with these ids; all when there are none.
[[nodiscard]] std::vector<Outcome> diagnose(const NodeFacts& facts, const std::vector<std::string>& only = {});

// Findings come before what could not be checked. What is blocked could not be checked either.
enum class Verdict : std::uint8_t { healthy, findings, unknown };
[[nodiscard]] Verdict verdict_of(const std::vector<Outcome>& results);

}  // namespace gpuslice::doctor
