// What is wrong with the words of a command line, in the program's own form.
#pragma once

#include "base/result.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace gpuslice::cli {

// The parser's error as ours: the word it is about, what is wrong with it, and what was meant, or the help to read.
[[nodiscard]] Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace gpuslice::cli
