// `gpuslice sim inject` and `gpuslice sim faults`: inject faults into calls of a node's driver, and list them.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "base/number.hpp"
#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "report/table.hpp"
#include "sim/call_codes.hpp"
#include "sim/faults.hpp"
#include "sim/latency.hpp"
#include "sim/state_file.hpp"

namespace gpuslice::cli {
namespace {

struct FaultWords {
  std::string node, code, delay, on, repeat{"1"}, output{"table"};
  bool kill_before{}, kill_after{}, lose{}, lie{}, refuse_reset{}, clear{};
  std::optional<std::uint32_t> gpu, xid;
  std::uint64_t nth{1};
};

// "fail IN_USE"
std::string action(const sim::Fault& fault) {
  switch (fault.kind) {
    case sim::FaultKind::fail:
      return "fail " + sim::code_name(fault.code);
    case sim::FaultKind::kill_before:
      return "kill-before";
    case sim::FaultKind::kill_after:
      return "kill-after";
    case sim::FaultKind::delay:
      return "delay " + sim::duration_text(fault.delay_us);
    case sim::FaultKind::lose:
      return "lose";
    case sim::FaultKind::lie:
      return "lie";
    case sim::FaultKind::xid:
      return fmt::format("xid {}", fault.code);
    case sim::FaultKind::refuse_reset:
      return "refuse-reset";
  }
  return "unknown";
}

std::string calls(const sim::Fault& fault) {
  if (fault.kind == sim::FaultKind::refuse_reset) return "reset";
  if (fault.scope == sim::FaultScope::function) return std::string(fault.function.view());
  return fault.scope == sim::FaultScope::mutating ? "mutating" : "any";
}

std::string gpu_word(const sim::Fault& fault) { return fault.gpu < 0 ? "any" : std::to_string(fault.gpu); }
std::string times(const sim::Fault& fault) { return fault.repeat == 0 ? "always" : std::to_string(fault.repeat); }

const std::vector<report::Column<sim::Fault>>& columns() {
  using report::Shown;
  using report::Type;
  using sim::Fault;
  const auto number = [](auto value) { return report::Cell(static_cast<std::int64_t>(value)); };
  static const std::vector<report::Column<Fault>> all = {
      {"number", "NO", Type::number, "number of the fault, counted from the creation of the node",
       [=](const Fault& f) { return number(f.number); }},
      {"fault", "FAULT", Type::text, "what it does to a call", [](const Fault& f) { return action(f); }},
      {"on", "ON", Type::text, "affected calls: any, mutating, one function, or a reset",
       [](const Fault& f) { return calls(f); }},
      {"gpu", "GPU", Type::text, "", [](const Fault& f) { return gpu_word(f); }, Shown::table_only},
      {"gpu", "GPU", Type::number, "GPU of the affected calls; none: any",
       [=](const Fault& f) { return f.gpu < 0 ? report::Cell(report::None{}) : number(f.gpu); }, Shown::data_only},
      {"nth", "NTH", Type::number, "first matching call that is affected",
       [=](const Fault& f) { return number(f.nth); }},
      {"repeat", "REPEAT", Type::text, "", [](const Fault& f) { return times(f); }, Shown::table_only},
      {"repeat", "REPEAT", Type::number, "number of affected calls; none: all calls from the n-th on",
       [=](const Fault& f) { return f.repeat == 0 ? report::Cell(report::None{}) : number(f.repeat); },
       Shown::data_only},
      {"seen", "SEEN", Type::number, "matching calls so far; not counted after the fault is done",
       [=](const Fault& f) { return number(f.seen); }},
      {"fired", "FIRED", Type::number, "calls affected so far", [=](const Fault& f) { return number(f.fired); }},
      {"state", "STATE", Type::text, "waiting or done",
       [](const Fault& f) { return std::string(sim::is_spent(f) ? "done" : "waiting"); }},
  };
  return all;
}

Result<std::unique_ptr<sim::StateFile>> open_state(const std::string& node, sim::Access access) {
  return sim::StateFile::open(
      GPUSLICE_TRY(access == sim::Access::read_only ? node_to_read(node) : node_directory(node)) + "/state", access);
}

// Sets the kind from the options; exactly one kind option must be given.
Result<void> choose_kind(const FaultWords& w, sim::Fault& fault) {
  const int kinds = !w.code.empty() + w.kill_before + w.kill_after + !w.delay.empty() + w.lose + w.lie +
                    w.refuse_reset + w.xid.has_value();
  if (kinds == 0)
    return fail(
        ErrorKind::usage, "sim inject",
        "needs one of --fail, --kill-before, --kill-after, --delay, --lose, --lie, --refuse-reset and --xid, or "
        "--clear",
        Hint::gpuslice({"sim", "inject", Hint::flag("help")}));
  if (kinds > 1)
    return fail(ErrorKind::usage, "sim inject",
                "takes one of --fail, --kill-before, --kill-after, --delay, --lose, --lie, --refuse-reset and --xid",
                "inject one fault at a time");
  fault.kind = w.kill_before      ? sim::FaultKind::kill_before
               : w.kill_after     ? sim::FaultKind::kill_after
               : w.lose           ? sim::FaultKind::lose
               : w.lie            ? sim::FaultKind::lie
               : w.refuse_reset   ? sim::FaultKind::refuse_reset
               : w.xid            ? sim::FaultKind::xid
               : !w.delay.empty() ? sim::FaultKind::delay
                                  : sim::FaultKind::fail;
  if (!w.code.empty()) fault.code = GPUSLICE_TRY(sim::parse_code(w.code));
  if (w.xid) {
    if (*w.xid == 0) return fail(ErrorKind::usage, "--xid", "takes an XID number from 1 on", "--xid 43");
    fault.code = *w.xid;
  }
  if (!w.delay.empty()) fault.delay_us = GPUSLICE_TRY(sim::parse_duration_us(w.delay));
  return {};
}

Result<sim::Fault> fault_of(const FaultWords& w, std::uint32_t gpu_count) {
  sim::Fault fault;
  GPUSLICE_CHECK(choose_kind(w, fault));
  if (w.refuse_reset && !w.on.empty())
    return fail(ErrorKind::usage, "--refuse-reset",
                "applies to resets, which are not driver calls, so --on is not allowed",
                Hint::gpuslice({"sim", "inject", w.node, Hint::flag("refuse-reset")}));
  const auto on = w.on.empty() ? std::string(w.lose ? "any" : "mutating") : w.on;
  fault.scope = on == "any"        ? sim::FaultScope::any
                : on == "mutating" ? sim::FaultScope::mutating
                                   : sim::FaultScope::function;
  if (fault.scope == sim::FaultScope::function) {
    GPUSLICE_CHECK(sim::check_function(on));
    fault.function.set(on);
  }
  if (w.gpu && *w.gpu >= gpu_count)
    return fail(ErrorKind::not_found, fmt::format("GPU {} of node {}", *w.gpu, w.node),
                fmt::format("does not exist; GPUs on the node: {}", gpu_count));
  if (w.gpu) fault.gpu = static_cast<std::int32_t>(*w.gpu);
  if (w.nth == 0) return fail(ErrorKind::usage, "--nth", "counts calls from 1", "--nth 1");
  fault.nth = w.nth;
  if (w.repeat == "always") {
    fault.repeat = 0;
    return fault;
  }
  fault.repeat = parse_number<decltype(fault.repeat)>(w.repeat).value_or(0);
  if (fault.repeat == 0)
    return fail(ErrorKind::usage, "--repeat", "takes a number from 1 on, or always, not \"" + w.repeat + "\"",
                "--repeat always");
  return fault;
}

Result<int> clear(const FaultWords& w, sim::StateFile& state, const Terminal& terminal) {
  if (!w.code.empty() || w.kill_before || w.kill_after || !w.delay.empty() || w.lose || w.lie || w.refuse_reset ||
      w.xid)
    return fail(ErrorKind::usage, "sim inject", "takes --clear or a fault, not both",
                "run --clear first, then inject the fault");
  std::size_t dropped = 0;
  GPUSLICE_CHECK(state.transact([&](sim::NodeDynamic& all) {
    for (auto& fault : all.orders.faults) {
      dropped += fault.number != 0 ? 1 : 0;
      fault = {};
    }
    return true;
  }));
  terminal.err << fmt::format("removed {} of node {}\n", dropped == 1 ? "1 fault" : fmt::format("{} faults", dropped),
                              w.node);
  return 0;
}

Result<int> inject(const FaultWords& w, const Terminal& terminal) {
  const auto state = GPUSLICE_TRY(open_state(w.node, sim::Access::read_write));
  if (w.clear) return clear(w, *state, terminal);
  const auto fault = GPUSLICE_TRY(fault_of(w, state->config().gpu_count));
  Result<std::uint32_t> number{};
  GPUSLICE_CHECK(state->transact([&](sim::NodeDynamic& all) {
    number = sim::order_fault(all.orders, fault);
    return number.has_value();
  }));
  if (!number) {
    auto error = number.error();
    error.hint = Hint::gpuslice({"sim", "faults", w.node});
    return std::unexpected(error);
  }
  terminal.err << fmt::format("injected fault {} on node {}: {}\n", *number, w.node, action(fault));
  return 0;
}

Result<int> list(const FaultWords& w, const Terminal& terminal) {
  const auto state = GPUSLICE_TRY(open_state(w.node, sim::Access::read_only));
  const auto all = state->read();
  std::vector<sim::Fault> faults;
  for (const auto& fault : all.orders.faults)
    if (fault.number != 0) faults.push_back(fault);
  if (faults.empty() && w.output == "table") {
    terminal.err << fmt::format("node {} has no faults; inject one: gpuslice sim inject {} --fail IN_USE\n", w.node,
                                w.node);
  } else {
    print(report::sheet(columns(), faults), w.output, terminal.out);
  }
  for (std::uint32_t gpu = 0; gpu < state->config().gpu_count; ++gpu)
    if (all.gpus[gpu].lost != 0)
      terminal.err << fmt::format("GPU {0} is lost until: gpuslice sim reset {1} --gpu {0}\n", gpu, w.node);
  return 0;
}

}  // namespace

report::schema::Json sim_faults_schema() { return report::schema::rows(report::heads(columns())); }

void add_sim_fault_verbs(Verb sim, CommandLine& line) {
  auto words = std::make_shared<FaultWords>();
  auto order = sim.add_subcommand("inject", "Inject a fault into calls of a node's driver, or remove all faults");
  order.add_option("NODE", words->node, "Name of the node").required();
  order.add_option("--fail", words->code, "Return this code and change nothing: a name or number, such as IN_USE or 19")
      .type_name("CODE");
  order.add_flag("--kill-before", words->kill_before, "Kill the caller (SIGKILL) before anything is changed");
  order.add_flag("--kill-after", words->kill_after,
                 "Kill the caller (SIGKILL) after the change, before the call returns");
  order.add_option("--delay", words->delay, "Delay the call by this time, such as 200ms").type_name("TIME");
  order.add_flag("--lose", words->lose, "Lose the GPU: calls on it return GPU_IS_LOST until a reset or reboot");
  order.add_flag("--lie", words->lie, "Return success and change nothing");
  order.add_flag("--refuse-reset", words->refuse_reset, "Refuse a reset of the GPU, as if it were in use");
  order.add_option("--xid", words->xid, "Raise this XID on the GPU and run the call; 79 also loses the GPU")
      .type_name("N");
  order
      .add_option("--on", words->on,
                  "Affect these calls: mutating (default), any (default with --lose), or a function such as "
                  "nvmlGpuInstanceDestroy")
      .type_name("CALLS");
  order.add_option("--gpu", words->gpu, "Only calls on the GPU of this index");
  order.add_option("--nth", words->nth, "Start at the n-th such call of all processes (default 1)");
  order.add_option("--repeat", words->repeat, "Affect this many calls: a number or always (default 1)").type_name("N");
  order.add_flag("--clear", words->clear, "Remove all faults of the node");
  order.callback([&line, words] { line.chosen = [&line, words] { return inject(*words, line.terminal); }; });

  auto show = sim.add_subcommand("faults", "List the faults of a node and how often each has fired");
  show.add_option("NODE", words->node, "Name of the node").required();
  add_choice(show, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  show.footer([] { return column_help(report::heads(columns())); });
  show.callback([&line, words] { line.chosen = [&line, words] { return list(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
