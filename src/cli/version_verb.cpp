// `gpuslice version`: prints the same as --version.
#include "cli/verbs.hpp"
#include "cli/version.hpp"

namespace gpuslice::cli {

void add_version_verb(CommandLine& line) {
  line.app.add_subcommand("version", "Print the version").callback([&line] {
    line.chosen = [&line] {
      line.terminal.out << "gpuslice " << version << '\n';
      return 0;
    };
  });
}

}  // namespace gpuslice::cli
