#include "cli/history_json.hpp"

#include <utility>

#include "cli/state_json.hpp"

namespace gpuslice::cli {
namespace {

const char* word(store::Outcome outcome) { return outcome == store::Outcome::open ? "cut-off" : outcome_text(outcome); }

ordered_json steps_json(const ProfileNames& names, const std::vector<store::StepRecord>& steps) {
  auto all = ordered_json::array();
  for (const auto& one : steps)
    all.push_back({{"kind", one.kind},
                   {"text", one.text},
                   {"gpu_instance", one.gi ? gi_json(names, *one.gi) : ordered_json()},
                   {"compute_instance", one.ci ? ci_json(names, *one.ci) : ordered_json()},
                   {"name", text_or_null(one.name)}});
  return all;
}

ordered_json gpu_json(const store::GpuRecord& record) {
  const auto names = names_by(record.profiles.value_or(std::vector<store::GiProfileName>{}));
  return {{"index", record.index.value},
          {"uuid", record.uuid},
          {"steps", record.steps ? steps_json(names, *record.steps) : ordered_json()},
          {"before", state_json(names, record.before, record.made_before)},
          {"after", state_json(names, record.after, record.made_after)}};
}

}  // namespace

const char* outcome_text(store::Outcome outcome) {
  switch (outcome) {
    case store::Outcome::open:
      return "interrupted";
    case store::Outcome::done:
      return "done";
    case store::Outcome::undone:
      return "undone";
  }
  return "unknown";
}

ordered_json history_json(const std::vector<store::Transaction>& changes) {
  auto all = ordered_json::array();
  for (const auto& t : changes) {
    ordered_json one = {{"number", t.number}, {"started", t.started},       {"user", t.user},
                        {"verb", t.verb},     {"outcome", word(t.outcome)}, {"digest", t.digest}};
    one["undoes"] = t.undoes != 0 ? ordered_json(t.undoes) : ordered_json();
    one["stopped"] = t.stopped ? clients_json(*t.stopped) : ordered_json();
    one["run"] = t.afterwards;
    one["gpus"] = ordered_json::array();
    for (const auto& record : t.gpus) one["gpus"].push_back(gpu_json(record));
    all.push_back(std::move(one));
  }
  return all;
}

report::schema::Json history_schema() {
  using namespace report::schema;
  const auto step = object({{"kind", text()},
                            {"text", text()},
                            {"gpu_instance", nullable(reference("gpu_instance"))},
                            {"compute_instance", nullable(reference("compute_instance"))},
                            {"name", nullable(text())}});
  const auto gpu = object({{"index", count(), "index at the time of the change"},
                           {"uuid", text()},
                           {"steps", nullable(list_of(step)), "null: recorded by an earlier version, without steps"},
                           {"before", reference("state")},
                           {"after", reference("state")}});
  return list_of(
      object({{"number", count()},
              {"started", text(), "UTC"},
              {"user", text(), "who ran the command"},
              {"verb", text(), "the command"},
              {"outcome", words({"done", "undone", "cut-off"})},
              {"digest", text(), "digest of the node state that the plan starts from"},
              {"undoes", nullable(count()), "the change that this undo undid"},
              {"stopped", nullable(list_of(reference("client"))), "processes that were ended; null: unknown"},
              {"run", list_of(text()), "commands that run at its end"},
              {"gpus", list_of(gpu)}}));
}

}  // namespace gpuslice::cli
