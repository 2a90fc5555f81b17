#include "cli/doctor_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "cli/program.hpp"
#include "cli/wrap.hpp"

namespace gpuslice::cli {
namespace {

using doctor::Outcome;
using doctor::State;
using nlohmann::ordered_json;

std::size_t number_of(const std::vector<Outcome>& outcomes, State state) {
  return static_cast<std::size_t>(
      std::ranges::count_if(outcomes, [&](const Outcome& one) { return one.state == state; }));
}

std::string line(const doctor::Finding& finding, const std::string& node) {
  return fmt::format("{}  {}  {}: {}: {}; next: {}\n", doctor::severity_word(finding.severity), finding.check,
                     printable(finding.object), printable(finding.what), printable(finding.why),
                     hint_text(finding.hint, node));
}

ordered_json text_or_null(const std::string& text) { return text.empty() ? ordered_json() : ordered_json(text); }

ordered_json finding_json(const doctor::Finding& finding, const std::string& node) {
  return {{"check", finding.check},
          {"severity", doctor::severity_word(finding.severity)},
          {"gpu", finding.gpu ? ordered_json(finding.gpu->value) : ordered_json()},
          {"object", finding.object},
          {"what", finding.what},
          {"why", finding.why},
          {"try", text_or_null(hint_text(finding.hint, node))},
          {"fixable", finding.fixable}};
}

std::string_view verdict_word(doctor::Verdict verdict) {
  switch (verdict) {
    case doctor::Verdict::healthy:
      return "healthy";
    case doctor::Verdict::findings:
      return "findings";
    case doctor::Verdict::unknown:
      return "unknown";
  }
  return "unknown";
}

// Text in a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '[' || c == '<') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string diagnosis_text(const std::vector<Outcome>& outcomes, const std::string& node) {
  std::string text;
  for (const auto& outcome : outcomes)
    for (const auto& finding : outcome.findings) text += line(finding, node);
  for (const auto& outcome : outcomes) {
    // What a check did not see besides its findings is said too; what another finding explains is not.
    if (outcome.state == State::blocked || outcome.state == State::not_applicable) continue;
    for (const auto& reason : outcome.reasons)
      text += fmt::format("{}  {}  {}\n", outcome.state == State::unknown ? "unknown" : "skipped", outcome.check->id,
                          printable(reason));
  }
  return text;
}

std::string diagnosis_summary(const std::vector<Outcome>& outcomes) {
  std::size_t findings = 0;
  for (const auto& outcome : outcomes) findings += outcome.findings.size();
  const auto healthy = number_of(outcomes, State::healthy) + number_of(outcomes, State::not_applicable);
  auto text = fmt::format("{} finding{}; {} check{} healthy", findings, findings == 1 ? "" : "s", healthy,
                          healthy == 1 ? "" : "s");
  const auto add = [&](State state, const char* word) {
    if (const auto number = number_of(outcomes, state); number != 0) text += fmt::format(", {} {}", number, word);
  };
  add(State::skipped, "skipped");
  add(State::unknown, "unknown");
  add(State::blocked, "not possible");
  return text;
}

ordered_json diagnosis_json(const std::vector<Outcome>& outcomes, const std::string& node) {
  auto findings = ordered_json::array(), checks = ordered_json::array();
  for (const auto& outcome : outcomes) {
    for (const auto& finding : outcome.findings) findings.push_back(finding_json(finding, node));
    checks.push_back(
        {{"id", outcome.check->id}, {"state", doctor::state_word(outcome.state)}, {"reasons", outcome.reasons}});
  }
  return {{"status", verdict_word(doctor::verdict_of(outcomes))}, {"findings", findings}, {"checks", checks}};
}

namespace {

std::vector<std::string> ids() {
  std::vector<std::string> all;
  for (const auto& check : doctor::checks()) all.emplace_back(check.id);
  return all;
}

}  // namespace

report::schema::Json doctor_schema() {
  using namespace report::schema;
  return object(
      {{"status", words({"healthy", "findings", "unknown"}), "exit status 0, 3, 4"},
       {"findings", list_of(object({{"check", words(ids()), "id of the check"},
                                    {"severity", words({"problem", "advice"}),
                                     "problem: something does not work; advice: it is likely to surprise somebody"},
                                    {"gpu", nullable(count()), "index of the GPU; null: of the node"},
                                    {"object", text(), "what it is about"},
                                    {"what", text()},
                                    {"why", text(), "what it means"},
                                    {"try", nullable(text()), "what to type next"},
                                    {"fixable", flag(), "doctor --fix can do it"}}))},
       {"checks",
        list_of(object({{"id", words(ids())},
                        {"state", words({"healthy", "findings", "skipped", "unknown", "not-applicable", "blocked"}),
                         "skipped: not possible here; unknown: it should have been; blocked: by another finding"},
                        {"reasons", list_of(text()), "why it was not made, or not for all"}}))}});
}

std::string check_list() {
  std::string text;
  for (const auto& check : doctor::checks()) {
    text +=
        fmt::format("{}\n  {}\n", check.id, wrapped(std::string(check.title) + ". " + std::string(check.why), 2, 2));
    text += fmt::format("  Reads: {}\n", wrapped(check.reads, 9, 9));
  }
  return text;
}

ordered_json check_list_json() {
  auto all = ordered_json::array();
  for (const auto& check : doctor::checks())
    all.push_back({{"id", check.id},
                   {"title", check.title},
                   {"why", check.why},
                   {"reads", check.reads},
                   {"sources", text_or_null(std::string(check.sources))}});
  return all;
}

report::schema::Json doctor_checks_schema() {
  using namespace report::schema;
  return list_of(object({{"id", words(ids())},
                         {"title", text(), "what holds on a healthy node"},
                         {"why", text()},
                         {"reads", text()},
                         {"sources", nullable(text()), "documents whose warning it checks; null: none of them"}}));
}

std::string checks_markdown() {
  std::string text = "| id | on a healthy node | why it matters | reads | warned of in |\n|---|---|---|---|---|\n";
  for (const auto& check : doctor::checks())
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", check.id, cell(check.title), cell(check.why),
                        cell(check.reads), check.sources.empty() ? "-" : cell(check.sources));
  return text;
}

}  // namespace gpuslice::cli
