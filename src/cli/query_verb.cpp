// `gpuslice query`: typed figures of GPUs, with the names of nvidia-smi, as lines, a table, JSON or CSV.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <variant>

#include "base/nearest.hpp"
#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/open_node.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/verbs.hpp"
#include "fields/names.hpp"
#include "figures/driver_version.hpp"
#include "figures/figure.hpp"
#include "ops/select.hpp"
#include "smi/smi.hpp"

namespace gpuslice::cli {
namespace {

using fields::Named;
using report::Cell;
using report::Type;
using report::Unknown;

struct QueryWords {
  std::string output{"lines"};
  std::vector<std::string> gpus, fields;
  bool list{};
  double timeout_s{reading_timeout_s};
};

// A field: one name, and the rows of the table of fields that show it under different drivers.
struct Field {
  std::vector<const Named*> rows;
  bool asked_for{};  // by its full name, not as part of a group
  [[nodiscard]] const Named& any() const { return *rows.front(); }
};

Type type_of(const Field& field) {
  switch (fields::type_of(figures::asked_show_of(*field.any().row))) {
    case fields::Type::number:
      return Type::decimal;
    case fields::Type::flag:
      return Type::flag;
    case fields::Type::words:
      break;
  }
  return Type::text;
}

void add(std::vector<Field>& all, const Named& named, bool asked_for) {
  const auto same = std::ranges::find_if(all, [&](const Field& f) { return f.any().name == named.name; });
  if (same == all.end()) return all.push_back({{&named}, asked_for});
  same->asked_for = same->asked_for || asked_for;
  if (std::ranges::find(same->rows, &named) == same->rows.end()) same->rows.push_back(&named);
}

Error no_such_field(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& named : fields::named_rows()) {
    names.push_back(named.name);
    if (!named.alias.empty()) names.push_back(named.alias);
  }
  auto hint = Hint::gpuslice({"query", Hint::flag("list")});
  if (const auto near = nearest(name, names, 3); !near.empty())
    hint = fmt::format("nearest: {}; list all: ", fmt::join(near, ", ")) + hint;
  return {ErrorKind::usage, "--fields " + name, "there is no such field", std::move(hint)};
}

Result<std::vector<Field>> chosen_fields(const std::vector<std::string>& names) {
  std::vector<Field> chosen;
  if (names.empty())
    for (const auto& named : fields::named_rows())
      if (!named.row->query.costly) add(chosen, named, false);
  for (const auto& typed : names) {
    const auto from = typed.find_first_not_of(' ');
    const auto name = from == std::string::npos ? "" : typed.substr(from, typed.find_last_not_of(' ') + 1 - from);
    const auto found = fields::find_named(name);
    if (found.empty()) return std::unexpected(no_such_field(name));
    for (const auto* named : found) add(chosen, *named, named->name == name || named->alias == name);
  }
  return chosen;
}

std::string header(const Field& field) {
  const auto& named = field.any();
  return named.unit.empty() ? named.name : fmt::format("{} [{}]", named.name, named.unit);
}

Cell cell(const figures::Figure& figure, Type type) {
  // A number for which the driver returned text, such as "N/A", is unknown.
  if (const auto* text = std::get_if<std::string>(&figure); text != nullptr && type != Type::text)
    return Unknown{*text};
  return std::visit([](const auto& value) { return Cell(value); }, figure);
}

// Whether a GPU or its driver does not support the figure, as opposed to a failed read.
bool is_not_there(const node::DriverError& error) {
  return error.code == node::err_not_supported || error.code == node::err_deprecated ||
         error.code == node::err_no_data || error.code == node::err_not_ready;
}

// The value of a field. `whole` is set to false if the figure could not be read. A figure that this GPU or its driver
// does not support does not apply; if it was asked for by name, it is unknown.
Cell cell(const figures::Run& run, const figures::Snapshot& gpu, const Field& field, bool& whole) {
  for (const auto* named : field.rows) {
    if (named->of_report && !gpu.has(*named->row)) continue;
    const auto& row = named->of_report ? *named->row : figures::in_force(gpu.driver(), *named->row);
    const auto figure = figures::figure(run, gpu, row);
    if (figure) return cell(*figure, type_of(field));
    whole = whole && is_not_there(figure.error());
    return Unknown{figure.error().text};
  }
  if (!field.asked_for) return report::None{};
  return Unknown{"this driver does not report it for this GPU"};
}

report::Sheet sheet_of(const std::vector<Field>& fields) {
  report::Sheet sheet;
  sheet.heads.push_back({"gpu", "GPU", Type::number, "index of the GPU", report::Shown::always, report::Known::always});
  for (const auto& field : fields)
    sheet.heads.push_back({field.any().name, header(field), type_of(field), field.any().about, report::Shown::always});
  return sheet;
}

// One line for each field, below a line for each GPU.
std::string lines_of(const report::Sheet& sheet, const std::vector<Field>& fields) {
  constexpr std::size_t widest = 48;  // values after the few longer names are not aligned
  std::size_t width = 0;
  for (const auto& field : fields) width = std::max(width, std::min(widest, field.any().name.size()));
  std::string out;
  for (const auto& row : sheet.rows) {
    out += fmt::format("GPU {}\n", printable(report::as_text(row[0])));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto& value = row[i + 1];
      if (std::holds_alternative<report::None>(value)) continue;
      const auto* unknown = std::get_if<Unknown>(&value);
      const auto& unit = fields[i].any().unit;
      const std::string after = unknown != nullptr && !unknown->why.empty() ? fmt::format(" ({})", unknown->why)
                                : unknown == nullptr && !unit.empty()       ? fmt::format(" {}", unit)
                                                                            : "";
      out += fmt::format("  {:{}}  {}{}\n", fields[i].any().name, width, printable(report::as_text(value)), after);
    }
  }
  return out;
}

