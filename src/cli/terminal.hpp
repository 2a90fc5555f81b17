// The streams of a command: data on `out`, messages on `err`; and how it asks. Tests pass their own streams and
// answers.
#pragma once

#include <functional>
#include <ostream>
#include <stop_token>
#include <string>

namespace gpuslice::cli {

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool colour{};  // colours messages; data is never coloured

  // Shows a question and reads a line: true for y or yes; false for anything else, or when `stop` is requested. Empty
  // if there is no terminal to ask on.
  using Ask = std::function<bool(const std::string& question, const std::stop_token& stop)>;
  Ask ask{};

  // The terminal of this process. It is coloured if standard error is a terminal with colours and NO_COLOR
  // (no-color.org) is not set. It asks if standard input and standard error are terminals.
  [[nodiscard]] static Terminal of_process();
};

// Makes std::cout write to descriptor 1 through a DescriptorBuffer, so that the reason for a failed write is known. To
// be called by main before anything is written; std::ios::sync_with_stdio would undo it.
void use_standard_output();

}  // namespace gpuslice::cli
