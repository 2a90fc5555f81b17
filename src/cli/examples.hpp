// Examples of each command, for help and the manual pages. tests/docs/examples.py runs every one of them.
#pragma once

#include <span>
#include <string_view>

namespace gpuslice::cli {

struct Example {
  std::string_view command;  // "plan", "sim create"
  std::string_view what;     // "Show the steps to a layout": imperative, no full stop
  std::string_view line;     // what to type
};

// In the order of the commands.
[[nodiscard]] std::span<const Example> examples();

}  // namespace gpuslice::cli
