// `gpuslice schema`: prints the JSON Schema of layout files and of outputs, prints the reference of layout file keys,
// and checks layout files.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/input_file.hpp"
#include "cli/schemas.hpp"
#include "cli/verbs.hpp"
#include "spec/file.hpp"
#include "spec/keys.hpp"

namespace gpuslice::cli {
namespace {

struct SchemaWords {
  std::string output;
  bool keys{}, list{};
  std::vector<std::string> files;
};

Result<std::size_t> check(const std::string& path) {
  return GPUSLICE_TRY(spec::load(GPUSLICE_TRY(read_input(path, spec::max_file_bytes)), path)).configurations.size();
}

// Checks all files; the exit status is the worst one.
int check_all(const std::vector<std::string>& files, const Terminal& terminal) {
  int status = 0;
  for (const auto& file : files) {
    const auto count = check(file);
    if (count)
      terminal.out << fmt::format("{}: ok, {} configuration{}\n", file == "-" ? "<stdin>" : file, *count,
                                  *count == 1 ? "" : "s");
    else
      status = std::max(status, show(count.error(), terminal));
  }
  return status;
}

Result<int> schema(const SchemaWords& words, const Terminal& terminal) {
  if (!words.output.empty()) {
    terminal.out << GPUSLICE_TRY(output_schema(words.output));
    return 0;
  }
  if (words.list) {
    for (const auto& one : outputs()) terminal.out << fmt::format("{:<16}{}\n", one.name, one.title);
    return 0;
  }
  if (words.keys && !words.files.empty())
    return fail(ErrorKind::usage, "--keys", "cannot be combined with --check",
                Hint::gpuslice({"schema", Hint::flag("help")}));
  if (!words.files.empty()) return check_all(words.files, terminal);
  terminal.out << (words.keys ? spec::keys_markdown() : spec::schema_json());
  return 0;
}

}  // namespace

void add_schema_verb(CommandLine& line) {
  auto verb =
      line.app.add_subcommand("schema", "Print the JSON Schema of layout files or of an output, or check layout files");
  auto words = std::make_shared<SchemaWords>();
  auto output = verb.add_option("OUTPUT", words->output,
                                "An output of --output json, such as list or events (default: layout files)");
  verb.add_flag("--list", words->list, "List the outputs").excludes(output);
  verb.add_flag("--keys", words->keys, "Print the reference of all keys of layout files as Markdown").excludes(output);
  verb.add_option("--check", words->files,
                  "Check these layout files and print what is wrong with them; - is standard input")
      .type_name("FILE")
      .excludes(output);
  verb.callback([&line, words] { line.chosen = [&line, words] { return schema(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
