// Where a verb writes: data on `out`, talk on `err`; and how it asks. Tests hand in streams and answers of their own.
#pragma once

#include <functional>
#include <ostream>
#include <stop_token>
#include <string>

namespace gpuslice::cli {

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool colour{};  // of talk only; data is never coloured

  // Shows a question and reads a line: true for y or yes, false for anything else, and when `stop` is requested. None
  // where there is nobody to ask.
  using Ask = std::function<bool(const std::string& question, const std::stop_token& stop)>;
  Ask ask{};

  // Of this process: coloured when standard error is a terminal that knows colours and NO_COLOR (no-color.org) is not
  // set; asks when standard input and standard error are terminals.
  [[nodiscard]] static Terminal of_process();
};

// Lets std::cout write to descriptor 1 through a DescriptorBuffer, so that an output that fails says why. For main,
// before anything is written; std::ios::sync_with_stdio would undo it.
void use_standard_output();

}  // namespace gpuslice::cli
