// `gpuslice sim latency`: shows and sets how long changes take on a node.
#include <fmt/format.h>

#include <array>
#include <memory>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "report/table.hpp"
#include "sim/latency.hpp"
#include "sim/state_file.hpp"

namespace gpuslice::cli {
namespace {

using sim::Latencies;

// Option, description and value. If `also` is given, the option also sets that value, unless its own option is given.
struct Entry {
  const char* name;
  const char* help;
  std::uint64_t Latencies::* figure;
  std::uint64_t Latencies::* also;
};
constexpr std::array<Entry, 8> entries = {{
    {"create-gi", "creating a GPU instance", &Latencies::create_gi, &Latencies::create_first_gi},
    {"create-first-gi", "creating the first one on an empty GPU", &Latencies::create_first_gi, nullptr},
    {"destroy-gi", "destroying a GPU instance", &Latencies::destroy_gi, &Latencies::destroy_last_gi},
    {"destroy-last-gi", "destroying the last one of a GPU", &Latencies::destroy_last_gi, nullptr},
    {"create-ci", "creating a compute instance", &Latencies::create_ci, nullptr},
    {"destroy-ci", "destroying a compute instance", &Latencies::destroy_ci, nullptr},
    {"set-mode", "switching MIG mode", &Latencies::set_mode, nullptr},
    {"reset", "resetting a GPU (gpuslice sim reset)", &Latencies::reset, nullptr},
}};

struct LatencyWords {
  std::string node, like, output{"table"};
  std::array<std::string, entries.size()> times;
  bool off{};
};

struct Row {
  const Entry* entry{};
  std::uint64_t microseconds{};
};
const std::vector<report::Column<Row>>& columns() {
  using report::Type;
  static const std::vector<report::Column<Row>> all = {
      {"change", "CHANGE", Type::text, "name of the change",
       [](const Row& row) { return std::string(row.entry->name); }},
      {"time", "TIME", Type::text, "time that it takes",
       [](const Row& row) { return sim::duration_text(row.microseconds); }},
      {"time_us", "", Type::number, "that time in microseconds",
       [](const Row& row) { return static_cast<std::int64_t>(row.microseconds); }, report::Shown::data_only},
      {"what", "WHAT", Type::text, "description of the change",
       [](const Row& row) { return std::string(row.entry->help); }},
  };
  return all;
}

Result<Latencies> wanted(const LatencyWords& w, Latencies latencies) {
  if (w.off) return Latencies{};
  if (w.like == "a100") latencies = sim::a100_latencies();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (w.times[i].empty()) continue;
    latencies.*entries[i].figure = GPUSLICE_TRY(sim::parse_duration_us(w.times[i]));
    // The option that is also set comes later in the table, so its own value takes precedence.
    if (entries[i].also != nullptr) latencies.*entries[i].also = latencies.*entries[i].figure;
  }
  return latencies;
}

Result<int> latency(const LatencyWords& w, const Terminal& terminal) {
  bool sets = w.off || !w.like.empty();
  for (const auto& time : w.times) sets = sets || !time.empty();
  if (w.off && (!w.like.empty() || w.times != decltype(w.times){}))
    return fail(ErrorKind::usage, "sim latency", "takes --off or times, not both",
                Hint::gpuslice({"sim", "latency", Hint::flag("help")}));
  const auto path = GPUSLICE_TRY(sets ? node_directory(w.node) : node_to_read(w.node)) + "/state";
  const auto state = GPUSLICE_TRY(sim::StateFile::open(path, sets ? sim::Access::read_write : sim::Access::read_only));
  if (sets) {
    const auto next = GPUSLICE_TRY(wanted(w, state->read_orders().latencies));
    GPUSLICE_CHECK(state->transact([&](sim::NodeDynamic& all) {
      all.orders.latencies = next;
      return true;
    }));
  }
  const auto now = state->read_orders().latencies;
  std::vector<Row> rows;
  for (const auto& entry : entries) rows.push_back({&entry, now.*entry.figure});
  print(report::sheet(columns(), rows), w.output, terminal.out);
  return 0;
}

}  // namespace

report::schema::Json sim_latency_schema() { return report::schema::rows(report::heads(columns())); }

void add_sim_latency_verb(Verb sim, CommandLine& line) {
  auto words = std::make_shared<LatencyWords>();
  auto verb = sim.add_subcommand("latency", "Show or set how long changes take on a node (initially no time)");
  verb.add_option("NODE", words->node, "Name of the node").required();
  for (std::size_t i = 0; i < entries.size(); ++i)
    verb.add_option(std::string("--") + entries[i].name, words->times[i],
                    fmt::format("Time for {}{}, such as 10ms", entries[i].help,
                                entries[i].also != nullptr ? " (also of the next option, unless that is given)" : ""))
        .type_name("TIME");
  add_choice(verb, "--like", words->like, {"a100"},
             "Use the medians measured on an idle A100 with nvidia-smi, including its start: 52 ms to create the "
             "first GPU instance and 13 ms for each further one, 120 ms to destroy the last one and 8 ms for each of "
             "the others; all other changes take no time");
  verb.add_flag("--off", words->off, "Set all times to 0; excludes the other time options");
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] { return column_help(report::heads(columns())); });
  verb.callback([&line, words] { line.chosen = [&line, words] { return latency(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