Error of_driver(const node::DriverError& error, const std::string& what) {
  return {ErrorKind::unknown, what, "the driver answers: " + error.text, Hint::gpuslice({"list"})};
}

Result<std::vector<GpuIndex>> chosen_gpus(node::Node& node, const std::vector<std::string>& words) {
  auto gpus = ops::select_node_gpus(node, words);
  // A driver that does not answer (unknown) is not an error of the option.
  if (!gpus && gpus.error().kind != ErrorKind::unknown) gpus.error().object = "--gpu " + gpus.error().object;
  return gpus;
}

// What is read from each GPU. Shared with the workers, which may still use it after the command has stopped waiting.
struct Question {
  std::vector<Field> fields;
  std::vector<const fields::Row*> rows;
  figures::Snapshot::Place place;
  std::string driver, timestamp;
};
// What was read from one GPU.
struct Answered {
  std::vector<Cell> cells;
  bool whole{true};
  std::string problem;  // why it cannot be reached; empty: it can
};

Result<Answered> ask(node::Node& node, GpuIndex gpu, const Question& question) {
  Answered answered;
  if (const auto there = node.identity().reachable(gpu); !there) {
    answered.whole = false;
    const auto address = node.identity().address(gpu);
    answered.problem = fmt::format("GPU {}{}: {}", gpu.value, address ? " at " + *address : "", there.error().text);
  }
  const figures::Snapshot snapshot(node, question.place, gpu, question.rows, figures::Snapshot::For::query);
  const figures::Run run{node, question.driver, question.timestamp};
  answered.cells.emplace_back(std::int64_t{gpu.value});
  for (const auto& field : question.fields) answered.cells.push_back(cell(run, snapshot, field, answered.whole));
  return answered;
}

// The row of a GPU that has not answered in time.
Answered unanswered(GpuIndex gpu, const Question& question, const Error& why) {
  Answered answered{{}, false, why.message()};
  answered.cells.emplace_back(std::int64_t{gpu.value});
  answered.cells.resize(question.fields.size() + 1, Unknown{why.what});
  return answered;
}

