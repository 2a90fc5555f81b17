// Writes layout files, such that `load` returns the same again.
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

// mig-parted's format, and what it cannot express, one line each that begins with its position: "l.yaml:5: ...".
struct MigParted {
  std::string text;
  std::vector<std::string> lost;     // all of it, and what is written instead
  std::vector<std::string> missing;  // the part of it without which the text means something else on a GPU
};
[[nodiscard]] MigParted print_mig_parted(const model::Layout& layout);
// Several configurations of a file. One without a name is called "current".
[[nodiscard]] MigParted print_mig_parted(const std::vector<model::Layout>& layouts);

// Text as a YAML scalar, in block and flow style: quoted where necessary.
[[nodiscard]] std::string yaml_word(std::string_view word);

}  // namespace gpuslice::spec
