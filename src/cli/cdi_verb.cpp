// `gpuslice cdi`: the specification by which container engines give GPUs and MIG devices to containers.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/option_words.hpp"
#include "cli/output_file.hpp"
#include "cli/schemas.hpp"
#include "cli/verbs.hpp"
#include "ops/cdi.hpp"
#include "report/table.hpp"
#include "store/files.hpp"

namespace gpuslice::cli {
namespace {

using Entries = std::vector<handover::CdiEntry>;

struct GenerateWords {
  std::string file;
};
struct ReadWords {
  std::string output{"table"};
};

const char* word(ops::CdiDifference::Kind kind) {
  switch (kind) {
    case ops::CdiDifference::Kind::missing:
      return "missing";
    case ops::CdiDifference::Kind::stale:
      return "stale";
    case ops::CdiDifference::Kind::changed:
      break;
  }
  return "changed";
}

const char* explanation(ops::CdiDifference::Kind kind) {
  switch (kind) {
    case ops::CdiDifference::Kind::missing:
      return "is on the node and not in the specification";
    case ops::CdiDifference::Kind::stale:
      return "is in the specification and not on the node any more";
    case ops::CdiDifference::Kind::changed:
      break;
  }
  return "has other device nodes now";
}

Hint regenerate() { return Hint::gpuslice({"cdi", "generate"}); }

Result<Entries> entries_in(const std::string& path) {
  auto text = store::read_file(path);
  if (!text) {
    auto error = text.error();
    if (error.kind == ErrorKind::not_found) error.what = "there is no CDI specification of gpuslice";
    error.hint = regenerate();
    return std::unexpected(std::move(error));
  }
  auto read = handover::read_cdi_spec(*text, path);
  if (!read) read.error().hint = regenerate();
  return read;
}

Result<int> generate(const CommandLine& line, const GenerateWords& words) {
  const auto subject = GPUSLICE_TRY(open_subject(line, nullptr, reading_timeout_s));
  const auto text = GPUSLICE_TRY(ops::make_cdi_spec(subject));
  if (words.file == "-") {
    line.terminal.out << text;
    return 0;
  }
  if (!words.file.empty()) {
    GPUSLICE_CHECK(write_output(words.file, text));
    return 0;
  }
  if (!subject.directory.empty()) GPUSLICE_CHECK(check_may_act(line.choice()));
  const auto path = ops::cdi_path(subject);
  GPUSLICE_CHECK(ops::write_cdi_spec(path, text));
  const auto count = GPUSLICE_TRY(handover::read_cdi_spec(text, path)).size();
  line.terminal.err << fmt::format("{}: {} device names\n", printable(path), count);
  return 0;
}

std::vector<report::Column<handover::CdiEntry>> entry_columns() {
  using report::Cell;
  using report::Type;
  return {
      {"device", "DEVICE", Type::text, "name for --device",
       [](const auto& one) { return Cell(std::string(handover::cdi_kind) + "=" + one.name); }},
      {"device_nodes", "DEVICE NODES", Type::text, "device files that a container gets, separated by blanks",
       [](const auto& one) {
         std::string all;
         for (const auto& node : one.nodes) all += (all.empty() ? "" : " ") + node;
         return Cell(all);
       }},
  };
}

std::vector<report::Column<ops::CdiDifference>> difference_columns() {
  using report::Cell;
  using report::Type;
  return {
      {"device", "DEVICE", Type::text, "name for --device",
       [](const auto& one) { return Cell(std::string(handover::cdi_kind) + "=" + one.name); }},
      {"difference", "DIFFERENCE", Type::text, "missing, stale or changed",
       [](const auto& one) { return Cell(std::string(word(one.kind))); }},
  };
}

Result<int> list(const CommandLine& line, const ReadWords& words) {
  const auto subject = GPUSLICE_TRY(open_subject(line, nullptr, reading_timeout_s));
  const auto entries = GPUSLICE_TRY(entries_in(ops::cdi_path(subject)));
  print(report::sheet(entry_columns(), entries), words.output, line.terminal.out);
  return 0;
}

Result<int> check(const CommandLine& line, const ReadWords& words) {
  const auto subject = GPUSLICE_TRY(open_subject(line, nullptr, reading_timeout_s));
  const auto path = ops::cdi_path(subject);
  const auto file = GPUSLICE_TRY(entries_in(path));
  const auto now = GPUSLICE_TRY(handover::read_cdi_spec(GPUSLICE_TRY(ops::make_cdi_spec(subject)), path));
  const auto differences = ops::cdi_differences(file, now);
  if (words.output != "table") {
    print(report::sheet(difference_columns(), differences), words.output, line.terminal.out);
  } else if (differences.empty()) {
    line.terminal.out << "matches\n";
  } else {
    line.terminal.out << "differs\n";
    for (const auto& one : differences)
      line.terminal.out << fmt::format("  {}={} {}\n", handover::cdi_kind, printable(one.name), explanation(one.kind));
    line.terminal.err << "  try: " << hint_text(regenerate(), line.node) << '\n';
  }
  return status(differences.empty() ? Exit::done : Exit::differs);
}

}  // namespace

report::schema::Json cdi_list_schema() { return report::schema::rows(report::heads(entry_columns())); }
report::schema::Json cdi_check_schema() { return report::schema::rows(report::heads(difference_columns())); }

void add_cdi_verb(CommandLine& line) {
  auto cdi = line.app.add_subcommand("cdi", "Give GPUs and MIG devices to containers by name");
  cdi.require_subcommand();
  cdi.fallthrough();
  cdi.footer(
      "A container engine with CDI (podman, Docker, containerd, CRI-O) reads the\n"
      "specification when it starts a container: podman run --device gpuslice/gpu=train.\n"
      "Once generated, the specification stays current: every gpuslice command that\n"
      "changes a GPU updates it before exiting.\n");

  auto to = std::make_shared<GenerateWords>();
  auto verb = cdi.add_subcommand("generate", "Write the CDI specification of the node");
  verb.add_option("--file", to->file,
                  "Write to this file instead of the place where container engines look; -: to standard output")
      .type_name("FILE")
      .check(not_empty("FILE"));
  verb.fallthrough();
  verb.callback([&line, to] { line.chosen = [&line, to] { return generate(line, *to); }; });

  auto shown = std::make_shared<ReadWords>();
  verb = cdi.add_subcommand("list", "List the devices of the written specification");
  add_choice(verb, "--output", shown->output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.fallthrough();
  verb.callback([&line, shown] { line.chosen = [&line, shown] { return list(line, *shown); }; });

  auto compared = std::make_shared<ReadWords>();
  verb = cdi.add_subcommand("check", "Compare the written specification with the node");
  add_choice(verb, "--output", compared->output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.fallthrough();
  verb.callback([&line, compared] { line.chosen = [&line, compared] { return check(line, *compared); }; });
}

}  // namespace gpuslice::cli
