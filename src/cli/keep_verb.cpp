// `gpuslice keep`: makes a layout the node's own, which `gpuslice restore` brings back after a boot.
#include <fmt/format.h>

#include <memory>

#include "base/printable.hpp"
#include "cli/change_words.hpp"
#include "cli/input_file.hpp"
#include "cli/kept.hpp"
#include "cli/layout_words.hpp"
#include "cli/verbs.hpp"
#include "ops/standing.hpp"
#include "plan/as_layout.hpp"
#include "plan/fixed.hpp"
#include "spec/print.hpp"

namespace gpuslice::cli {
namespace {

struct KeepWords {
  LayoutWords layout;
  bool current{}, show{}, clear{};
};

Error nothing_kept(const store::KeptFile& file) {
  return {ErrorKind::not_found, printable(file.path()), "does not exist: no layout is kept",
          Hint::gpuslice({"keep", Hint::flag("current")})};
}

Result<int> show_kept(const CommandLine& line) {
  const auto file = GPUSLICE_TRY(kept_file(line));
  const auto text = read_input(file.path(), spec::max_file_bytes);
  if (!text && text.error().kind == ErrorKind::not_found) return std::unexpected(nothing_kept(file));
  if (!text) return std::unexpected(text.error());
  line.terminal.out << printable_lines(*text);
  return 0;
}

Result<int> clear_kept(const CommandLine& line) {
  GPUSLICE_CHECK(check_may_act(line.choice()));
  const auto file = GPUSLICE_TRY(kept_file(line));
  const bool there = GPUSLICE_TRY(file.clear());
  line.terminal.err << (there ? fmt::format("removed {}; nothing is restored at boot\n", printable(file.path()))
                              : "no layout is kept\n");
  return 0;
}

Result<model::Layout> to_keep(const KeepWords& words, const model::Inventory& inventory, const Terminal& terminal) {
  if (words.current) return plan::as_layout(inventory, plan::SelectBy::uuid);
  return plan::fixed_layout(inventory, layout_for(inventory, GPUSLICE_TRY(read_layout(words.layout)), terminal));
}

Result<int> keep(const CommandLine& line, const KeepWords& words) {
  GPUSLICE_CHECK(check_may_act(line.choice()));
  const auto file = GPUSLICE_TRY(kept_file(line));
  auto subject = GPUSLICE_TRY(open_subject(line));
  subject.settings_of = [](const model::Gpu&) { return true; };
  // What is there in the middle of a change is not a state that anybody asked for.
  ops::ChangeOptions options;
  options.verb = "keep";
  const auto lock = ops::locked(subject, options);
  if (!lock) return std::unexpected(lock.error().why);
  const auto interrupted = GPUSLICE_TRY(subject.store.journal());
  if (interrupted)
    return fail(ErrorKind::refused, fmt::format("change {}", interrupted->number),
                "was interrupted; what is on the node now is not its result", Hint::gpuslice({"recover"}));
  const auto seen = GPUSLICE_TRY(ops::see(subject));
  if (!seen.problems.empty()) return std::unexpected(seen.problems.front());
  auto layout = GPUSLICE_TRY(to_keep(words, seen.inventory, line.terminal));
  layout.name.clear();
  spec::File written;
  written.configurations.push_back(std::move(layout));
  GPUSLICE_CHECK(
      file.save("# The layout of this node: gpuslice restore brings it back at boot.\n" + spec::print(written)));
  line.terminal.err << fmt::format("kept as {}\n", printable(file.path()));
  for (const auto& gpu : ops::standing_of(seen.inventory, written.configurations.front(), {}))
    if (!gpu.matches()) {
      line.terminal.err << "gpuslice: note: the node is not like that now\n  try: "
                        << hint_text(Hint::gpuslice({"restore"}), line.node) << '\n';
      break;
    }
  return 0;
}

Result<int> chosen(const CommandLine& line, const KeepWords& words) {
  const int asked = !words.layout.file.empty() + words.current + words.show + words.clear;
  if (asked != 1)
    return fail(ErrorKind::usage, "keep",
                asked == 0 ? "needs one of --file, --current, --show and --clear"
                           : "takes one of --file, --current, --show and --clear",
                Hint::gpuslice({"keep", Hint::flag("help")}));
  if (words.show) return show_kept(line);
  return words.clear ? clear_kept(line) : keep(line, words);
}

}  // namespace

void add_keep_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("keep", "Make a layout the node's own, to be restored at boot");
  auto words = std::make_shared<KeepWords>();
  auto file = verb.add_option("-f,--file", words->layout.file,
                              "Keep this layout: a file as apply reads it; - is standard input")
                  .type_name("FILE");
  verb.add_option("-c,--config", words->layout.configuration, "Use this configuration of the file")
      .type_name("NAME")
      .needs(file);
  verb.add_flag("--current", words->current, "Keep what is on the node now");
  verb.add_flag("--show", words->show, "Print the layout that is kept");
  verb.add_flag("--clear", words->clear, "Keep nothing any more; the GPUs stay as they are");
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return chosen(line, *words); }; });
}

}  // namespace gpuslice::cli
