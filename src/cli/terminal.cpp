#include "cli/terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace gpuslice::cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view(value);
}

}  // namespace

Terminal Terminal::of_process() {
  const bool colour = ::isatty(STDERR_FILENO) == 1 && environment("NO_COLOR").empty() && !environment("TERM").empty() &&
                      environment("TERM") != "dumb";
  return {std::cout, std::cerr, colour};
}

}  // namespace gpuslice::cli
