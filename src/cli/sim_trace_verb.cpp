// `gpuslice sim trace`: records and prints the calls of a node's driver.
#include <fmt/format.h>

#include <ctime>
#include <memory>

#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "report/table.hpp"
#include "sim/call_codes.hpp"
#include "sim/state_file.hpp"
#include "sim/trace.hpp"

namespace gpuslice::cli {
namespace {

struct TraceWords {
  std::string node, output{"table"};
  bool on{}, off{}, clear{}, mutating{};
};

std::string utc(std::uint64_t microseconds) {
  const auto seconds = static_cast<std::time_t>(microseconds / 1'000'000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, microseconds % 1'000'000);
}

// "0", "0/2" (a GPU instance), "0/2/1" (a compute instance or MIG device), "-" (the whole system)
std::string subject(const sim::TracedCall& call) {
  if (!call.gpu) return "-";
  auto text = std::to_string(*call.gpu);
  if (call.gi) text += "/" + std::to_string(*call.gi);
  if (call.ci) text += "/" + std::to_string(*call.ci);
  return text;
}

std::string answer(const sim::TracedCall& call) {
  if (call.end == sim::CallEnd::killed_before) return "killed-before";
  if (call.end == sim::CallEnd::killed_after) return "killed-after";
  return sim::code_name(call.code);
}

using Line = sim::Trace::Line;

const std::vector<report::Column<Line>>& columns() {
  using report::Cell;
  using report::Shown;
  using report::Type;
  const auto number = [](auto value) { return Cell(static_cast<std::int64_t>(value)); };
  const auto id = [](const std::optional<std::uint32_t>& value) {
    return value ? Cell(static_cast<std::int64_t>(*value)) : Cell(report::None{});
  };
  static const std::vector<report::Column<Line>> all = {
      {"number", "NO", Type::number, "number of the call, from 1, in the order in which calls ended",
       [=](const Line& l) { return number(l.number); }},
      {"time", "TIME", Type::text, "when the call began, UTC", [](const Line& l) { return utc(l.call.time_us); }},
      {"pid", "PID", Type::number, "process id of the caller", [=](const Line& l) { return number(l.call.pid); }},
      {"program", "PROGRAM", Type::text, "name of the calling program", [](const Line& l) { return l.call.program; }},
      {"function", "FUNCTION", Type::text, "function that was called", [](const Line& l) { return l.call.function; }},
      {"on", "GPU/GI/CI", Type::text, "GPU or instance that it was called on",
       [](const Line& l) { return subject(l.call); }},
      {"gpu", "", Type::number, "index of the GPU", [=](const Line& l) { return id(l.call.gpu); }, Shown::data_only},
      {"gi", "", Type::number, "GPU instance id", [=](const Line& l) { return id(l.call.gi); }, Shown::data_only},
      {"ci", "", Type::number, "compute instance id", [=](const Line& l) { return id(l.call.ci); }, Shown::data_only},
      {"mutating", "", Type::flag, "whether the call can change the node",
       [](const Line& l) { return Cell(l.call.mutating); }, Shown::data_only},
      {"code", "CODE", Type::number, "",
       [=](const Line& l) {
         return l.call.end == sim::CallEnd::killed_before ? Cell(report::Unknown{}) : number(l.call.code);
       },
       Shown::table_only},
      {"code", "CODE", Type::number,
       "code that it returned, or would have returned; none: the caller was killed before it returned",
       [=](const Line& l) {
         return l.call.end == sim::CallEnd::killed_before ? Cell(report::None{}) : number(l.call.code);
       },
       Shown::data_only},
      {"answer", "ANSWER", Type::text, "name of the code, or how a fault ended the caller",
       [](const Line& l) { return answer(l.call); }},
      {"fault", "FAULT", Type::number, "", [=](const Line& l) { return number(l.call.fault); }, Shown::table_only},
      {"fault", "FAULT", Type::number, "number of the fault that affected it; in tables 0: none",
       [=](const Line& l) { return l.call.fault == 0 ? Cell(report::None{}) : number(l.call.fault); },
       Shown::data_only},
      {"duration_us", "US", Type::number, "duration in microseconds",
       [=](const Line& l) { return number(l.call.duration_us); }},
      {"arguments", "ARGUMENTS", Type::text, "arguments of a call that can change the node",
       [](const Line& l) { return l.call.arguments; }},
  };
  return all;
}

Result<void> switch_trace(const TraceWords& w, const std::string& directory) {
  // Opened first, so that a node that this user may not write is refused before anything is done.
  const auto state = GPUSLICE_TRY(sim::StateFile::open(directory + "/state", sim::Access::read_write));
  if (w.clear) GPUSLICE_CHECK(sim::clear_trace(directory));
  if (w.on) GPUSLICE_CHECK(sim::open_trace(directory));
  if (!w.on && !w.off) return {};
  GPUSLICE_CHECK(state->transact([&](sim::NodeDynamic& all) {
    all.orders.traced = w.on ? 1 : 0;
    return true;
  }));
  return {};
}

Result<int> show_trace(const TraceWords& w, const std::string& directory, const Terminal& terminal) {
  auto trace = GPUSLICE_TRY(sim::read_trace(directory));
  if (w.mutating) std::erase_if(trace.lines, [](const Line& line) { return !line.call.mutating; });
  if (w.output != "table" || !trace.lines.empty()) {
    print(report::sheet(columns(), trace.lines), w.output, terminal.out);
  } else {
    const auto state = GPUSLICE_TRY(sim::StateFile::open(directory + "/state", sim::Access::read_only));
    terminal.err << (state->read_orders().traced != 0
                         ? fmt::format("no calls of node {} are recorded yet\n", w.node)
                         : fmt::format("node {} is not traced; start tracing: gpuslice sim trace {} --on\n", w.node,
                                       w.node));
  }
  if (trace.unreadable != 0)
    terminal.err << fmt::format("gpuslice: note: {} lines of the trace are damaged\n", trace.unreadable);
  if (trace.full)
    terminal.err << fmt::format(
        "gpuslice: note: the trace is full ({} MiB), so later calls were not recorded; empty it: "
        "gpuslice sim trace {} --clear\n",
        sim::trace_limit_bytes >> 20, w.node);
  return 0;
}

Result<int> trace(const TraceWords& w, const Terminal& terminal) {
  if (w.on && w.off) return fail(ErrorKind::usage, "sim trace", "takes --on or --off, not both");
  const bool reads = !w.on && !w.off && !w.clear;
  const auto directory = GPUSLICE_TRY(reads ? node_to_read(w.node) : node_directory(w.node));
  if (reads) return show_trace(w, directory, terminal);
  GPUSLICE_CHECK(switch_trace(w, directory));
  return 0;
}

}  // namespace

report::schema::Json sim_trace_schema() { return report::schema::rows(report::heads(columns())); }

void add_sim_trace_verb(Verb sim, CommandLine& line) {
  auto words = std::make_shared<TraceWords>();
  auto verb = sim.add_subcommand("trace", "Record the calls of a node's driver, or print the recorded calls");
  verb.add_option("NODE", words->node, "Name of the node").required();
  verb.add_flag("--on", words->on, "Start recording, about 100 bytes a call in the file NODE/trace, at most 64 MiB");
  verb.add_flag("--off", words->off, "Stop recording; recorded calls are kept");
  verb.add_flag("--clear", words->clear, "Delete the recorded calls");
  verb.add_flag("--mutating", words->mutating, "Print only calls that can change the node");
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] { return column_help(report::heads(columns())); });
  verb.callback([&line, words] { line.chosen = [&line, words] { return trace(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
