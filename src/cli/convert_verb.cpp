// `gpuslice convert`: a layout file in the other format, gpuslice/v1 or mig-parted's v1.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/printable.hpp"
#include "cli/input_file.hpp"
#include "cli/layout_words.hpp"
#include "cli/option_words.hpp"
#include "cli/output_file.hpp"
#include "cli/verbs.hpp"
#include "plan/in_full.hpp"
#include "spec/print.hpp"

namespace gpuslice::cli {
namespace {

struct ConvertWords {
  LayoutWords layout;
  std::string to, products, driver, output;
};

using Lines = std::vector<std::string>;

// Keeps only the configuration of that name. A file's only configuration gets the name if it has none.
Result<void> keep_only(spec::File& file, const std::string& name) {
  auto& all = file.configurations;
  if (all.size() == 1 && all[0].name.empty()) {
    all[0].name = name;
  } else {
    all = {GPUSLICE_TRY(spec::choose(file, name))};
    std::erase_if(file.left_out, [&](const auto& one) { return one.configuration != name; });
    if (file.default_name != name) file.default_name.clear();
  }
  return {};
}

Result<std::string> to_mig_parted(const spec::File& file, Lines& notes) {
  const auto cannot = [&](const std::string& what) { notes.push_back("mig-parted's format cannot express: " + what); };
  if (!file.default_name.empty())
    cannot(fmt::format("{}: the default configuration, {}", file.default_origin.text(), file.default_name));
  if (file.configurations.size() == 1 && file.configurations[0].name.empty())
    notes.push_back(fmt::format("{}: the configuration has no name; it is called current (--config gives it another)",
                                file.configurations[0].origin.text()));
  auto printed = spec::print_mig_parted(file.configurations);
  // Instances given by a count have one line each, with the same text.
  for (auto* list : {&printed.missing, &printed.lost})
    list->erase(std::unique(list->begin(), list->end()), list->end());
  if (!printed.missing.empty())
    return fail(ErrorKind::unsupported, "convert",
                fmt::format("nothing is written, because mig-parted's format cannot express:\n{}",
                            fmt::join(printed.missing, "\n")),
                "change these lines; --for PRODUCTS writes full profile names, and indices instead of products");
  for (const auto& one : printed.lost) cannot(one);
  return printed.text;
}

Result<int> convert(const ConvertWords& words, const Terminal& terminal) {
  const auto& path = words.layout.file;
  auto file = GPUSLICE_TRY(spec::load(GPUSLICE_TRY(read_input(path, spec::max_file_bytes)), path));
  if (!words.layout.configuration.empty()) GPUSLICE_CHECK(keep_only(file, words.layout.configuration));
  if (!words.products.empty()) {
    const auto inventory = GPUSLICE_TRY(fresh_gpus(words.products, words.driver));
    for (auto& layout : file.configurations) {
      layout = layout_for(inventory, std::move(layout), terminal);
      if (words.to == "mig-parted") layout = plan::in_full(std::move(layout), inventory);
    }
  }
  Lines notes;
  for (const auto& entry : file.left_out)
    notes.push_back(fmt::format("{}: left out: an entry with devices: [], which selects no GPU", entry.origin.text()));
  const auto text = words.to == "gpuslice" ? spec::print(file) : GPUSLICE_TRY(to_mig_parted(file, notes));
  for (const auto& note : notes) terminal.err << "gpuslice: note: " << printable(note) << '\n';
  if (words.output.empty() || words.output == "-")
    terminal.out << text;
  else
    GPUSLICE_CHECK(write_output(words.output, text));
  return 0;
}

}  // namespace

void add_convert_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("convert", "Convert a layout file between gpuslice/v1 and mig-parted's format");
  auto words = std::make_shared<ConvertWords>();
  add_layout_options(verb, words->layout);
  add_choice(verb, "--to", words->to, {"gpuslice", "mig-parted"}, "Write this format: gpuslice/v1, or mig-parted v1")
      .required();
  auto products =
      verb.add_option("--for", words->products,
                      "Convert for these GPUs, such as 8xa100-40gb: selection by product becomes indices, and profiles "
                      "get their full names")
          .type_name("PRODUCTS");
  verb.add_option("--driver", words->driver, "Use the profiles of this driver version")
      .type_name("VERSION")
      .needs(products);
  verb.add_option("-o,--out", words->output, "Write to this file instead of standard output").type_name("FILE");
  verb.footer(
      "All configurations of the file are converted, or the one that --config names; a\n"
      "single configuration without a name gets that name. Names, placements,\n"
      "foreign: keep and the default do not change which instances are created: where\n"
      "the other format cannot express them, they are dropped, with a note that gives\n"
      "the line. Anything else that it cannot express is an error: nothing is written,\n"
      "and the exit status is 5. Comments are not kept.\n");
  verb.callback([&line, words] { line.chosen = [&line, words] { return convert(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
