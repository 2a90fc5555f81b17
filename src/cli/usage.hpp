// Errors of command line arguments, in gpuslice's own words.
#pragma once

#include "base/result.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace gpuslice::cli {

// Converts an error of the parser: names the argument, what is wrong with it, and a near match or the help to read.
[[nodiscard]] Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace gpuslice::cli