Result<int> query(const CommandLine& line, const QueryWords& words) {
  const auto question = std::make_shared<Question>();
  question->fields = GPUSLICE_TRY(chosen_fields(words.fields));
  const auto workers = GPUSLICE_TRY(open_workers(line, words.timeout_s)).workers;
  question->driver = GPUSLICE_TRY(workers->on_node([](node::Node& node) -> Result<std::string> {
    const auto version = node.identity().driver_version();
    if (!version) return std::unexpected(of_driver(version.error(), "driver"));
    return *version;
  }));
  const auto gpus =
      GPUSLICE_TRY(workers->on_node([asked = words.gpus](node::Node& node) { return chosen_gpus(node, asked); }));
  const auto environment = smi::Environment::of_host();
  const auto version = figures::DriverVersion::parse(question->driver).major;
  question->place = {version != 0 ? version : figures::newest_known_driver, environment.now.tm_gmtoff};
  question->timestamp = environment.timestamp();
  for (const auto& field : question->fields)
    for (const auto* named : field.rows)
      question->rows.push_back(&figures::in_force(question->place.driver, *named->row));

  std::vector<ops::Workers::Pending<Answered>> pending;
  for (const auto gpu : gpus)
    pending.push_back(workers->begin(gpu, [gpu, question](node::Node& node) { return ask(node, gpu, *question); }));
  auto sheet = sheet_of(question->fields);
  bool whole = true;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    const auto got = pending[i].get();
    auto answered = got ? *got : unanswered(gpus[i], *question, got.error());
    if (!answered.problem.empty()) line.terminal.err << "gpuslice: " << printable(answered.problem) << '\n';
    whole = whole && answered.whole;
    sheet.rows.push_back(std::move(answered.cells));
  }
  if (words.output == "lines")
    line.terminal.out << lines_of(sheet, question->fields);
  else
    print(sheet, words.output, line.terminal.out);
  if (gpus.empty()) line.terminal.err << "this node has no GPU\n";
  return status(whole ? Exit::done : Exit::unknown);
}

std::vector<report::Column<Field>> field_columns() {
  return {
      {"field", "FIELD", Type::text, "name of the field", [](const Field& f) { return Cell(f.any().name); }},
      {"type", "TYPE", Type::text, "text, number or flag",
       [](const Field& f) { return Cell(std::string(report::word(type_of(f)))); }},
      {"unit", "UNIT", Type::text, "unit of the number",
       [](const Field& f) { return f.any().unit.empty() ? Cell(report::None{}) : Cell(std::string(f.any().unit)); }},
      {"about", "WHAT IT SAYS", Type::text, "description, or its place in nvidia-smi -q",
       [](const Field& f) { return Cell(f.any().about); }},
      {"alias", "ALSO", Type::text, "other name of the field",
       [](const Field& f) { return f.any().alias.empty() ? Cell(report::None{}) : Cell(f.any().alias); }}};
}

Result<int> list_fields(const CommandLine& line, const QueryWords& words) {
  const auto fields = GPUSLICE_TRY(chosen_fields(words.fields));
  print(report::sheet(field_columns(), fields), words.output == "lines" ? "table" : words.output, line.terminal.out);
  return 0;
}

}  // namespace

report::schema::Json query_fields_schema() { return report::schema::rows(report::heads(field_columns())); }
// Keys that appear only if --fields names them are not required.
report::schema::Json query_schema() {
  std::vector<Field> every;
  std::vector<std::string> required = {"gpu"};
  for (const auto& named : fields::named_rows()) {
    const auto known = every.size();
    add(every, named, false);
    if (every.size() != known && !named.row->query.costly) required.push_back(named.name);
  }
  auto made = report::schema::rows(sheet_of(every).heads);
  made["items"]["required"] = required;
  return made;
}

void add_query_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("query", "Show figures of GPUs, such as memory, power, clocks and errors");
  auto words = std::make_shared<QueryWords>();
  verb.add_option("--gpu", words->gpus,
                  "Show these GPUs: indices, UUIDs or PCI addresses, comma separated (default: all)")
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  verb.add_option(
          "--fields", words->fields,
          "Show these figures, comma separated: a field, or the start of several, such as clocks.max (default: all)")
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("FIELDS");
  verb.add_flag("--list", words->list, "List the fields and exit; needs no node");
  add_choice(verb, "--output", words->output, {"lines", "table", "json", "csv"},
             "Print in this format (default lines)");
  add_reading_timeout(verb, words->timeout_s);
  verb.footer(
      "Fields have the names and units of nvidia-smi --query-gpu; fields that only nvidia-smi -q shows have the names "
      "of "
      "of its XML tags.\n"
      "JSON has numbers as numbers, and true or false for Enabled, Yes, On and the like. An unknown value is null, "
      "with "
      "the reason under \"unknown\". Keys are the first names that --list prints.\n"
      "inforom.checksum_validation takes the driver a long time, so it is read only if --fields names it.\n"
      "For processes and instances, run gpuslice list. The exit status is 4 if something could not be read.\n");
  verb.fallthrough();
  verb.callback([&line, words] {
    line.chosen = [&line, words] { return words->list ? list_fields(line, *words) : query(line, *words); };
  });
}

}  // namespace gpuslice::cli
