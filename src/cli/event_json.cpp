#include "cli/event_json.hpp"

#include <utility>
#include <vector>

#include "cli/outcome_text.hpp"
#include "cli/plan_view.hpp"
#include "cli/state_json.hpp"

namespace gpuslice::cli {
namespace {

namespace schema = report::schema;
using Kind = ops::Event::Kind;

const char* kind_word(Kind kind) {
  switch (kind) {
    case Kind::recovering:
      return "recovering";
    case Kind::completing:
      return "completing";
    case Kind::step:
      return "step";
    case Kind::step_done:
      return "step-done";
    case Kind::step_failed:
      return "step-failed";
    case Kind::hook:
      return "hook";
    case Kind::ending:
      return "ending-client";
    case Kind::taking_back:
      return "taking-back";
    case Kind::remainder:
      return "remains";
    case Kind::note:
      return "note";
    case Kind::done:
      return "done";
    case Kind::waiting:
      return "waiting";
  }
  return "note";
}

void add(ordered_json& line, const ordered_json& more) {
  for (const auto& item : more.items()) line[item.key()] = item.value();
}

ordered_json step_line(const ops::Event& event) {
  ordered_json line = {
      {"event", kind_word(event.kind)}, {"gpu", event.gpu->value}, {"step", event.step}, {"of", event.of}};
  add(line, step_json(*event.capability, *event.action));
  if (event.kind == Kind::step) return line;
  line["seconds"] = event.seconds;
  if (event.kind == Kind::step_failed) {
    line["why"] = event.why;
    return line;
  }
  line["created"] = instances_json(event.effects.created);
  line["destroyed"] = instances_json(event.effects.destroyed);
  return line;
}

// Identifies the interrupted change.
ordered_json interrupted_json(const store::Transaction& t) {
  return {{"number", t.number}, {"verb", t.verb}, {"user", t.user}, {"started", t.started}};
}

ordered_json recovered_json(const ops::Recovered& recovered) {
  if (!recovered.transaction) return nullptr;
  auto made = interrupted_json(*recovered.transaction);
  made["complete"] = recovered.forward;
  made["remains"] = remains_json(recovered.remains);
  made["created"] = instances_json(recovered.effects.created);
  made["destroyed"] = instances_json(recovered.effects.destroyed);
  return made;
}

ordered_json holder_json(const std::optional<store::Holder>& holder) {
  if (!holder) return nullptr;
  return {{"pid", holder->pid != 0 ? ordered_json(holder->pid) : ordered_json()},
          {"command", text_or_null(holder->command)},
          {"user", text_or_null(holder->user)},
          {"since", text_or_null(holder->since)}};
}

ordered_json done_line(bool dry_run, std::uint64_t number, std::uint64_t undoes) {
  const auto or_null = [](std::uint64_t of) { return of != 0 ? ordered_json(of) : ordered_json(); };
  return {{"event", "done"}, {"dry_run", dry_run}, {"number", or_null(number)}, {"undoes", or_null(undoes)}};
}

ordered_json done_line(ordered_json line, const ops::Effects& effects, const std::vector<model::Client>& stopped,
                       ordered_json recovered) {
  line["created"] = instances_json(effects.created);
  line["destroyed"] = instances_json(effects.destroyed);
  line["stopped"] = clients_json(stopped);
  line["recovered"] = std::move(recovered);
  return line;
}

ordered_json failed_line(const Error& said, Exit exit, const char* cause, const char* restored,
                         const std::vector<ops::Remainder>& remains, const std::string& node) {
  ordered_json line = {{"event", "failed"}, {"status", status(exit)}};
  add(line, error_json(said, node));
  line["cause"] = cause;
  line["restored"] = restored;
  line["remains"] = remains_json(remains);
  line["holder"] = nullptr;
  return line;
}

// The fields of an error that occurred before the change began.
const char* early_cause(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::unknown:
      return word(ops::Cause::unreadable);
    case ErrorKind::busy:
      return word(ops::Cause::busy);
    case ErrorKind::permission:
      return "permission";
    case ErrorKind::damaged:
      return word(ops::Cause::store);
    default:
      return "refused";
  }
}

schema::Json event_of(const char* kind, std::vector<schema::Property> properties) {
  properties.insert(properties.begin(), {"event", schema::constant(kind)});
  return schema::object(properties);
}

}  // namespace

ordered_json event_json(const ops::Event& event) {
  if (event.action != nullptr) return step_line(event);
  ordered_json line = {{"event", kind_word(event.kind)}};
  if (event.interrupted != nullptr) {
    add(line, interrupted_json(*event.interrupted));
  } else if (event.kind == Kind::hook) {
    line["command"] = event.text;
  } else if (event.client != nullptr) {
    line["gpu"] = event.gpu->value;
    line["signal"] = event.kill ? "SIGKILL" : "SIGTERM";
    line["client"] = client_json(*event.client);
  } else if (event.remains) {
    add(line, remains_json({*event.remains})[0]);
  } else {
    line["text"] = event.text;
    if (event.kind == ops::Event::Kind::waiting) line["holder"] = holder_json(event.holder);
  }
  return line;
}

