// Writes layout files; `load` reads back the same values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/file.hpp"

namespace gpuslice::spec {

// gpuslice/v1 as YAML in the one canonical form: keys in the order of the reference, absent values left out, equal
// neighbours counted, and quotes only where YAML 1.1 or 1.2 would not read the text as text.
[[nodiscard]] std::string print(const File& file);
// The same as JSON.
[[nodiscard]] std::string print_json(const File& file);

// The layout in mig-parted's format, and what that format cannot express, one line each, with its position: "l.yaml:5:
// ...".
struct MigParted {
  std::string text;
  std::vector<std::string> lost;     // everything that is lost, and what is written instead
  std::vector<std::string> missing;  // the losses that change the result on a GPU
};
[[nodiscard]] MigParted print_mig_parted(const model::Layout& layout);
// Writes several configurations into one file. A configuration without a name is called "current".
[[nodiscard]] MigParted print_mig_parted(const std::vector<model::Layout>& layouts);

// Text as a YAML scalar, in block and flow style: quoted where necessary.
[[nodiscard]] std::string yaml_word(std::string_view word);

}  // namespace gpuslice::spec
