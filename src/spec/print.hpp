// Layout files written: what `load` reads back as the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/file.hpp"

namespace gpuslice::spec {

// gpuslice/v1 as YAML, in the one canonical form: keys in the order of the reference, what is absent left out, equal
// neighbours counted, and quotes only where YAML 1.1 or 1.2 would take a word for something else.
[[nodiscard]] std::string print(const File& file);
// The same as JSON.
[[nodiscard]] std::string print_json(const File& file);

// mig-parted's format. `lost`: what it cannot say, one line each, with where it stood.
struct MigParted {
  std::string text;
  std::vector<std::string> lost;
};
[[nodiscard]] MigParted print_mig_parted(const model::Layout& layout);

// A word as a YAML scalar, in block and in flow: quoted where it has to be.
[[nodiscard]] std::string yaml_word(std::string_view word);

}  // namespace gpuslice::spec