ordered_json recovery_json(const ops::Start& start) {
  const auto& recovery = *start.recovery;
  ordered_json line = {{"event", "recovery"}};
  add(line, interrupted_json(recovery.transaction));
  line["complete"] = recovery.complete;
  line["run"] = recovery.transaction.afterwards;
  line["remains"] = remains_json(recovery.remains);
  auto plan = plan_json(start.now, recovery.plan, ops::verdict_of(start.now, recovery.plan, true));
  plan.erase("event");
  line["plan"] = std::move(plan);
  return line;
}

ordered_json done_json(const ops::Changed& changed, std::uint64_t undoes) {
  return done_line(done_line(false, changed.number, undoes), changed.effects, changed.stopped,
                   recovered_json(changed.recovered));
}
ordered_json done_json(const ops::Recovered& recovered) {
  return done_line(done_line(false, 0, 0), {}, {}, recovered_json(recovered));
}
ordered_json dry_run_json() { return done_line(done_line(true, 0, 0), {}, {}, nullptr); }

ordered_json failed_json(const ops::Failure& failure, const Error& said, Exit exit, const std::string& node) {
  auto line = failed_line(said, exit, word(failure.cause), word(failure.restored), failure.remains, node);
  line["holder"] = holder_json(failure.holder);
  return line;
}
ordered_json failed_json(const Error& error, Exit exit, const std::string& node, ops::Restored restored) {
  return failed_line(error, exit, early_cause(error.kind), word(restored), {}, node);
}

schema::Json events_schema() {
  using namespace report::schema;
  using Properties = std::vector<Property>;
  const auto with = [](Properties all, const Properties& more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const auto plan = plan_properties();
  const Property holder = {"holder",
                           nullable(object({{"pid", nullable(count()), "null: not known"},
                                            {"command", nullable(text()), "null: not known"},
                                            {"user", nullable(text()), "null: not known"},
                                            {"since", nullable(text()), "UTC; null: not known"}})),
                           "the other gpuslice that is changing the node; null: none, or not known"};
  const Properties change = {
      {"number", count(), "number of the interrupted change"}, {"verb", text()}, {"user", text()}, {"started", text(), "UTC"}};
  const Properties step = {{"gpu", count()},
                           {"step", count(), "from 1"},
                           {"of", count()},
                           {"kind", text()},
                           {"text", text()},
                           {"gpu_instance", nullable(reference("gpu_instance"))},
                           {"compute_instance", nullable(reference("compute_instance"))},
                           {"name", nullable(text())}};
  const Properties effects = {{"created", list_of(reference("instance"))},
                              {"destroyed", list_of(reference("instance"))}};
  const Property seconds = {"seconds", number()};
  const Property remains = {"remains", list_of(reference("remainder")), "what could not be rolled back"};
  auto all = Json::array();
  all.push_back(event_of("plan", plan));
  all.push_back(event_of("recovery", with(change, {{"complete", flag(), "all of its steps had been done"},
                                                   {"run", list_of(text()), "commands that run at its end"},
                                                   remains,
                                                   {"plan", object(plan), "the steps of the rollback"}})));
  all.push_back(event_of("recovering", change));
  all.push_back(event_of("completing", change));
  all.push_back(event_of("step", step));
  all.push_back(event_of("step-done", with(with(step, {seconds}), effects)));
  all.push_back(event_of("step-failed", with(step, {seconds, {"why", text()}})));
  all.push_back(event_of("hook", {{"command", text()}}));
  all.push_back(event_of(
      "ending-client", {{"gpu", count()}, {"signal", words({"SIGTERM", "SIGKILL"})}, {"client", reference("client")}}));
  all.push_back(event_of("taking-back", {{"text", text(), "why the change is rolled back"}}));
  all.push_back(event_of("remains", {{"gpu", nullable(count())}, {"uuid", nullable(text())}, {"what", text()}}));
  all.push_back(event_of("note", {{"text", text()}}));
  all.push_back(event_of("waiting", {{"text", text(), "the other gpuslice that it waits for"}, holder}));
  all.push_back(event_of(
      "done", with(with({{"dry_run", flag()},
                         {"number", nullable(count()), "number of the change in the history; null: nothing was changed"},
                         {"undoes", nullable(count()), "the change that an undo undid"}},
                        effects),
                   {{"stopped", list_of(reference("client")), "processes that were ended"},
                    {"recovered", nullable(object(with(with(change, {{"complete", flag()}, remains}), effects))),
                     "the interrupted change that was finished or rolled back first; null: there was none"}})));
  all.push_back(event_of(
      "failed", {{"status", count(), "the exit status"},
                 {"kind", words({"usage", "unknown", "busy", "refused", "unsupported", "not-found", "exists",
                                 "permission", "damaged", "io"})},
                 {"object", nullable(text())},
                 {"what", text()},
                 {"driver", nullable(reference("driver_answer")), "the driver's answer; null: it is not the reason"},
                 {"try", list_of(text()), "arguments of the suggested gpuslice command; empty: no suggestion"},
                 {"cause", words({"usage", "permission", "refused", "wrong-options", "busy", "cut-off", "unreadable",
                                  "no-plan", "needs-reboot", "clients", "changed", "interrupted", "step-failed",
                                  "hook-failed", "no-answer", "store", "nothing-to-undo", "declined"})},
                 {"restored", words({"untouched", "all", "not-all", "unknown", "done"})},
                 remains,
                 holder}));
  return {{"oneOf", std::move(all)}};
}

}  // namespace gpuslice::cli
