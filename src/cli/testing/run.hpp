// Runs the program with the arguments of a test and keeps its output.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "cli/program.hpp"

namespace gpuslice::cli::testing {

struct Ran {
  int status{};
  std::string out, err;
};

inline Ran run(const std::vector<std::string>& words, bool colour = false) {
  std::ostringstream out;
  std::ostringstream err;
  Ran ran;
  const auto line = make_command_line({out, err, colour});
  ran.status = run_program(*line, words);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

}  // namespace gpuslice::cli::testing
