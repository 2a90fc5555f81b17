// `gpuslice man [DIR]`: prints the manual page, or writes all manual pages as files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/manual.hpp"
#include "cli/option_words.hpp"
#include "cli/output_file.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

Result<int> write_pages(const std::vector<ManualPage>& pages, const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail_errno(directory, "cannot be created", error.value());
  for (const auto& page : pages) {
    const auto path = directory + "/" + page.file;
    GPUSLICE_CHECK(write_output(path, page.text));
  }
  return 0;
}

Result<int> man(const CommandLine& line, const std::string& directory) {
  const auto pages = manual_pages(line.app.parsed());
  for (const auto* verb : subcommands(line.app.parsed()))
    if (verb->get_name() == directory)
      return fail(ErrorKind::usage, "man " + directory, "takes a directory, and " + directory + " is a command",
                  Hint::gpuslice({"man"}) + (" | man -l -; a directory of that name: ./" + directory));
  if (!directory.empty()) {
    const int status = GPUSLICE_TRY(write_pages(pages, directory));
    line.terminal.err << fmt::format("wrote {} manual pages into {}\n", pages.size(), directory);
    return status;
  }
  line.terminal.out << pages[0].text;
  return 0;
}

}  // namespace

void add_man_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("man", "Print the manual page, or write all manual pages into a directory");
  auto directory = std::make_shared<std::string>();
  verb.add_option("DIR", *directory, "Write gpuslice.1 and the other pages into this directory");
  verb.callback([&line, directory] { line.chosen = [&line, directory] { return man(line, *directory); }; });
}

}  // namespace gpuslice::cli
