// The manual pages, generated from the definition of the command line.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace gpuslice::cli {

struct ManualPage {
  std::string file;  // "gpuslice-sim.1"
  std::string text;  // roff, macro package man
};

// gpuslice(1), and one page for each group of commands (sim) and for smi.
[[nodiscard]] std::vector<ManualPage> manual_pages(const CLI::App& app);

}  // namespace gpuslice::cli
