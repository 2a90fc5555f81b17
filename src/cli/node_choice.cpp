#include "cli/node_choice.hpp"

#include <cstdlib>

namespace gpuslice::cli {

std::string NodeChoice::spelled() const {
  return (from_environment ? std::string(node_variable) + "=" : "--node ") + name;
}

NodeChoice choose_node(const std::string& option) {
  if (!option.empty()) return {option, false};
  const char* named = std::getenv(node_variable);
  if (named == nullptr || *named == '\0') return {};
  return {named, true};
}

}  // namespace gpuslice::cli
